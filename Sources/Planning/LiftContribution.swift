import NumericKernel
import ResponseModel

// What each cell does for the difference between a plan and the current one.

extension CompiledPlan {
  /// By cell `r(plan) − r(current)` under the measure, draw by draw. The outcome is a sum over cells and of what no plan changes, so that these
  /// come to the lift in every draw, and none of it is left to interactions.
  func liftContributions(_ responses: DrawMatrix, current: PlanObjective.Reading?) -> [Recommendation.Summary]? {
    guard let current else { return nil }
    return (0..<responses.columnCount).map { cell in
      Recommendation.Summary(zip(responses.column(cell), current.responses.column(cell)).map { $0 - $1 })
    }
  }

  /// d utility / d money by cell at the current plan, spread as that is; nil without one, and where it is no number.
  func currentMarginalROI() -> [Double?]? {
    guard let current else { return nil }
    let own = currentObjective.freshly()
    return own.supergradient(at: tierEnds.above(current).map { $0 / own.money }).map { slope in
      let value = slope * (own.scale / own.money)
      return value.isNaN ? nil : value
    }
  }
}
