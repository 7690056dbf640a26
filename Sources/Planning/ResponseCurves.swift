import NumericKernel
import ResponseModel

extension Recommendation {
  /// What a cell's money brings, and how surely: incremental response by money over the horizon, spread over it as the plan spreads it.
  public struct ResponseCurve: Sendable, Equatable {
    /// Rising, from zero; the plan's own money and the current plan's are among it.
    public var spend: [Double]
    /// For each of `spend`, in units of the outcome.
    public var response: [Summary]
    /// Money of which no period is outside of what was observed in one; nil where that is not known, or none is such.
    public var observed: ClosedRange<Double>?
  }
}

extension CompiledPlan {
  /// For each cell of an answer to this plan its curve, as far as it is of interest: to what was observed, but no further than some way
  /// beyond what is spent.
  public func responseCurves(of answer: Recommendation) -> [Recommendation.ResponseCurve] {
    let pattern = pattern(of: answer)
    let surface =
      calendar == nil
      ? reported.outcome ?? objective.surface
      : ResponseSurface(surfaces.planned(pattern, in: .outcome), carryOver: plan.horizon.carryOver)
    let observed = observedMoney(pattern)
    let fallback = answer.budget.spent / Double(answer.cells.count)
    let amounts = answer.cells.enumerated().map { index, cell -> [Double] in
      let own = max(cell.total, cell.current ?? 0)
      let beyond = own > 0 ? own : fallback > 0 ? fallback : 1
      let most = max(1.25 * beyond, min(observed?[index]?.upperBound ?? 0, 2 * beyond))
      let even = (0...CompiledPlan.curvePoints).map { most * Double($0) / Double(CompiledPlan.curvePoints) }
      return (even + [cell.total, cell.current ?? cell.total]).sorted()
    }
    let rest = surface.responses(at: amounts.map { _ in 0 })
    let responses = amounts[0].indices.map { place -> [Recommendation.Summary] in
      let response = surface.responses(at: amounts.map { $0[place] }).minus(rest)
      return Parallel.map(amounts.count) { Recommendation.Summary(response.column($0)) }
    }
    return amounts.indices.map { index in
      Recommendation.ResponseCurve(
        spend: amounts[index], response: responses.map { $0[index] }, observed: observed?[index] ?? nil)
    }
  }

  /// Beside zero.
  private static let curvePoints = 40

  /// As the answer spreads each cell's money over its parts and periods; of cells without money evenly.
  private func pattern(of answer: Recommendation) -> SpendPattern {
    guard calendar != nil else { return pattern }
    return SpendPattern(
      shares: answer.cells.map { cell in
        let even = 1 / Double(answer.periodCount * cell.parts.count)
        return cell.parts.map { part in part.perPeriod.map { cell.total > 0 ? $0 / cell.total : even } }
      })
  }

  /// By cell the money over the horizon of which no period spends more than was observed in one, and none that spends anything less.
  private func observedMoney(_ pattern: SpendPattern) -> [ClosedRange<Double>?]? {
    observedRanges.map { ranges in
      zip(ranges, pattern.shares).map { range, parts in
        let shares = parts[0].indices.map { period in parts.reduce(0) { $0 + $1[period] } }.filter { $0 > 0 }
        guard let least = shares.min(), let most = shares.max(), range.least / least <= range.most / most else {
          return nil
        }
        return range.least / least...range.most / most
      }
    }
  }
}
