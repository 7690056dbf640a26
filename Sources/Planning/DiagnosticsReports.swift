import Foundation

/// What a model's own checks found: three reports of a folder such as AMMM's `50_diagnostics`, each with one field that says whether all is
/// well.
public struct DiagnosticsReports: Sendable, Equatable {
  /// One check.
  public struct Report: Sendable, Equatable {
    /// The file's name: `convergence_report.json`.
    public var file: String
    /// The field that is looked at: `converged`.
    public var field: String
    /// Whether the file is there.
    public var exists: Bool
    /// What the field says; nil where it is not there, or null.
    public var passes: Bool?

    public init(file: String, field: String, exists: Bool, passes: Bool?) {
      self.file = file
      self.field = field
      self.exists = exists
      self.passes = passes
    }

    /// What speaks against the model; nil where all is well.
    var weakness: String? {
      switch passes {
      case true?: nil
      case false?: "\(file) says \(field): false"
      case nil: exists ? "\(file) does not say \(field)" : "\(file) is not there"
      }
    }
  }

  /// As messages and answers name it.
  public var folder: String
  /// One for each of `checks`, in their order.
  public var reports: [Report]

  public init(folder: String, reports: [Report]) {
    self.folder = folder
    self.reports = reports
  }

  /// Files and their fields.
  public static let checks = [
    (file: "convergence_report.json", field: "converged"), (file: "calibration_report.json", field: "well_calibrated"),
    (file: "pareto_k_summary.json", field: "ok"),
  ]

  /// Where every report is there and says that all is well a sentence of it; nil elsewhere.
  public var approval: String? {
    guard !reports.isEmpty, reports.allSatisfy({ $0.passes == true }) else { return nil }
    return "The model's own checks in \(folder) pass: \(reports.map(\.field).joined(separator: ", "))."
  }

  /// The folder that is looked at where a plan names none, beside the plan: as AMMM calls it.
  static let usualFolder = "50_diagnostics"

  /// What speaks against the model, in sentences; none where every report is there and says that all is well.
  public var weaknesses: [String] { reports.compactMap(\.weakness).map { "\(folder): \($0)" } }

  /// The paths of the reports that are there.
  public var paths: [String] { reports.filter(\.exists).map { TextFile.path($0.file, from: folder) } }

  /// Reads the reports of a folder; one that is not there is none.
  ///
  /// - Throws: what is wrong with those that cannot be read, are no JSON, or say something else than true or false.
  public static func read(folder: String) throws(PlanProblems) -> DiagnosticsReports {
    var problems: [PlanProblem] = []
    var reports: [Report] = []
    for (file, field) in checks {
      let path = TextFile.path(file, from: folder)
      let text: String
      do {
        text = try TextFile.text(path: path, largestSize: largestSize)
      } catch {
        switch error {
        case .missing: reports.append(Report(file: file, field: field, exists: false, passes: nil))
        case .unreadable(let reason):
          problems.append(PlanProblem("\(path): cannot be read as a report of diagnostics: \(reason)"))
        }
        continue
      }
      guard isJSON(text) else {
        problems.append(
          PlanProblem(
            "not a report of diagnostics", expected: "a JSON object with the field \(field)", found: "no JSON",
            at: TextPosition(source: path, line: 1, column: 1)))
        continue
      }
      // JSON is a part of YAML, and so has places.
      let json = PlanText(text, source: path)
      problems += json.problems
      guard json.problems.isEmpty else { continue }
      guard let root = json.root, root.isMapping else {
        problems.append(
          PlanProblem(
            "not a report of diagnostics", expected: "a JSON object with the field \(field)",
            found: json.root?.inWords ?? "nothing", at: TextPosition(source: path, line: 1, column: 1)))
        continue
      }
      let node = root[field]
      switch node?.content {
      case .flag(let passes)?: reports.append(Report(file: file, field: field, exists: true, passes: passes))
      case .null?, nil: reports.append(Report(file: file, field: field, exists: true, passes: nil))
      case .number?, .text?, .list?, .mapping?:
        problems.append(
          PlanProblem(
            "wrong value of \(field)", expected: "true or false", found: node?.inWords ?? "", at: node?.position))
      }
    }
    guard problems.isEmpty else { throw PlanProblems(problems) }
    return DiagnosticsReports(folder: folder, reports: reports)
  }

  /// Python also writes numbers that JSON has no name for.
  private static func isJSON(_ text: String) -> Bool {
    let plain = text.replacing(/"(\\.|[^"\\])*"/, with: "\"\"").replacing(/-?Infinity|NaN/, with: "null")
    // Foundation lets a comma before the end of a list or an object pass.
    guard !plain.contains(/,\s*[}\]]/) else { return false }
    do {
      _ = try JSONSerialization.jsonObject(with: Data(plain.utf8), options: .fragmentsAllowed)
      return true
    } catch {
      return false
    }
  }

  /// Bytes of a report: one with a line for each of a model's parameters.
  private static let largestSize = 50_000_000
}

extension Plan {
  /// Why an answer is exploratory: what the model's checks found, where the plan names them and does not pass over them.
  var explorations: [String] { diagnostics == .off ? [] : diagnosticsReports?.weaknesses ?? [] }
}
