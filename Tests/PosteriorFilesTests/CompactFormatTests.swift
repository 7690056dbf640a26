import Foundation
import NumericKernel
import ResponseModel
import Testing

@testable import PosteriorFiles

/// Our own NetCDF, from every posterior that the other readers make of the files in data and in Fixtures, and back.
@Suite struct CompactFormatTests {
  static let data = PyMCResponseTests.folder.deletingLastPathComponent()

  static let pymc: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: PyMCResponseTests.folder.path)) ?? []
    return names.filter { $0.hasSuffix(".nc") && !$0.hasPrefix("log_link") && !$0.hasPrefix("leading") }.sorted()
  }()

  /// The posterior after its way through a file.
  static func converted(_ posterior: Posterior, draws: Int? = nil) throws -> Posterior {
    let folder = try TemporaryFolder()
    let path = try folder.write(Data(PosteriorFile.netCDF(of: posterior)), as: "model.nc")
    return try PosteriorFile.read(path: path, draws: draws)
  }

  /// Compares what comes back with what was written, every number bit for bit.
  private func expectRoundTrip(_ posterior: Posterior, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let read = try CompactFormatTests.converted(posterior)
    #expect(read.format == "apportion" && read.dims == posterior.dims, sourceLocation: sourceLocation)
    #expect(
      read.chainCount == posterior.chainCount && read.drawsPerChain == posterior.drawsPerChain,
      sourceLocation: sourceLocation)
    #expect(
      read.dates == posterior.dates && read.isContiguous == posterior.isContiguous, sourceLocation: sourceLocation)
    #expect(read.notes.map(\.text).dropFirst() == posterior.notes.map(\.text)[...], sourceLocation: sourceLocation)
    #expect(
      read.notes.first?.text == "\(posterior.source) (\(posterior.format))", sourceLocation: sourceLocation)
    let (found, expected) = (read.diagnostics, posterior.diagnostics)
    #expect(
      found.divergences == expected.divergences && found.caveat == expected.caveat, sourceLocation: sourceLocation)
    #expect(
      found.largestRHat == expected.largestRHat
        && found.smallestEffectiveSampleSize == expected.smallestEffectiveSampleSize, sourceLocation: sourceLocation)
    CompactFormatTests.expectSame(read.cells, posterior.cells, sourceLocation: sourceLocation)
    // What was read is written as it stood.
    let again = try PosteriorFile.netCDF(of: read)
    #expect(try again == PosteriorFile.netCDF(of: read), sourceLocation: sourceLocation)
    CompactFormatTests.expectSame(
      try CompactFormatTests.converted(read).cells, posterior.cells, sourceLocation: sourceLocation)
  }

  /// Cells that are the same, every number bit for bit.
  static func expectSame(_ found: [Cell], _ expected: [Cell], sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(found.count == expected.count, sourceLocation: sourceLocation)
    for (found, expected) in zip(found, expected) {
      #expect(found.labels == expected.labels, sourceLocation: sourceLocation)
      #expect(
        found.saturation == expected.saturation && found.carryover == expected.carryover
          && found.window == expected.window && found.isNormalized == expected.isNormalized
          && found.order == expected.order, "\(expected.name)", sourceLocation: sourceLocation)
      #expect(bits(found) == bits(expected), "\(expected.name)", sourceLocation: sourceLocation)
    }
  }

  private static func bits(_ matrix: DrawMatrix) -> [[UInt64]] {
    (0..<matrix.columnCount).map { matrix.column($0).map(\.bitPattern) }
  }

  private static func bits(_ cell: Cell) -> [String: [[UInt64]]] {
    var numbers = [
      "saturation": bits(cell.saturationParameters), "carryover": bits(cell.carryoverParameters),
      "scales": [[cell.mediaScale.bitPattern, cell.outcomeScale.bitPattern]],
      "media": [cell.history.map(\.bitPattern)], "spend": [cell.spendHistory.map(\.bitPattern)],
    ]
    switch cell.worth {
    case .one: break
    case .observed(let worths): numbers["worth"] = [worths.map(\.bitPattern)]
    case .varying(let multiplier):
      numbers["multiplier"] =
        bits(multiplier.coefficients) + [
          multiplier.means.map(\.bitPattern), [multiplier.middle.bitPattern, multiplier.halfWidth.bitPattern],
          [UInt64(multiplier.firstFunction)],
        ]
    }
    if let reach = cell.reach {
      numbers["reach"] = bits(reach.parameters) + [reach.frequencies.map(\.bitPattern), [reach.held.bitPattern]]
    }
    return numbers
  }

  @Test func `the weekly model, its diagnostics too`() throws {
    let posterior = try PosteriorFile.read(path: CompactFormatTests.data.appending(path: "weekly/model.nc").path)
    try expectRoundTrip(posterior)
    #expect(try CompactFormatTests.converted(posterior).diagnostics == posterior.diagnostics)
    #expect(CompactFormatTests.pymc.count >= 28)
  }

  @Test(arguments: pymc) func `models of PyMC-Marketing, whatever their structure`(name: String) throws {
    try expectRoundTrip(PosteriorFile.read(path: PyMCResponseTests.folder.appending(path: name).path))
  }

  @Test(arguments: MeridianResponseTests.names, [MeridianModel.Group.posterior, .prior])
  func `models of Meridian, what was spent and earned, and reach`(name: String, group: MeridianModel.Group) throws {
    let posterior = try PosteriorFile.read(
      path: MeridianResponseTests.path("\(name)_1", "nc"),
      meridian: MeridianResponseTests.model(name, seed: 1, group: group))
    #expect(posterior.cells.contains { !$0.spendHistory.isEmpty })
    try expectRoundTrip(posterior)
  }

  @Test func `draws by a model of the plan`() throws {
    for (files, isLabelled) in [
      (["fit_*.csv"], false), (["wide.csv"], true), (["long.csv"], true), (["stored.npz"], false),
      (["single.npz"], false), (["flat.npz"], false), (["big_endian.npz"], false), (["*.npy"], false),
      (["arviz.nc"], true),
    ] {
      try expectRoundTrip(
        PosteriorFile.read(paths: files.map(DrawFile.path), model: DrawFile.model(isLabelled: isLabelled)))
    }
  }

  @Test func `Robyn's models and Pareto sets, with what is said of them`() throws {
    let tables = ["pareto_hyperparameters.csv", "pareto_aggregated.csv", "raw_data.csv"]
    for files in [
      ["RobynModel-1_2_3.json", "raw_data.csv"], ["RobynModel-2_1_1.json", "raw_data.csv"],
      ["RobynModel-inputs.json"] + tables,
    ] {
      try expectRoundTrip(PosteriorFile.read(paths: files.map(RobynFile.path)))
    }
  }

  @Test func `a table of point curves`() throws {
    let curve = ModelMapping.Curve(Hill.self, [.variable("top"), .variable("half"), .variable("n")])
    try expectRoundTrip(
      PosteriorFile.read(
        path: DrawFile.path("curves.csv"), format: "curves", curves: PointCurves(kind: nil, channelColumn: "medium"),
        model: ModelMapping(saturation: .all(curve))))
  }

  /// Three channels in two geos: three curves, two carryovers, parameters that some cells share, holes in what was observed.
  static var mixed: Posterior {
    func draws(_ start: Double, _ columns: Int) -> DrawMatrix {
      DrawMatrix(
        columns: (0..<columns).map { column in (0..<12).map { start + Double(column) + 0.01 * Double($0 * $0 % 7) } },
        drawCount: 12)
    }
    var cells: [Cell] = []
    for (channel, name) in ["tv", "sök, \"x\"", "radio"].enumerated() {
      for (geo, place) in ["north", "south"].enumerated() {
        let family: any Saturation.Type = [Hill.self, Logistic.self, Linear.self][channel]
        let lags: any Carryover.Type = channel == 0 ? NoCarryover.self : Geometric.self
        var cell = Cell(
          labels: [name, place], saturation: family,
          saturationParameters: draws(channel == 2 ? 2 : 1 + 0.1 * Double(geo), family.parameters.count),
          carryover: lags,
          carryoverParameters: channel == 1
            ? DrawMatrix(columns: [[Double](repeating: 0.3, count: 12)], drawCount: 12)
            : draws(0.25, lags.parameters.count), window: channel == 0 ? 1 : 3 + channel, isNormalized: channel != 2,
          order: channel == 1 ? .saturationFirst : .carryoverFirst, mediaScale: 10 + Double(channel),
          outcomeScale: 5 + Double(geo), history: channel == 2 ? [] : [1, -0.0, .nan, 4])
        if channel == 1 { cell.worth = .observed([1, 2, 3, Double(geo)]) }
        if channel == 0 { cell.spendHistory = [.nan, 0.1, 0.2, 0.3] }
        cells.append(cell)
      }
    }
    return Posterior(
      source: "mixed", format: "made",
      dims: [
        .init(name: "channel", labels: ["tv", "sök, \"x\"", "radio"]), .init(name: "geo", labels: ["north", "south"]),
      ], cells: cells, chainCount: 2, drawsPerChain: 6,
      dates: ["2024-01-01", "2024-01-08", "2024-01-15", "2024-01-29"],
      isContiguous: false, diagnostics: PosteriorDiagnostics(parameters: [], divergences: nil), notes: [])
  }

  @Test func `a curve for each channel, in one file`() throws {
    let mixed = CompactFormatTests.mixed
    let read = try CompactFormatTests.converted(mixed)
    CompactFormatTests.expectSame(read.cells, mixed.cells)
    #expect(read.dims == mixed.dims && read.dates == mixed.dates && !read.isContiguous)
    let names = Set(read.diagnostics.parameters.map(\.name))
    // One number for both geos where they share it, none for what is the same in every draw.
    #expect(names.contains("saturation_hill_kappa[tv, south]") && names.contains("adstock_geometric_alpha[radio]"))
    #expect(names.isDisjoint(with: ["adstock_geometric_alpha[sök, \"x\"]", "adstock_geometric_alpha[radio, north]"]))
  }

  @Test func `thinned draws keep their chains where these are of one length, and say so`() throws {
    let path = PyMCResponseTests.folder.appending(path: "time_varying_1.nc").path
    let whole = try PosteriorFile.read(path: path)
    #expect(whole.chainCount == 2)
    for (count, chains) in [(whole.drawCount / 2, 2), (whole.drawCount / 2 + 1, 1)] {
      let thinned = try PosteriorFile.read(path: path, draws: count)
      let read = try CompactFormatTests.converted(thinned)
      CompactFormatTests.expectSame(read.cells, thinned.cells)
      #expect(read.chainCount == chains && read.drawCount == count && read.drawsPerChain == count / chains)
      #expect(read.notes.contains { $0.name == "thinned" && $0.text.hasPrefix("\(count) of \(whole.drawCount) draws") })
      #expect((read.diagnostics.largestRHat == nil) == (chains == 1))
    }
    let converted = try CompactFormatTests.converted(whole, draws: 5)
    CompactFormatTests.expectSame(converted.cells, try PosteriorFile.read(path: path, draws: 5).cells)
  }

  @Test func `a format that is another, and a model that is not needed, are refused`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Data(PosteriorFile.netCDF(of: CompactFormatTests.mixed)), as: "model.nc")
    func message(_ path: String, _ format: String, _ model: ModelMapping? = nil) -> String {
      do {
        _ = try PosteriorFile.read(path: path, format: format, model: model)
        return "read"
      } catch {
        return error.message
      }
    }
    #expect(message(path, "apportion") == "read" && message(path, "auto") == "read")
    #expect(message(path, "pymc-marketing").hasPrefix("is a NetCDF file of a kind not known here"))
    #expect(message(path, "auto", DrawFile.model(isLabelled: true)).hasPrefix("posterior.model is for files of draws"))
    let pymc = PyMCResponseTests.folder.appending(path: "geo_hill_1.nc").path
    #expect(message(pymc, "apportion").hasPrefix("is a NetCDF file of another kind: expected the root attribute"))
  }

  @Test func `what no file holds is refused by name`() throws {
    enum Own: Saturation {
      static let name = "own"
      static let parameters = [ModelParameter("beta", .real)]
      static func point(at media: Double, _ parameters: Span<Double>) -> CurvePoint {
        CurvePoint(value: media, slope: 1, curvature: 0)
      }
      static func inflection(_ parameters: Span<Double>) -> Double { 0 }
    }
    func expect(_ words: String, after change: (inout Posterior) -> Void) {
      var posterior = CompactFormatTests.mixed
      change(&posterior)
      #expect { try PosteriorFile.netCDF(of: posterior) } throws: { error in
        (error as? PosteriorFileError)?.message.contains(words) ?? false
      }
    }
    expect("the curve own of radio/north") { $0.cells[4].saturation = Own.self }
    expect("a dim named media") { $0.dims[1].name = "media" }
    expect("the dim a/b: cannot be written as NetCDF") { $0.dims[1].name = "a/b" }
    expect("expected a cell for each combination") { $0.cells.swapAt(0, 1) }
    expect("expected 4 observed periods of tv/north, as dates, found 3") { $0.cells[0].history.removeLast() }
    expect("expected dates such as 2022-01-03") { $0.dates[1] = "week 2" }
    expect("found [2, 3]") { posterior in
      for cell in 0..<2 {
        let multiplier = HilbertMultiplier(
          coefficients: DrawMatrix(drawCount: 12, columnCount: 2 + cell), firstFunction: 1,
          means: [Double](repeating: 1, count: 12), middle: 2, halfWidth: 3)
        posterior.cells[cell].worth = .varying(multiplier)
      }
    }
  }
}
