import Foundation
import Testing

@testable import Planning

/// What a model's own checks lead to.
@Suite struct DiagnosticsReportsTests {
  private static let good = ["{\"converged\": true}", "{\"well_calibrated\": true}", "{\"ok\": true, \"max_k\": NaN}"]

  /// A folder with these texts for the three reports, nil for none.
  private func folder(_ texts: [String?]) throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "checks \(UUID().uuidString)/50_diagnostics")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (check, text) in zip(DiagnosticsReports.checks, texts) {
      if let text { try Data(text.utf8).write(to: folder.appending(path: check.file)) }
    }
    return folder
  }

  private func reading(_ folder: URL, gate: String = "warn") throws -> PlanFile.Reading {
    try PlanFile.parse(
      "posterior: {file: small.nc}\nhorizon: {num_periods: 4}\nbudget: {total: 600}\ndiagnostics: {folder: 50_diagnostics, gate: \(gate)}",
      source: "plan.yaml", folder: folder.deletingLastPathComponent().path)
  }

  private func withFolder(_ texts: [String?], _ body: (URL) throws -> Void) throws {
    let folder = try folder(texts)
    defer {
      do { try FileManager.default.removeItem(at: folder.deletingLastPathComponent()) } catch { Issue.record(error) }
    }
    try body(folder)
  }

  @Test func `where every check passes nothing is said`() throws {
    try withFolder(Self.good) { folder in
      let reading = try reading(folder, gate: "strict")
      #expect(reading.inputs.count == 4)
      #expect(try CompiledPlan(reading.plan, smallPosterior()).optimise().explorations.isEmpty)
    }
  }

  @Test(arguments: [
    (0, "{\"converged\": false}", "convergence_report.json says converged: false"),
    (1, "{}", "calibration_report.json does not say well_calibrated"),
    (1, "{\"well_calibrated\": null}", "calibration_report.json does not say well_calibrated"),
    (2, nil, "pareto_k_summary.json is not there"),
  ])
  func `a check that is weak or absent makes the answer exploratory, or refuses it`(
    place: Int, text: String?, reason: String
  )
    throws
  {
    var texts: [String?] = Self.good
    texts[place] = text
    try withFolder(texts) { folder in
      let warned = try CompiledPlan(reading(folder).plan, smallPosterior())
      let explorations = try warned.optimise().explorations
      #expect(explorations.count == 1 && explorations[0].hasSuffix("50_diagnostics: \(reason)"))
      let given = try CompiledPlan(reading(folder).plan, smallPosterior(), scoring: Allocation(["tv": 100]))
      #expect(given.evaluate().explorations == explorations)
      let strict = try reading(folder, gate: "strict").plan
      let refusal = #expect(throws: PlanProblems.self) { try CompiledPlan(strict, smallPosterior()) }
      #expect(refusal?.problems.map(\.message).contains { $0.hasSuffix(reason) } == true)
      #expect(try CompiledPlan(reading(folder, gate: "off").plan, smallPosterior()).optimise().explorations.isEmpty)
    }
  }

  @Test(arguments: [
    ("{\"converged\": tru", "1:1: error: "),
    ("{\n\"converged\": \"yes\"}", "2:14: error: wrong value of converged, expected true or false, found 'yes'"),
    ("{\"converged\": 1}", "1:15: error: wrong value of converged, expected true or false, found 1"),
    (
      "[true]", "1:1: error: not a report of diagnostics, expected a JSON object with the field converged, found a list"
    ),
    ("", "1:1: error: not a report of diagnostics, expected a JSON object with the field converged, found no JSON"),
    (
      "converged: true",
      "1:1: error: not a report of diagnostics, expected a JSON object with the field converged, found no JSON"
    ),
    (
      "{\"converged\": True}",
      "1:1: error: not a report of diagnostics, expected a JSON object with the field converged, found no JSON"
    ),
    (
      "{\"converged\": true,}",
      "1:1: error: not a report of diagnostics, expected a JSON object with the field converged, found no JSON"
    ),
  ])
  func `a corrupt report is told with its place`(text: String, sentence: String) throws {
    try withFolder([text, nil, nil]) { folder in
      let error = #expect(throws: PlanFileError.self) { try reading(folder) }
      let place = folder.appending(path: "convergence_report.json").path + ":"
      let line = sentence.prefix { $0 != ":" } == "1" && text.hasSuffix("tru") ? place : place + sentence
      #expect(error?.description.hasPrefix(line) == true, "\(error?.description ?? "")")
      #expect(throws: Never.self) { try reading(folder, gate: "off") }
    }
  }

  @Test func `AMMM's folder beside the plan is read where the plan names none`() throws {
    try withFolder(["{\"converged\": false}"] + Self.good.dropFirst()) { folder in
      func reading(_ text: String) throws -> PlanFile.Reading {
        try PlanFile.parse(
          "posterior: {file: small.nc}\nhorizon: {num_periods: 4}\nbudget: {total: 600}\n\(text)", source: "plan.yaml",
          folder: folder.deletingLastPathComponent().path)
      }
      #expect(try reading("").plan.explorations.map { $0.hasSuffix("says converged: false") } == [true])
      #expect(try reading("").inputs.count == 4)
      let off = try reading("diagnostics: {gate: off}")
      #expect(off.plan.diagnosticsReports == nil && off.inputs.count == 1)
    }
  }

  @Test func `the folder is written out as it was read`() throws {
    try withFolder(Self.good) { folder in
      let plan = try reading(folder).plan
      let again = try PlanFile.parse(plan.yaml, source: "plan.yaml", folder: "").plan
      #expect(again.diagnosticsReports == plan.diagnosticsReports)
    }
  }
}
