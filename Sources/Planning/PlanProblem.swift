/// One thing wrong with a plan, in a sentence that names the place, what was expected and what was found.
public struct PlanProblem: Sendable, Equatable {
  /// Whether nothing may be solved while it stands.
  public enum Severity: String, Sendable { case error, warning }

  /// An error stops the run; a warning does not.
  public var severity: Severity
  /// Nil where the plan was not read from text, or where it lacks what it should have.
  public var position: TextPosition?
  /// The sentence, without the place in the text.
  public var message: String
  /// Whether a file that the plan names is not there, and nothing else is wrong with it.
  public var isMissingInput = false

  /// An error unless it says otherwise.
  public init(_ message: String, at position: TextPosition? = nil, severity: Severity = .error) {
    self.severity = severity
    self.position = position
    self.message = message
  }

  /// `plan.yaml:12:7: error: …`
  public var description: String {
    let place = position.map { "\($0.source):\($0.line):\($0.column): " } ?? ""
    return "\(place)\(severity.rawValue): \(message)"
  }
}

/// Everything that is wrong with a plan, found at once.
public struct PlanProblems: Error, Sendable, Equatable {
  /// One for each thing that is wrong.
  public var problems: [PlanProblem]

  /// Each once: what is wrong with a channel may be wrong in every geo.
  public init(_ problems: [PlanProblem]) {
    var seen: Set<String> = []
    self.problems = problems.filter { seen.insert($0.description).inserted }
  }
}

/// A plan that says something clear and impossible: its limits cannot all be met.
public struct InfeasiblePlan: Error, Sendable, Equatable {
  /// Which limits conflict, by how much, and the smallest change after which they do not.
  public var message: String
  /// The names of those limits, as results have them: none can be left out.
  public var limits: [String]

  public init(_ message: String, limits: [String] = []) {
    self.message = message
    self.limits = limits
  }
}
