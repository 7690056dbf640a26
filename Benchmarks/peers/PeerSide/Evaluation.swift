import Apportion
import Samples

/// The mean response at an allocation, its gradient, and how long each of the evaluations took.
struct Evaluation: Encodable {
  var value: Double
  /// Response per unit of money over the horizon, by cell.
  var gradient: [Double]
  var instructionSet: String
  /// Seconds on the wall, one for each evaluation.
  var seconds: [Double]

  /// Of a plan with money spread evenly and media bought at 1; what history still does is counted, as the peers count it.
  init(_ plan: Plan, _ posterior: Posterior, at spend: [Double], count: Int) throws {
    let settled = try CompiledPlan(plan, posterior).settledPlan
    precondition(settled.distribution == .uniform && settled.costPerUnit == .costs([]), "An even plan at a cost of 1.")
    let periodCount = plan.horizon.periodCount.value
    let even = [Double](repeating: 1 / Double(periodCount), count: periodCount)
    let surface = ResponseSurface(
      cells: posterior.cells, mediaPerMoney: posterior.cells.map { _ in even }, carryIn: true, carryOver: true)
    value = 0
    gradient = []
    seconds = []
    for _ in 0..<count {
      let (result, time) = timed {
        let (responses, slopes) = surface.slopes(at: spend)
        let outcome = zip(responses.rowSums(), surface.carriedIn).map { $0 + $1 }
        let score = Mean().weightedScore(outcome.span)
        return (score.value, slopes.transposeTimes(score.weights))
      }
      (value, gradient) = result
      seconds.append(time.wall)
    }
    instructionSet = CurveKernel.instructionSet
  }
}
