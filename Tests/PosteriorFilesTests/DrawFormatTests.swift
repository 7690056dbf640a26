import Foundation
import NumericKernel
import PosteriorFiles
import ResponseModel
import Testing

/// The same posterior from every format, its responses against numpy's.
@Suite struct DrawFormatTests {
  private func expect(
    _ names: [String], format: String = "auto", isLabelled: Bool = true, chains: Int = 2, divergences: Int? = nil,
    channelScale: ModelMapping.ByChannel<ModelMapping.Feed>? = nil, tolerance: Double = 1e-9,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let model = DrawFile.model(isLabelled: isLabelled, channelScale: channelScale)
    let posterior = try PosteriorFile.read(paths: names.map(DrawFile.path), format: format, model: model)
    let reference = try DrawFile.Reference()
    #expect(posterior.channels.sorted() == reference.channels.sorted(), sourceLocation: sourceLocation)
    #expect(posterior.chainCount == chains && posterior.drawCount == 40, sourceLocation: sourceLocation)
    #expect(posterior.diagnostics.divergences == divergences, sourceLocation: sourceLocation)
    #expect(posterior.diagnostics.parameters.count == 10, sourceLocation: sourceLocation)
    DrawFile.expect(
      try DrawFile.responses(of: posterior), reference.responses, within: tolerance, sourceLocation: sourceLocation)
  }

  @Test func `the files of CmdStan's chains, listed or as a pattern`() throws {
    let divergences = try DrawFile.Reference().divergences
    #expect(divergences > 0)
    try expect(["fit_1.csv", "fit_2.csv"], isLabelled: false, divergences: divergences)
    try expect(["fit_*.csv"], isLabelled: false, divergences: divergences)
    try expect(["fit_[12].csv"], format: "cmdstan", isLabelled: false, divergences: divergences)
  }

  @Test func `saved warm-up is dropped, and its divergences are not counted`() throws {
    try expect(["warmup_?.csv"], isLabelled: false, divergences: try DrawFile.Reference().divergences)
  }

  @Test func `wide and long tables`() throws {
    try expect(["wide.csv"])
    try expect(["wide.csv"], format: "csv")
    try expect(["long.csv"])
  }

  @Test func `tables as other programs write them`() throws {
    let folder = try TemporaryFolder()
    func expect(_ text: String, chains: Int, isLabelled: Bool = true, divergences: Int? = nil) throws {
      let path = try folder.write(Data(text.utf8), as: "draws.csv")
      let posterior = try PosteriorFile.read(path: path, model: DrawFile.model(isLabelled: isLabelled))
      #expect(posterior.chainCount == chains && posterior.diagnostics.divergences == divergences)
      let expected = try DrawFile.Reference().responses.map { Array($0.prefix(posterior.drawCount)) }
      DrawFile.expect(try DrawFile.responses(of: posterior), expected)
    }
    func text(_ name: String) throws -> String { String(decoding: try DrawFile.bytes(name), as: UTF8.self) }
    // A long table with every text in quotes, and NA where a variable lacks the dim, as R writes it.
    let rows = try text("long.csv").split(separator: "\n").map { row in
      let fields = row.split(separator: ",", omittingEmptySubsequences: false)
      return
        "\(fields[0]),\(fields[1]),\"\(fields[2])\",\(fields[3].isEmpty ? "NA" : "\"\(fields[3])\""),\(fields[4])\r\n"
    }
    try expect(rows.joined().replacing("\"variable\",\"channel\"", with: "variable,channel"), chains: 2)
    // CmdStanPy's columns of chains.
    let wide = try text("wide.csv").replacing(".chain", with: "chain__").replacing(".iteration", with: "iter__")
    try expect(wide.replacing(".draw", with: "draw__"), chains: 2)
    // CmdStan's own without its comments, and without the sampler's columns.
    let bare = try text("fit_1.csv").split(separator: "\n").filter { !$0.hasPrefix("#") }
    let divergences = bare.dropFirst().count { $0.split(separator: ",")[5] == "1" }
    try expect(bare.joined(separator: "\n") + "\n", chains: 1, isLabelled: false, divergences: divergences)
    let model = bare.map { $0.split(separator: ",").dropFirst(7).joined(separator: ",") + "\n" }
    try expect(model.joined(), chains: 1, isLabelled: false)
  }

  @Test func `archives of numpy, stored and deflated, scales in them`() throws {
    let scale = ModelMapping.ByChannel<ModelMapping.Feed>.all(.variable("channel_scale"))
    try expect(
      ["stored.npz"], isLabelled: false, divergences: try DrawFile.Reference().divergences, channelScale: scale)
    try expect(["deflated.npz"], format: "npz", isLabelled: false, channelScale: scale)
  }

  @Test func `arrays without chains, of the other byte order, columns first, and in files of their own`() throws {
    try expect(["flat.npz"], isLabelled: false, chains: 1)
    try expect(["big_endian.npz"], isLabelled: false)
    try expect(["*.npy"], isLabelled: false)
  }

  @Test func `single precision is read as it is`() throws {
    let posterior = try PosteriorFile.read(
      path: DrawFile.path("single.npz"), model: DrawFile.model(isLabelled: false))
    DrawFile.expect(try DrawFile.responses(of: posterior), try DrawFile.Reference().single)
  }

  @Test func `NetCDF of ArviZ: labels, dims in any order, and scales of constant_data`() throws {
    let divergences = try DrawFile.Reference().divergences
    try expect(["arviz.nc"], divergences: divergences)
    try expect(
      ["arviz.nc"], format: "generic", divergences: divergences, channelScale: .all(.variable("channel_scale")))
  }

  @Test func `a table of point curves by a mapping, carryover included`() throws {
    let model = ModelMapping(
      saturation: .all(ModelMapping.Curve(Hill.self, [.variable("top"), .variable("half"), .variable("n")])),
      carryover: .all(ModelMapping.Lags(Geometric.self, [.variable("decay")], window: .lags(4))),
      channelScale: DrawFile.scales, outcomeScale: .all(.number(12.5)))
    let posterior = try PosteriorFile.read(
      path: DrawFile.path("curves.csv"), format: "curves", curves: PointCurves(kind: nil, channelColumn: "medium"),
      model: model)
    #expect(posterior.drawCount == 1 && posterior.format == "curves")
    DrawFile.expect(
      try DrawFile.responses(of: posterior), try DrawFile.Reference().responses.map { [$0[0]] })
  }

  @Test func `elements by position or by name, constants, and parts by channel`() throws {
    func curve(_ element: String) -> ModelMapping.Curve {
      ModelMapping.Curve(
        Hill.self, [.variable("beta[\(element)]"), .variable("kappa[\(element)]"), .variable("slope")])
    }
    func lags(_ element: String) -> ModelMapping.Lags {
      ModelMapping.Lags(Geometric.self, [.variable("alpha[\(element)]")], window: .lags(4))
    }
    for (name, elements) in [("fit_*.csv", ["3", "1"]), ("wide.csv", ["radio", "tv"]), ("stored.npz", ["3", "1"])] {
      let model = ModelMapping(
        saturation: .each([.init("radio", curve(elements[0])), .init("tv", curve(elements[1]))]),
        carryover: .each([.init("radio", lags(elements[0])), .init("tv", lags(elements[1]))]),
        channelScale: .each([.init("radio", .number(250)), .init("tv", .number(1000))]),
        outcomeScale: .all(.number(12.5)))
      let posterior = try PosteriorFile.read(path: DrawFile.path(name), model: model)
      #expect(posterior.channels == ["radio", "tv"])
      let reference = try DrawFile.Reference()
      let even = [Double](repeating: 1 / 5, count: 5)
      let surface = ResponseSurface(
        cells: posterior.cells, mediaPerMoney: [even, even], carryIn: false, carryOver: true)
      let values = surface.responses(at: [500, 4000])
      DrawFile.expect([values.column(0), values.column(1)], [reference.responses[2], reference.responses[0]])
    }
  }

  @Test func `draws are thinned and diagnosed as elsewhere`() throws {
    let model = DrawFile.model(isLabelled: false)
    let whole = try PosteriorFile.read(path: DrawFile.path("fit_*.csv"), model: model)
    let thinned = try PosteriorFile.read(path: DrawFile.path("fit_*.csv"), draws: 4, model: model)
    #expect(thinned.drawCount == 4 && thinned.diagnostics == whole.diagnostics)
    #expect(thinned.cells[0].saturationParameters[2, 0] == whole.cells[0].saturationParameters[20, 0])
    let names = whole.diagnostics.parameters.map(\.name)
    #expect(names.contains("beta[1]") && names.contains("slope") && whole.diagnostics.largestRHat != nil)
  }

  @Test func `a window without end holds what is felt`() throws {
    var model = DrawFile.model(isLabelled: true)
    model.carryover = .all(ModelMapping.Lags(Geometric.self, [.number(0.5)], window: .unbounded))
    #expect(try PosteriorFile.read(path: DrawFile.path("wide.csv"), model: model).cells[0].window == 54)
    model.carryover = .all(ModelMapping.Lags(Geometric.self, [.number(1)], window: .unbounded))
    #expect(
      DrawFile.failure([DrawFile.path("wide.csv")], model: model)?.message
        == "posterior.model.carryover.window: infinite needs a retention of at most 0.991, found 1.0 for tv")
  }
}
