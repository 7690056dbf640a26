import Foundation
import NumericKernel
import PosteriorFiles
import ResponseModel
import Testing

/// Robyn's exports against what numpy makes of the same numbers (`Tests/Fixtures/make_robyn_files.py`).
@Suite struct RobynTests {
  private func response(
    _ name: String, _ files: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Posterior {
    let reference = try RobynFile.Reference()
    let posterior = try PosteriorFile.read(paths: files.map(RobynFile.path))
    #expect(posterior.format == "robyn" && posterior.channels == reference.channels, sourceLocation: sourceLocation)
    let even = [Double](repeating: 1 / Double(reference.periods), count: reference.periods)
    let surface = ResponseSurface(
      cells: posterior.cells, mediaPerMoney: posterior.cells.map { _ in even }, carryIn: true, carryOver: true)
    let values = surface.responses(at: reference.spend)
    DrawFile.expect(
      posterior.cells.indices.map { values.column($0) }, try #require(reference.responses[name]),
      sourceLocation: sourceLocation)
    return posterior
  }

  @Test func `a model of geometric adstock, its data beside it`() throws {
    let posterior = try response("1_2_3", ["RobynModel-1_2_3.json", "raw_data.csv"])
    #expect(posterior.drawCount == 1 && posterior.diagnostics.caveat == nil)
    #expect(posterior.dates.count == 60 && posterior.dates.first == "2022-01-03" && posterior.isContiguous)
    #expect(posterior.cells.allSatisfy { !$0.isNormalized && $0.history.count == 60 })
    #expect(posterior.notes.contains { $0 == ("check", "responses over that time are Robyn's own") })
    #expect(posterior.notes.contains { $0 == ("fitted to", "2022-02-28 to 2023-02-06, 50 periods") })
  }

  @Test func `Weibull adstock of both kinds lasts as long as the data`() throws {
    #expect(try response("2_1_1", ["raw_data.csv", "RobynModel-2_1_1.json"]).cells.allSatisfy { $0.window == 60 })
    let posterior = try response("3_4_2", ["RobynModel-3_4_2.json", "raw_data.csv"])
    #expect(posterior.cells.allSatisfy { $0.carryover == WeibullPDF.self })
  }

  @Test func `the data may stand in the export`() throws {
    _ = try response("3_4_2", ["RobynModel-3_4_2.json"])
  }

  @Test func `numbers of four decimals are taken as they are`() throws {
    _ = try response("4_4_4", ["RobynModel-4_4_4.json", "raw_data.csv"])
  }

  @Test func `the models of a Pareto set are scenarios, and are said to be`() throws {
    let tables = ["pareto_hyperparameters.csv", "pareto_aggregated.csv", "raw_data.csv"]
    let posterior = try response("pareto", ["RobynModel-inputs.json"] + tables)
    #expect(posterior.drawCount == 5 && posterior.chainCount == 1)
    #expect(posterior.diagnostics.caveat?.hasPrefix("5 models of a Pareto set are scenarios, not a posterior") ?? false)
    #expect(posterior.diagnostics.parameters.isEmpty && posterior.diagnostics.largestRHat == nil)
    // The export's own model makes room for the set.
    _ = try response("pareto", tables + ["RobynModel-4_4_4.json"])
    let thinned = try PosteriorFile.read(
      paths: (["RobynModel-inputs.json"] + tables).map(RobynFile.path), format: "robyn", draws: 2)
    #expect(thinned.drawCount == 2)
  }

  // MARK: What is missing, and what is wrong

  private func failure(_ paths: [String], model: ModelMapping? = nil) -> PosteriorFileError? {
    DrawFile.failure(paths, model: model)
  }

  @Test func `without its data an export is refused, with the file that is needed`() {
    let error = failure([RobynFile.path("RobynModel-1_2_3.json")])
    #expect(
      error?.message
        == "does not hold the media that the model was fitted to, without which no half saturation is known: expected a second file in posterior.file, the data given to Robyn, which robyn_outputs writes as raw_data.csv, with the columns DATE, tv_S, search_S, radio_S"
    )
  }

  @Test func `half a set, two exports, and inputs alone are refused`() {
    let path = RobynFile.path
    #expect(
      failure([path("RobynModel-inputs.json"), path("raw_data.csv")])?.message.hasPrefix("holds inputs and no model")
        ?? false)
    #expect(
      failure([path("RobynModel-inputs.json"), path("raw_data.csv"), path("pareto_aggregated.csv")])?.message
        == "is half of a Pareto set: expected pareto_hyperparameters.csv too")
    #expect(
      failure([path("RobynModel-1_2_3.json"), path("RobynModel-2_1_1.json")])?.message.hasPrefix(
        "expected one export of Robyn's (JSON), found 2") ?? false)
    #expect(
      failure([path("RobynModel-1_2_3.json"), path("raw_data.csv"), DrawFile.path("curves.csv")])?.message
        == "expected one table of the data, found \(path("raw_data.csv")) too")
    #expect(
      failure([path("RobynModel-1_2_3.json")], model: DrawFile.model(isLabelled: true))?.message.contains(
        "which says it itself") ?? false)
  }

  /// A change of a file's text, and what is said of it.
  struct Twin: Sendable {
    var file: String
    var old: String
    var new: String
    var message: String
  }

  @Test(arguments: [
    Twin(file: "RobynModel-1_2_3.json", old: "\"InputCollect\"", new: "\"Inputs\"", message: "expected InputCollect"),
    Twin(
      file: "RobynModel-1_2_3.json", old: "\"geometric\"", new: "\"convolved\"",
      message: "InputCollect.adstock: expected one of geometric, weibull_cdf, weibull_pdf, found convolved"),
    Twin(
      file: "RobynModel-1_2_3.json", old: "\"geometric\"", new: "{}",
      message: "InputCollect.adstock: expected a text, found an object"),
    Twin(
      file: "RobynModel-1_2_3.json", old: "\"rollingWindowStartWhich\": [\n   9",
      new: "\"rollingWindowStartWhich\": [\n   9.5",
      message: "InputCollect.rollingWindowStartWhich: expected a row of the data, counted from 1, found 9.5"),
    Twin(
      file: "RobynModel-1_2_3.json", old: "\"rollingWindowEndWhich\": [\n   58",
      new: "\"rollingWindowEndWhich\": [\n   8",
      message: "InputCollect.rollingWindowEndWhich: expected a row after 9, found 8"),
    Twin(
      file: "RobynModel-1_2_3.json", old: "\"rollingWindowEndWhich\": [\n   58",
      new: "\"rollingWindowEndWhich\": [\n   9007199254740992",
      message: "whose window ends in row 9007199254740992, found 60 rows"),
    Twin(
      file: "RobynModel-1_2_3.json", old: "\"tv_S_thetas\"", new: "\"tv_S_theta\"",
      message: "tv_S_thetas of the model 1_2_3: expected a number from 0 to 1, found none"),
    Twin(
      file: "RobynModel-1_2_3.json", old: "\"tv_S_gammas\": [\n", new: "\"tv_S_gammas\": [\n1.25, ",
      message: "tv_S_gammas of the model 1_2_3: expected a number from 0 to 1, found none"),
    Twin(
      file: "RobynModel-1_2_3.json", old: "\"variable\": \"radio_S\"", new: "\"variable\": \"tv_S\"",
      message: "ExportedModel.summary[3]: expected each variable once, found tv_S twice"),
    Twin(
      file: "RobynModel-1_2_3.json", old: "\"variable\": \"radio_S\"", new: "\"variable\": \"radio_I\"",
      message: "expected the coefficient of radio_S in the model 1_2_3, found none"),
    Twin(
      file: "RobynModel-1_2_3.json", old: "\"2022-02-28\"", new: "\"2022-02-21\"",
      message: "whose window starts on 2022-02-21 in row 9, found 2022-02-28 there"),
    Twin(
      file: "raw_data.csv", old: "DATE,revenue,newsletter,tv_S", new: "DATE,revenue,newsletter,tv_s",
      message: "no column tv_S, which"),
    Twin(
      file: "raw_data.csv", old: "2022-01-17", new: "17.01.2022",
      message: "expected a day such as 2022-01-03 at position 3, found 17.01.2022"),
    Twin(file: "raw_data.csv", old: "2022-01-17", new: "2022-01-10", message: "expected each period on a later day"),
    Twin(
      file: "raw_data.csv", old: "2022-01-17,1002,2,", new: "2022-01-17,1002,2,-",
      message: "wrong tv_S, expected an amount of at least 0, found '-"),
    Twin(file: "raw_data.csv", old: "2022-01-17,1002,2,", new: "2022-01-17,1002,2,NA", message: "wrong tv_S"),
    Twin(
      file: "raw_data.csv", old: "2022-05-30,1021,0,", new: "2022-05-30,1021,0,9",
      message: "tv_S in the model 1_2_3: expected Robyn's own response over the window of the fit"),
  ])
  func `a twin that is wrong in one way is refused in one sentence`(twin: Twin) throws {
    let folder = try TemporaryFolder()
    var paths: [String] = []
    for name in ["RobynModel-1_2_3.json", "raw_data.csv"] {
      let text = try String(contentsOfFile: RobynFile.path(name), encoding: .utf8)
      let changed = name == twin.file ? text.replacing(twin.old, with: twin.new, maxReplacements: 1) : text
      #expect(changed != text || name != twin.file, "\(twin.old) is not in \(name)")
      paths.append(try folder.write(Data(changed.utf8), as: name))
    }
    let error = failure(paths)
    #expect(error?.message.contains(twin.message) ?? false, "\(error?.description ?? "read")")
  }

  @Test(arguments: [
    Twin(
      file: "pareto_hyperparameters.csv", old: "2_3_0", new: "1_2_1",
      message: "wrong solID, expected each model once, found 1_2_1 again after line 2"),
    Twin(
      file: "pareto_hyperparameters.csv", old: "2_3_0", new: "2_3_9",
      message: "expected the coefficients of the model 2_3_9"),
    Twin(
      file: "pareto_hyperparameters.csv", old: "tv_S_thetas", new: "tv_S_shapes",
      message: "tv_S_thetas of the model 1_2_1: expected a number from 0 to 1, found none"),
    Twin(
      file: "pareto_hyperparameters.csv", old: "tv_S_gammas", new: "tv_S_alphas",
      message: "expected a different name for each column, found 'tv_S_alphas' again"),
    Twin(file: "pareto_aggregated.csv", old: "rn,coef", new: "rn,coefs", message: "no column coef, found rn, coefs"),
    Twin(
      file: "pareto_aggregated.csv", old: "search_S,", new: "search_S,nan\",\"",
      message: "not a table, expected quotes round the whole field"),
    Twin(
      file: "pareto_aggregated.csv", old: "search_S,", new: "tv_S,",
      message: "wrong rn, expected each variable once, found tv_S again"),
    Twin(
      file: "pareto_aggregated.csv", old: "search_S,", new: "search_S,x",
      message: "wrong coef, expected a number, found 'x"),
  ])
  func `a Pareto set that is wrong in one way is refused with its place`(twin: Twin) throws {
    let folder = try TemporaryFolder()
    var paths: [String] = []
    for name in ["RobynModel-inputs.json", "pareto_hyperparameters.csv", "pareto_aggregated.csv", "raw_data.csv"] {
      let text = try String(contentsOfFile: RobynFile.path(name), encoding: .utf8)
      let changed = name == twin.file ? text.replacing(twin.old, with: twin.new, maxReplacements: 1) : text
      #expect(changed != text || name != twin.file, "\(twin.old) is not in \(name)")
      paths.append(try folder.write(Data(changed.utf8), as: name))
    }
    let error = failure(paths)
    #expect(error?.message.contains(twin.message) ?? false, "\(error?.description ?? "read")")
  }

  @Test func `cut short at every hundredth each file is refused, or no worse for it`() throws {
    let folder = try TemporaryFolder()
    let one = ["RobynModel-1_2_3.json", "raw_data.csv"]
    let set = ["RobynModel-inputs.json", "pareto_hyperparameters.csv", "pareto_aggregated.csv", "raw_data.csv"]
    for (names, position) in one.indices.map({ (one, $0) }) + (0..<3).map({ (set, $0) }) {
      let name = names[position]
      let whole = try Data(contentsOf: URL(filePath: RobynFile.path(name)))
      for percent in 0..<100 {
        var paths = names.map(RobynFile.path)
        paths[position] = try folder.write(whole.prefix(whole.count * percent / 100), as: name)
        let error = failure(paths)
        // Of a set some models are left where a whole row is the last.
        #expect(error != nil || names == set, "\(name) \(percent) %")
        #expect(error?.message.contains("\n") != true, "\(name) \(percent) %")
      }
    }
  }

  @Test func `media modelled by their exposure are refused by name`() throws {
    let folder = try TemporaryFolder()
    let text = try String(contentsOfFile: RobynFile.path("RobynModel-1_2_3.json"), encoding: .utf8)
      .replacing("tv_S_", with: "tv_I_").replacing(
        "\"paid_media_vars\": [\n   \"tv_S\"", with: "\"paid_media_vars\": [\n   \"tv_I\"")
    let error = failure([try folder.write(Data(text.utf8), as: "RobynModel-1.json"), RobynFile.path("raw_data.csv")])
    #expect(error?.kind == .unsupported && error?.message.hasPrefix("tv_S is modelled by its exposure tv_I") ?? false)
  }

  @Test func `brackets without end are refused`() throws {
    let folder = try TemporaryFolder()
    for text in [
      String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 100_000), "{\"a\": 1e999}",
    ] {
      let error = failure([try folder.write(Data(text.utf8), as: "RobynModel-1.json")])
      #expect(error != nil)
    }
  }
}

/// The files that `Tests/Fixtures/make_robyn_files.py` makes.
enum RobynFile {
  static func path(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/robyn/\(name)").path
  }

  struct Reference: Decodable {
    var channels: [String]
    var spend: [Double]
    var periods: Int
    /// By channel, then by model.
    var responses: [String: [[Double]]]

    init() throws {
      self = try JSONDecoder().decode(
        Reference.self, from: Data(contentsOf: URL(filePath: RobynFile.path("responses.json"))))
    }
  }
}
