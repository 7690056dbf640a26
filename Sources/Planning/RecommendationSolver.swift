public import Optimisation

// What the answer says of how it was found, and how to find it again.

extension Recommendation {
  /// How the solver ended, and how nearly stationary its point is.
  public struct SolverResult: Sendable, Equatable {
    /// As the plan asked.
    public var method: SolverMethod
    /// Why the climbs stopped: `timeLimit` where any was cut short.
    public var termination: Termination
    /// Whether the search was interrupted before it ended by itself.
    public var isInterrupted: Bool
    /// The gap that the plan asks for, as a share.
    public var requestedGap: Double
    /// The projected-gradient residual of `Solution.residual`.
    public var residual: Double
    /// How often the objective was evaluated, over all starts.
    public var evaluations: Int
    /// Local solves that were run, and the start the best came from: "uniform", "current", "mean optimum", "random 3".
    public var starts: [String]
    /// One of `starts`; of equally good ones the earliest.
    public var bestStart: String
    /// Nil where nothing was left to prove by boxes.
    public var proof: ProofEffort?
  }

  /// How a plan by period was made, and the best of all periods at once beside it.
  public struct ModeResult: Sendable, Equatable {
    public var mode: PlanningMode
    /// The utility of the best plan found of all periods at once; the bound is on that, too.
    public var simultaneous: Double
  }

  /// What a proof by boxes has cost.
  public struct ProofEffort: Sendable, Equatable {
    /// Why it ended; of several proofs the last that was not closed.
    public var end: BranchAndBound.End
    /// Looked at.
    public var boxes: Int
    /// Supergradients taken.
    public var cuts: Int
    /// On the grid, over all cells.
    public var points: Int
    /// Seconds of processor time for responses at those points.
    public var tableTime: Double
  }

  /// What makes the run repeatable.
  public struct Reproducibility: Sendable, Equatable {
    /// Of the program that made the answer.
    public var version: String
    /// The plan's.
    public var seed: Int
    /// SHA-256 in hexadecimal of each input, by the path as the user gave it, in order.
    public var inputs: [Input]
    /// The plan as read, every default made visible, as YAML.
    public var plan: String

    /// One file that was read.
    public struct Input: Sendable, Equatable {
      /// As the user gave it.
      public var path: String
      /// Of its bytes, in hexadecimal.
      public var sha256: String
      public init(path: String, sha256: String) {
        self.path = path
        self.sha256 = sha256
      }
    }

    public init(version: String, seed: Int, inputs: [Input], plan: String) {
      self.version = version
      self.seed = seed
      self.inputs = inputs
      self.plan = plan
    }
  }
}
