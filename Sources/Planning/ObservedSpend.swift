import Foundation
import ResponseModel

/// The least and the most money that was spent on an amount in one observed period: beyond it a response curve is extrapolated.
public struct ObservedSpend: Sendable, Equatable {
  public var least: Double
  public var most: Double

  /// How some money by period leaves it; nil where it does not, but for rounding.
  public func departure(of perPeriod: [Double]) -> Departure? {
    let (low, high) = (perPeriod.min() ?? least, perPeriod.max() ?? most)
    if high > most * (1 + Self.rounding) { return .above(multiple: most > 0 ? high / most : nil) }
    return low < least * (1 - Self.rounding) ? .below(share: low / least) : nil
  }

  private static let rounding = 1e-9

  /// Where money is outside of what was observed.
  public enum Departure: Sendable, Equatable {
    /// In its highest period: so many times the most; nil where nothing was ever spent.
    case above(multiple: Double?)
    /// In its lowest period, where none is above: so much of the least, as a share.
    case below(share: Double)
  }
}

extension Recommendation.CellResult {
  /// How the cell leaves what was observed; nil where it does not, or that is not known.
  public var departure: ObservedSpend.Departure? { observed?.departure(of: perPeriod) }
}

extension [Recommendation.CellResult] {
  /// A warning that names each cell that leaves what was observed; none where none does.
  var departures: [String] {
    let named = self.inWords
    return named.isEmpty ? [] : [Self.departureStart + ": " + named.joined(separator: ", ")]
  }

  /// What each that leaves it does: `radio 1.23 times the most`.
  package var inWords: [String] { compactMap { cell in cell.departure.map { "\(cell.name) \($0.inWords)" } } }

  /// How that warning begins.
  package static let departureStart =
    "money in a period leaves the range that was observed, where curves are extrapolated"
}

extension ObservedSpend.Departure {
  var inWords: String {
    switch self {
    case .above(nil): "(nothing was observed)"
    case .above(let multiple?): "\(Self.digits(multiple)) times the most"
    case .below(0): "nothing, below the least"
    case .below(let share): "\(Self.digits(share)) times the least"
    }
  }

  /// To two digits after the point, and never to 1, which would be within.
  private static func digits(_ ratio: Double) -> String {
    String(format: abs(ratio - 1) < 0.01 ? "%.4g" : "%.3g", ratio)
  }
}

extension CellNames {
  /// By amount: what was spent on it in single observed periods; nil where any is not known.
  func observedRanges(costs: [[Double]]) -> [ObservedSpend]? {
    let spent = zip(modelCells, costs).map { cell, costs -> [Double] in
      let mean = costs.reduce(0, +) / Double(costs.count)
      return cell.spendHistory.isEmpty ? cell.history.map { $0 * mean } : cell.spendHistory
    }
    let count = spent.map(\.count).min() ?? 0
    if count == 0 { return fittedRanges(costs: costs) }
    let ranges = spendCells.cells.map { cell -> ObservedSpend? in
      let sums = (0..<count).map { t in cell.members.reduce(0) { $0 + spent[$1][t] } }.filter(\.isFinite)
      guard let least = sums.min(), let most = sums.max() else { return nil }
      return ObservedSpend(least: least, most: most)
    }
    return ranges.contains { $0 == nil } ? nil : ranges.compactMap(\.self)
  }

  /// By amount: up to the most money of a period that its curves were fitted to, at the plan's average prices; nil where that is not known.
  private func fittedRanges(costs: [[Double]]) -> [ObservedSpend]? {
    let most = zip(modelCells, costs).map { cell, costs in
      cell.largestFittedMedia.map { $0 * costs.reduce(0, +) / Double(costs.count) }
    }
    guard !most.contains(nil) else { return nil }
    return spendCells.cells.map { cell in
      ObservedSpend(least: 0, most: cell.members.reduce(0) { $0 + (most[$1] ?? 0) })
    }
  }

  /// Limits that keep each amount that is decided within what was observed in one period; of one that may be off only where it is on.
  mutating func observedLimits(_ plan: Plan, _ pattern: SpendPattern, costs: [[Double]]) -> [SpendLimit] {
    keptRanges(plan, costs: costs).map { index, range in
      let parts = pattern.shares[index]
      let shares = parts[0].indices.map { period in parts.reduce(0) { $0 + $1[period] } }.filter { $0 > 0 }
      let name = spendCells.cells[index].name
      var limit = SpendLimit(
        kind: .sum, name: "\(name) observed range", subject: name,
        coefficients: spendCells.cells.indices.map { $0 == index ? 1 : 0 })
      if let most = shares.max() { limit.upper = range.most / most }
      if let least = shares.min(), range.least > 0 { limit.lower = range.least / least }
      return limit
    }
  }

  /// The amounts to be kept in their ranges: none unless the plan says so.
  mutating func keptRanges(_ plan: Plan, costs: [[Double]]) -> [(index: Int, range: ObservedSpend)] {
    guard plan.keepInObservedRange.value else { return [] }
    guard let ranges = observedRanges(costs: costs) else {
      lacks(
        "keep_in_observed_range needs what was spent, expected a posterior with observed periods, found none",
        at: plan.keepInObservedRange.position)
      return []
    }
    let held = Set(plan.decision.except.flatMap { indices(of: $0) })
    let switched = Set(plan.constraints.flatMap(\.rule.cellsThatMayBeOff).flatMap { indices(of: $0) })
    return ranges.enumerated().filter { !held.contains($0.offset) }.map { index, range in
      (index, switched.contains(index) ? ObservedSpend(least: 0, most: range.most) : range)
    }
  }
}
