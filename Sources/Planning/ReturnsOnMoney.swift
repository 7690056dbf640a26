import NumericKernel
import ResponseModel

/// What money returns over draws, where some plan spends it.
struct ReturnsOnMoney {
  /// Worth of incremental response per unit of money; nil where nothing is spent.
  let total: Recommendation.Summary?
  /// The same by cell.
  let cells: [Recommendation.Summary?]
  /// By cell, what the next unit of money is worth; nil where that is no number in some draw.
  let next: [Recommendation.Summary?]

  init(_ surface: ResponseSurface, at spend: [Double]) {
    let (responses, slopes) = surface.slopes(at: spend)
    let worth = responses.minus(surface.atRest)
    let spent = spend.reduce(0, +)
    total = spent > 0 ? Recommendation.Summary(worth.rowSums().map { $0 / spent }) : nil
    cells = spend.indices.map { cell in
      spend[cell] > 0 ? Recommendation.Summary(worth.column(cell).map { $0 / spend[cell] }) : nil
    }
    next = spend.indices.map { cell in
      let slopes = slopes.column(cell)
      return slopes.allSatisfy { abs($0) < Self.unbounded } ? Recommendation.Summary(slopes) : nil
    }
  }

  /// The slope of a root at next to nothing is no number that says anything.
  private static let unbounded = 1e30
}

extension CompiledPlan {
  /// In the money that the outcome is worth, where a value is known; spread as this plan is.
  func returnsOnMoney(at spend: [Double]) -> ReturnsOnMoney {
    ReturnsOnMoney(reported.value ?? reported.outcome ?? objective.surface, at: tierEnds.above(spend))
  }

  /// Of the current plan; nil without one, and where it is spread over the periods in another way.
  func currentReturns() -> ReturnsOnMoney? {
    guard let current, currentPattern == pattern else { return nil }
    return returnsOnMoney(at: current)
  }
}
