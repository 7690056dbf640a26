import NumericKernel
import ResponseModel

// What is said of plans by point curves: a curve a channel, without draws and without carryover.

extension CompiledPlan {
  /// The curve of an amount that is spent in a single cell; nil for others, and for draws.
  func pointCurve(of index: Int) -> Recommendation.PointCurveResult? {
    let members = spendCells.cells[index].members
    guard posterior.drawCount == 1, members.count == 1, prices[members[0]].count > 0 else { return nil }
    let cell = posterior.cells[members[0]]
    guard cell.carryover == NoCarryover.self else { return nil }
    let parameters = cell.saturationParameters.row(0)
    return Recommendation.PointCurveResult(
      parameters: zip(cell.saturation.parameters, parameters).map { ($0.name, $1) },
      halfSaturation: halfSaturation(of: members[0]), bottom: (reported.outcome ?? objective.surface).bottoms[0, index],
      rSquared: cell.rSquared)
  }

  /// Money of a period that buys the media at which a cell's curve is half way to its ceiling; nil where the price is no constant.
  private func halfSaturation(of member: Int) -> Double? {
    let cell = posterior.cells[member]
    guard case .constant(let cost)? = prices[member].first,
      let media = cell.saturation.halfSaturation(cell.saturationParameters.row(0).span)
    else { return nil }
    return media * cell.mediaScale * cost
  }

  /// Whether curves of a period seem to be asked for another length of time: what the whole budget comes to in a period is far from where any
  /// curve turns. A sentence, or none.
  var unitWarning: [String] {
    guard posterior.format == PointCurves.formatName, let budget else { return [] }
    let halves = posterior.cells.indices.compactMap(halfSaturation)
    guard let least = halves.min(), let most = halves.max() else { return [] }
    let typical = quantile(halves.span, level: 0.5).value
    let count = plan.horizon.periodCount.value
    let period = budget / Double(count)
    let range =
      least == most ? SpendLimits.format(least) : "\(SpendLimits.format(least)) to \(SpendLimits.format(most))"
    let asked = "the budget is \(SpendLimits.format(period)) in each of \(count) period\(count == 1 ? "" : "s")"
    if period * Self.farFromSaturation < typical {
      return [
        "\(asked), all channels together less than a fifth of what brings a typical curve half way to its ceiling (\(range)): are these curves of a period, as num_periods takes them, or of the whole horizon?"
      ]
    }
    if period > Self.farFromSaturation * typical * Double(posterior.cells.count) {
      return [
        "\(asked), each channel's even part more than five times what brings a typical curve half way to its ceiling (\(range)): are these curves of a period as long as those of num_periods?"
      ]
    }
    return []
  }

  private static let farFromSaturation = 5.0

  /// Whether the plan to beat is of quite another amount of money than the one that is planned. A sentence, or none.
  var currentMoneyWarning: [String] {
    guard plan.current != .history, plan.increment == nil, plan.target == nil, let budget, let current else {
      return []
    }
    let now = current.reduce(0, +)
    // Of several budgets it is known that they differ.
    if let own = plan.currentMoney, own != budget { return [] }
    guard now > 0, now * Self.quiteAnother < budget || budget * Self.quiteAnother < now else { return [] }
    return [
      "the current plan spends \(SpendLimits.format(now)) over the horizon and the budget is \(SpendLimits.format(budget)): what the best plan brings more or less comes of that, too"
    ]
  }

  private static let quiteAnother = 1.5
}
