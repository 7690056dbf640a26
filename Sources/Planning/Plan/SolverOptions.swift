/// What a posterior leads to whose chains disagree, or have few effective draws or divergent transitions.
public enum DiagnosticsGate: String, Sendable, CaseIterable {
  /// The plan is refused.
  case strict
  /// The answer says so.
  case warn
  /// Nothing.
  case off
}

/// How long the solver may take, and what chance it is given.
public struct SolverOptions: Sendable, Equatable {
  /// How far below the best an answer may be, as a share of itself.
  public var gap: Double
  /// Seconds.
  public var timeLimit: Double
  /// Of what is drawn at random: some of the starts of a search.
  public var seed: Int
  /// Where the search begins.
  public var method: SolverMethod

  /// By default a gap of 1e-4, 30 seconds and the automatic method.
  public init(gap: Double = 1e-4, timeLimit: Double = 30, seed: Int = 1, method: SolverMethod = .auto) {
    self.gap = gap
    self.timeLimit = timeLimit
    self.seed = seed
    self.method = method
  }
}

/// Where a search begins, by the names that users of SciPy know; climbs and proofs are the same for all.
///
/// The answer of none is below that of `auto` by more than its own gap; where no bound is to be had, its search is made beside
/// that of `auto`, and the better of the two answers counts.
public enum SolverMethod: String, Sendable, CaseIterable {
  /// Every start there is.
  case auto
  /// One climb: from the current plan, or without one from an even split.
  case slsqp
  /// The same climb as `slsqp`, which has a trust region.
  case trustConstr = "trust-constr"
  /// One climb: from the best plan of a seeded differential evolution.
  case differentialEvolution = "differential_evolution"
  /// Climbs and exchanges: from the best few plans of that evolution.
  case hybrid

  /// As SciPy spells it.
  static let slsqpInCapitals = "SLSQP"

  /// The method of a plan file's word; nil for other words.
  init?(written word: String) { self.init(rawValue: word == Self.slsqpInCapitals ? Self.slsqp.rawValue : word) }
}
