import Optimisation
import Planning
import ResponseModel

// What several reports say in the same words.

/// `1 chain`, `2,000 chains`
func counted(_ count: Int, _ noun: String, plural: String? = nil) -> String {
  "\(countText(count)) \(count == 1 ? noun : plural ?? noun + "s")"
}

extension Termination {
  /// As JSON has it.
  var reportName: String {
    switch self {
    case .converged: "converged"
    case .stalled: "stalled"
    case .timeLimit: "time_limit"
    case .iterationLimit: "iteration_limit"
    }
  }
}

extension Recommendation.SolverResult {
  /// As JSON has it.
  var endName: String { isInterrupted ? "interrupted" : termination.reportName }
}

extension BranchAndBound.End {
  /// As JSON has it.
  var reportName: String {
    switch self {
    case .closed: "closed"
    case .exceeded: "exceeded"
    case .timeLimit: "time_limit"
    case .boxLimit: "box_limit"
    case .rounding: "rounding"
    case .stalled: "stalled"
    }
  }
}

extension PosteriorDiagnostics {
  func json(chainCount: Int, drawCount: Int) -> JSONValue {
    .object([
      ("chains", .integer(chainCount)),
      ("draws", .integer(drawCount)),
      ("largest_r_hat", JSONValue(largestRHat)),
      ("smallest_effective_sample_size", JSONValue(smallestEffectiveSampleSize)),
      ("divergences", JSONValue(divergences)),
      ("caveat", JSONValue(caveat)),
      (
        "parameters",
        .array(
          parameters.map {
            .object([
              ("name", .text($0.name)),
              ("r_hat", JSONValue($0.rHat)),
              ("effective_sample_size", JSONValue($0.effectiveSampleSize)),
            ])
          })
      ),
    ])
  }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
