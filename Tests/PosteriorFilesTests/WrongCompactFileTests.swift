import Foundation
import NumericKernel
import ResponseModel
import Testing

@testable import PosteriorFiles

/// Twins of a valid file of our own, each wrong in one way: refused in one sentence, or no worse for it.
@Suite struct WrongCompactFileTests {
  private static let folder = PyMCResponseTests.folder

  private func failure(_ document: NetCDFDocument, _ name: String, _ folder: TemporaryFolder) throws -> String? {
    failureToRead(try folder.write(Data(document.bytes(source: "twin")), as: "twin.nc"), name)
  }

  /// The mixed model, and one of a multiplier that varies in time, and one of reach.
  private static func documents() throws -> [NetCDFDocument] {
    let varying = try PosteriorFile.read(path: folder.appending(path: "time_varying_1.nc").path, draws: 20)
    let reach = try PosteriorFile.read(
      path: MeridianResponseTests.path("reach_frequency_1", "nc"), draws: 20,
      meridian: MeridianResponseTests.model("reach_frequency", seed: 1))
    return try [CompactFormatTests.mixed, varying, reach].map { try CompactWriter($0).document() }
  }

  @Test func `a variable that is wrong in one way is refused, or no worse for it`() throws {
    let folder = try TemporaryFolder()
    for document in try WrongCompactFileTests.documents() {
      for (group, variables) in document.groups.map(\.variables).enumerated() {
        for (place, variable) in variables.enumerated() {
          let lengths = Dictionary(uniqueKeysWithValues: document.groups[group].dims.map { ($0.name, $0.length) })
          func count(_ dims: [String]) -> Int { dims.reduce(1) { $0 * (lengths[$1] ?? 1) } }
          func twin(_ name: String, _ change: (inout NetCDFDocument.Variable) -> Void) throws -> String? {
            var twin = document
            change(&twin.groups[group].variables[place])
            return try failure(twin, "\(variable.name) \(name)", folder)
          }
          func ones(_ dims: [String]) -> NetCDFDocument.Variable.Values {
            .numbers([Double](repeating: 1, count: count(dims)))
          }
          let isCoordinate = variable.dims == [variable.name]
          var absent = document
          absent.groups[group].variables.remove(at: place)
          let found = try failure(absent, "\(variable.name) absent", folder)
          // Draws are counted by their dims; a coordinate of constants that none of them has is not needed.
          let isNeeded =
            !["chain", "draw"].contains(variable.name)
            && (!isCoordinate || group == 0
              || variables.contains { $0.dims.contains(variable.name) && $0.dims.count > 1 })
          #expect((found != nil) == isNeeded, "\(variable.name) absent: \(found ?? "read")")
          if !["chain", "draw"].contains(variable.name), !isCoordinate {
            let texts = (0..<count(variable.dims)).map { "text \($0)" }
            #expect(try twin("of texts") { $0.values = .texts(texts) } != nil)
          }
          for value in [Double.nan, .infinity, -.infinity, 0, -1, 1e300] {
            let found = try twin("of \(value)") {
              $0.values = .numbers([Double](repeating: value, count: count(variable.dims)))
            }
            if value.isInfinite, !["chain", "draw"].contains(variable.name) {
              #expect(found != nil, "\(variable.name) of \(value)")
            }
          }
          for dim in document.groups[group].dims.map(\.name) {
            _ = try twin("along \(dim) alone") {
              $0.dims = [dim]
              $0.values = ones([dim])
            }
            let without = variable.dims.filter { $0 != dim }
            _ = try twin("without \(dim)") {
              $0.dims = without
              $0.values = ones(without)
            }
            if !variable.dims.contains(dim) {
              _ = try twin("along \(dim) too") {
                $0.dims.append(dim)
                $0.values = ones(variable.dims + [dim])
              }
            }
          }
        }
      }
    }
  }

  @Test func `variables with a wrong number of dims are told by name`() throws {
    let folder = try TemporaryFolder()
    func expect(_ words: String, _ place: String, _ change: (inout NetCDFDocument.Variable) -> Void) throws {
      var document = try CompactWriter(CompactFormatTests.mixed).document()
      for group in document.groups.indices {
        for index in document.groups[group].variables.indices
        where "\(document.groups[group].name)/\(document.groups[group].variables[index].name)" == place {
          change(&document.groups[group].variables[index])
        }
      }
      let found = try failure(document, place, folder)
      #expect(found?.contains(words) ?? false, "\(found ?? "read")")
    }
    try expect("posterior/saturation_hill_beta: expected the dim draw, found chain", "posterior/saturation_hill_beta") {
      $0.dims = ["chain"]
      $0.values = .numbers([1, 1])
    }
    try expect("expected draws of saturation_hill_kappa", "posterior/saturation_hill_kappa") { $0.name = "kappa" }
    try expect(
      "posterior/saturation_hill_slope[tv, north]: expected a positive number, found", "posterior/saturation_hill_slope"
    ) {
      guard case .numbers(let numbers) = $0.values else { return }
      $0.values = .numbers(numbers.map { -$0 })
    }
    try expect("constant_data/media[tv]: -1.0 is no number that it may be", "constant_data/media") {
      guard case .numbers(var numbers) = $0.values else { return }
      numbers[0] = -1
      $0.values = .numbers(numbers)
    }
    try expect("expected the labels tv, sök, \"x\", radio, found tv, search, radio", "constant_data/channel") {
      $0.values = .texts(["tv", "search", "radio"])
    }
    try expect("constant_data/date", "constant_data/date") { $0.attributes = [] }
  }

  @Test(arguments: [
    ("\"window\":1,", "\"window\":0,", "window: expected 1 to 100000 lags, found 0"),
    ("\"window\":1,", "\"window\":1000000000000,", "window: expected 1 to 100000 lags, found 1000000000000"),
    ("\"window\":1,", "\"window\":1e99,", "expected JSON as apportion convert writes it"),
    ("\"hill\"", "\"hills\"", "saturation: expected a curve by its name, found hills"),
    ("\"geometric\"", "\"adstock\"", "carryover: expected one by its name, found adstock"),
    ("saturation_first", "last", "expected JSON"), ("\"dims\":[\"channel\",", "\"dims\":[", "dims: expected channel"),
    ("\"dims\":[\"channel\",\"geo\"", "\"dims\":[\"channel\",\"geo\",\"geo\"", "dims: expected channel and others"),
    ("\"dims\":[\"channel\",\"geo\"", "\"dims\":[\"channel\",\"dma\"", "expected a coordinate dma"),
    ("\"dims\":[\"channel\",\"geo\"", "\"dims\":[\"channel\"", "one of 3 kinds for each of 3 cells"),
    ("\"dims\":[\"channel\",\"geo\"", "\"dims\":[\"channel\",\"draw\"", "dims: expected channel and others"),
    ("\"kind_of_cell\":[0", "\"kind_of_cell\":[9", "kind_of_cell: expected one of"),
    ("\"kind_of_cell\":[0,", "\"kind_of_cell\":[", "for each of 6 cells"),
    ("\"kind_of_cell\"", "\"kinds_of_cell\"", "expected one kind, or kind_of_cell"),
    ("\"contiguous\":false", "\"contiguous\":true", "contiguous: expected false"),
    ("\"contiguous\":false", "\"contiguous\":false,\"divergences\":-1", "divergences: expected none or more, found -1"),
    ("\"worth\":\"observed\"", "\"worth\":\"varying\"", "first_function: expected 1 or more"),
    ("\"worth\":\"observed\"", "\"worth\":\"varying\",\"first_function\":1", "expected a dimension basis_function"),
    ("\"worth\":\"observed\"", "\"worth\":\"one\",\"reach\":\"hill\"", "expected draws of reach_beta"),
    ("\"media\":false", "\"media\":true", "constant_data/media[radio]"),
    ("\"spend\":false", "\"spend\":true", ""), ("\"name\":\"converted from\"", "\"nom\":\"\"", "expected JSON"),
  ]) func `a structure that is wrong in one way is refused`(old: String, new: String, words: String) throws {
    let folder = try TemporaryFolder()
    var document = try CompactWriter(CompactFormatTests.mixed).document()
    let text = document.attributes[1].text
    document.attributes[1].text = text.replacing(old, with: new, maxReplacements: 1)
    #expect(document.attributes[1].text != text, "\(old) is not in \(text)")
    let found = try failure(document, new, folder)
    // Media of a channel without any are holes where the others' were observed.
    if words == "constant_data/media[radio]" || words.isEmpty { return }
    #expect(found?.contains(words) ?? false, "\(found ?? "read")")
  }

  @Test func `attributes that are not there, or no JSON, are refused`() throws {
    let folder = try TemporaryFolder()
    let document = try CompactWriter(CompactFormatTests.mixed).document()
    var twin = document
    twin.attributes.remove(at: 1)
    #expect(try failure(twin, "no model", folder)?.contains("apportion_model: expected the model's structure") ?? false)
    twin = document
    twin.attributes.remove(at: 0)
    #expect(try failure(twin, "no mark", folder)?.contains("is a NetCDF file of a kind not known here") ?? false)
    twin = document
    twin.attributes[0].text = "2"
    #expect(try failure(twin, "version", folder)?.contains("apportion_format: expected 1, found 2") ?? false)
    for text in [
      "", "null", "{}", "[[]]", "NaN", "\"x\"", "{\"dims\":5}", String(repeating: "[", count: 100_000),
      String(repeating: "{\"kinds\":", count: 100_000), String(repeating: "a", count: 1 << 20), "\u{0}", "\u{7}",
    ] {
      twin = document
      twin.attributes[1].text = text
      #expect(try failure(twin, "model \(text.prefix(20))", folder) != nil)
    }
    for group in 0..<2 {
      twin = document
      twin.groups.remove(at: group)
      #expect(try failure(twin, "no group \(group)", folder)?.hasPrefix("expected a group") ?? false)
    }
  }

  @Test func `a file cut short at any hundredth is refused`() throws {
    let folder = try TemporaryFolder()
    let whole = try Data(PosteriorFile.netCDF(of: CompactFormatTests.mixed))
    for hundredth in 0..<100 {
      let path = try folder.write(whole.prefix(whole.count * hundredth / 100), as: "cut.nc")
      #expect(failureToRead(path, "\(hundredth) %") != nil, "\(hundredth) %")
    }
  }

  /// Its structure has more than 64 KB, which HDF5 stores otherwise than a shorter text.
  @Test func `a model of many cells, each of another kind, is written and read`() throws {
    let count = 1500
    let cells = (0..<count).map { index in
      Cell(
        labels: ["channel \(index)"], saturation: Linear.self,
        saturationParameters: DrawMatrix(columns: [[Double(index), 1]], drawCount: 2), carryover: Geometric.self,
        carryoverParameters: DrawMatrix(columns: [[0.1, 0.2]], drawCount: 2), window: index + 1, isNormalized: true,
        mediaScale: 1, outcomeScale: 1, history: [])
    }
    let posterior = Posterior(
      source: "many", format: "made", dims: [.init(name: "channel", labels: cells.map(\.name))], cells: cells,
      chainCount: 1, drawsPerChain: 2, dates: [], isContiguous: false,
      diagnostics: PosteriorDiagnostics(parameters: [], divergences: nil), notes: [])
    CompactFormatTests.expectSame(try CompactFormatTests.converted(posterior).cells, cells)
  }

  @Test func `a shape that no file can hold is refused before anything is allocated`() throws {
    let folder = try TemporaryFolder()
    let document = try CompactWriter(CompactFormatTests.mixed).document()
    var valid = NetCDFContent(groups: [:])
    for (name, text) in document.attributes { valid.attributes[name] = text }
    for group in document.groups {
      var made = NetCDFContent.Group(dims: [:])
      for dim in group.dims { made.dims[dim.name] = dim.length }
      for variable in group.variables {
        var texts: [String: String] = [:]
        for (name, text) in variable.attributes { texts[name] = text }
        let values: NetCDFContent.Variable.Values =
          switch variable.values {
          case .numbers(let numbers): .numbers(numbers)
          case .wholes(let numbers): .numbers(numbers.map(Double.init))
          case .texts(let texts): .texts(texts)
          }
        made.variables[variable.name] = .init(dims: variable.dims, values: values, texts: texts)
      }
      valid.groups[group.name] = made
    }
    valid.write(to: folder.file("valid.nc"))
    #expect(failureToRead(folder.file("valid.nc"), "valid") == nil)
    for group in document.groups {
      for dim in group.dims {
        for length in [1 << 30, 1 << 40] {
          var content = valid
          content.groups[group.name]?.dims[dim.name] = length
          for variable in group.variables where variable.dims.contains(dim.name) {
            content["\(group.name)/\(variable.name)"]?.values = .none
          }
          content.write(to: folder.file("twin.nc"))
          #expect(failureToRead(folder.file("twin.nc"), "\(dim.name)") != nil, "\(group.name) of \(length) \(dim.name)")
        }
      }
    }
  }
}
