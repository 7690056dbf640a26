/// Reads plan files: YAML, of which JSON is a part.
///
/// All that is wrong is reported at once: unknown and duplicate keys, wrong types, impossible values, keys of a later
/// version, faults in the tables that the plan names. Whether the plan's channels are those of its posterior is seen later.
public enum PlanFile {
  /// A plan as read.
  public struct Reading: Sendable {
    /// The plan, every default filled in.
    public var plan: Plan
    /// What is worth knowing and no mistake.
    public var warnings: [PlanProblem]
    /// The files that were read: the plan as given, then its tables as seen from the current folder.
    public var inputs: [String]
  }

  /// Reads a plan and every table it names. Relative paths in it start at its folder.
  ///
  /// - Parameters:
  ///   - path: of the plan file.
  ///   - settings: `key=value`, each of which replaces a value of the plan or adds it: `budget.total=5e6`,
  ///     `utility.expected_shortfall.tail=0.05`. The value is YAML. In order, the last one standing.
  public static func read(path: String, settings: [String] = []) throws(PlanFileError) -> Reading {
    let text: String
    do {
      text = try TextFile.text(path: path, largestSize: largestFile)
    } catch {
      switch error {
      case .missing: throw .missing(path: path)
      case .unreadable(let reason): throw .unreadable(path: path, reason: reason)
      }
    }
    return try parse(text, source: path, folder: TextFile.folder(of: path), settings: settings)
  }

  /// Reads a plan from its text, and every table it names.
  ///
  /// - Parameters:
  ///   - source: what messages call the text.
  ///   - folder: where relative paths in it start; empty for the current folder.
  public static func parse(
    _ text: String, source: String, folder: String, settings: [String] = []
  ) throws(PlanFileError) -> Reading {
    let start = TextPosition(source: source, line: 1, column: 1)
    let yaml = PlanText(text, source: source)
    var problems = yaml.problems
    var root = yaml.root
    var sources = [source]
    for text in settings {
      let (setting, found) = PlanSetting.read(text)
      problems += found
      sources += found.compactMap(\.position?.source)
      if let setting, root != nil || yaml.problems.isEmpty {
        sources.append("--set \(setting.path.joined(separator: "."))")
        setting.apply(to: &root, position: start)
      }
    }
    var check = PlanCheck()
    if let root {
      check.check(root, .mapping(PlanKeys.root), path: "")
    } else if yaml.problems.isEmpty {
      problems.append(PlanProblem("empty file", expected: PlanKeys.root.inWords, found: "nothing", at: start))
    }
    problems += check.problems

    var reader = PlanReader(folder: folder)
    let plan = root.flatMap { reader.plan($0) }
    problems += reader.problems
    guard problems.isEmpty, let plan else {
      throw .invalid(PlanProblems(sorted(problems, bySource: sources + reader.tables)))
    }
    return Reading(
      plan: plan, warnings: sorted(reader.warnings, bySource: sources), inputs: unique([source] + reader.tables))
  }

  /// Bytes of a plan file: its characters take up to four each.
  private static let largestFile = 4 * PlanText.largestSize

  /// In the order of the sources, and of the text within one.
  private static func sorted(_ problems: [PlanProblem], bySource sources: [String]) -> [PlanProblem] {
    let places = problems.enumerated().map { order, problem in
      let source = problem.position.flatMap { sources.firstIndex(of: $0.source) }
      return (source ?? sources.count, problem.position?.line ?? 0, problem.position?.column ?? 0, order)
    }
    return problems.indices.sorted { places[$0] < places[$1] }.map { problems[$0] }
  }

  private static func unique(_ paths: [String]) -> [String] {
    var seen: Set<String> = []
    return paths.filter { seen.insert($0).inserted }
  }
}

/// Why there is no plan.
public enum PlanFileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// There is no such file.
  case missing(path: String)
  /// It is a directory, is not text, or may not be read.
  case unreadable(path: String, reason: String)
  /// It is no plan: everything that is wrong, in the order of the text.
  case invalid(PlanProblems)

  /// One line for each problem.
  public var description: String {
    switch self {
    case .missing(let path): "\(path): no such file, expected a plan"
    case .unreadable(let path, let reason): "\(path): cannot be read as a plan: \(reason)"
    case .invalid(let problems): problems.problems.map(\.description).joined(separator: "\n")
    }
  }
}
