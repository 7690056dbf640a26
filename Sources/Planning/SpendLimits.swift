import Foundation
import Optimisation

/// One limit that a plan states: `lower ≤ coefficients · spend ≤ upper`, in money over the horizon.
struct SpendLimit: Sendable {
  /// What kind of limit it is, for what words and solvers make of it.
  enum Kind: Sendable, Equatable {
    case budget
    /// Of one cell: its bounds, or what it is held at.
    case bounds(Int)
    /// A constraint on a weighted sum.
    case sum
    /// A cell that spends nothing, or at least `lower`.
    case offOrAtLeast(Int)
  }

  var kind: Kind
  /// What results call it: `budget`, the cell's name, or a name of the plan's own.
  var name: String
  /// What it limits, in words: `search + social`.
  var subject: String
  /// One per cell.
  var coefficients: [Double]
  /// Infinite where there is no limit on that side.
  var lower = -Double.infinity
  var upper = Double.infinity
  /// Whether it is said of every cell that nothing else is said of.
  var isCommon = false

  /// The largest coefficient: what the limit is divided by to be of money; 1 where there is none.
  var size: Double {
    let largest = coefficients.reduce(0) { max($0, abs($1)) }
    return largest > 0 ? largest : 1
  }

  /// The only cell that it weighs; nil where it weighs none or several.
  var onlyCell: Int? {
    let weighed = coefficients.indices.filter { coefficients[$0] != 0 }
    return weighed.count == 1 ? weighed[0] : nil
  }

  func value(at spend: [Double]) -> Double { zip(coefficients, spend).reduce(0) { $0 + $1.0 * $1.1 } }

  /// How far some spend is from breaking it, negative where it does, in money.
  func slack(at spend: [Double]) -> Double {
    let value = value(at: spend)
    if case .offOrAtLeast = kind { return value <= lower - value ? -max(value, 0) : value - lower }
    return min(value - lower, upper - value) / size
  }
}

/// What each cell and all of them together may spend, in money over the horizon.
struct SpendLimits: Sendable {
  /// Of the cells.
  let names: [String]
  /// The budget first, where there is one, then cells' bounds, then constraints.
  let limits: [SpendLimit]
  /// By cell, from all limits on it alone.
  let lower: [Double]
  /// Infinite for a cell without an upper limit, which only a plan without a budget row can have.
  let upper: [Double]
  /// Cells whose limits the plan states, by a bound or by holding them.
  let isStated: [Bool]
  /// Money over the horizon that is known to be enough for what the plan is after: solvers look no further.
  var useful = Double.infinity
  /// Whether some of them keep what an increment may not move: then no limit of the plan's words can be moved to make room.
  var hasIncrement = false
  /// What money is counted in, for messages; nil for no name.
  var currency: String?

  init(names: [String], limits: [SpendLimit]) {
    self.names = names
    self.limits = limits
    var lower = [Double](repeating: 0, count: names.count)
    var upper = [Double](repeating: limits.first { $0.kind == .budget }?.upper ?? .infinity, count: names.count)
    var isStated = [Bool](repeating: false, count: names.count)
    for limit in limits {
      if case .bounds(let cell) = limit.kind {
        // A stated end stands for the budget's, even where that is less.
        (lower[cell], upper[cell], isStated[cell]) = (limit.lower, limit.upper, true)
      }
    }
    for limit in limits where limit.kind == .sum {
      guard let cell = limit.onlyCell else { continue }
      let ends = [limit.lower / limit.coefficients[cell], limit.upper / limit.coefficients[cell]].sorted()
      lower[cell] = max(lower[cell], ends[0])
      upper[cell] = min(upper[cell], ends[1])
      isStated[cell] = true
    }
    for limit in limits {
      // What has to spend something spends its least.
      if case .offOrAtLeast(let cell) = limit.kind, lower[cell] > 0 { lower[cell] = max(lower[cell], limit.lower) }
    }
    self.lower = lower
    self.upper = upper
    self.isStated = isStated
  }

  /// Nil for a plan without one, and for one that may spend what it likes.
  private var budget: SpendLimit? { limits.first { $0.kind == .budget } }

  /// The most that all cells together may spend by the budget; infinite without one.
  var mostSpend: Double { budget?.upper ?? .infinity }

  /// The least that all plans spend, by the budget or by the cells' own lower ends.
  var leastSpend: Double { max(budget?.lower ?? 0, lower.reduce(0, +)) }

  /// The most and the least that all cells together may spend, of those that the budget limits.
  var budgetEnds: [Double] { [budget?.upper, budget?.lower].compactMap(\.self).filter(\.isFinite) }

  /// Whether all plans spend the same.
  var spendsExactly: Bool { budget.map { $0.lower == $0.upper } ?? false }

  /// Whether any cell is free to spend more or less.
  var canMove: Bool { zip(lower, upper).contains { $0 < $1 } }

  /// For each cell the least that it spends where it spends at all; its lower end where nothing is said of that.
  var thresholds: [Double] {
    var thresholds = lower
    for limit in limits {
      if case .offOrAtLeast(let cell) = limit.kind { thresholds[cell] = max(thresholds[cell], limit.lower) }
    }
    return thresholds
  }

  /// A return on money has no best value where less money always returns more of it: refused, with what would help.
  func checkPositiveSpend(returnsAtNothing: Bool) throws(PlanProblems) {
    guard returnsAtNothing, leastSpend == 0 else { return }
    throw PlanProblems([
      PlanProblem(
        "raroc is highest at almost no spend where a plan may spend nothing, expected a lower bound above 0 for some "
          + "channel, or spend: exactly")
    ])
  }

  /// Where nothing but the cells' own limits bounds the money: each cell has to have an upper end, and a score that never falls
  /// is highest where all of them are spent.
  func checkBounded(money: Double, costsNothing: Bool) throws(PlanProblems) {
    guard limits.first?.kind != .budget else { return }
    let free = zip(names, polytope(money: money).upper).filter { !$1.isFinite }.map(\.0)
    guard free.isEmpty else {
      throw PlanProblems([
        PlanProblem("spend: free needs an upper limit for each cell, found none for \(free.joined(separator: ", "))")
      ])
    }
    guard costsNothing, !limits.contains(where: { $0.kind == .sum && $0.onlyCell == nil }) else { return }
    throw PlanProblems([
      PlanProblem(
        "spend: free has its best plan at every cell's upper end, as no spend costs anything under this measure and utility: "
          + "expected a limit on several cells, or another spend")
    ])
  }

  /// The same with the currency's name, if it has one.
  func format(_ money: Double) -> String { Self.format(money) + (currency.map { " " + $0 } ?? "") }

  /// Money with thousands separated and two decimals, 1,234,567.80; below 1, and beyond 1e13,
  /// to four digits that count.
  static func format(_ money: Double) -> String {
    let size = abs(money)
    let cents = (size * 100).rounded()
    guard size == 0 || size >= 1, cents < 1e15 else { return String(format: "%.4g", money) }
    let whole = String(Int(cents) / 100)
    var grouped = ""
    for (index, digit) in whole.enumerated() {
      if index > 0 && (whole.count - index) % 3 == 0 { grouped.append(",") }
      grouped.append(digit)
    }
    let fraction = Int(cents) % 100
    return (money < 0 ? "-" : "") + grouped + "." + (fraction < 10 ? "0" : "") + String(fraction)
  }
}

// MARK: - To the solvers and back

extension SpendLimits {
  /// The limits that are rows of the polytope, in its order: those on several cells, and the budget.
  private var rowLimits: [Int] {
    limits.indices.filter { index in
      limits[index].kind == .budget
        || limits[index].kind == .sum && limits[index].onlyCell == nil
          && limits[index].coefficients.contains { $0 != 0 }
    }
  }

  /// The limits in shares of `money`, as the solvers see them: upper ends no further than a row without negative numbers lets a
  /// cell go once the others have their least, so that a limit that cannot matter does not.
  func polytope(money: Double) -> Polytope {
    let rows = rowLimits.map { index in
      var row = limits[index]
      if row.kind == .budget { row.upper = max(row.lower, min(row.upper, useful)) }
      return row
    }
    var reachable = upper
    for row in rows where row.upper.isFinite && row.coefficients.allSatisfy({ $0 >= 0 }) {
      let least = row.value(at: lower)
      for (cell, coefficient) in row.coefficients.enumerated() where coefficient > 0 {
        let most = (row.upper - (least - coefficient * lower[cell])) / coefficient
        reachable[cell] = min(reachable[cell], max(lower[cell], most))
      }
    }
    // Bounds a few roundings apart hold one amount: no point lies between them that arithmetic could tell from the ends.
    let ends = zip(zip(lower, reachable), thresholds).map { ends, threshold -> (Double, Double, Double) in
      let rounding = 1e-12 * max(abs(ends.1.isFinite ? ends.1 : 0), money)
      let (low, high) = ends.1 - ends.0 > rounding ? ends : (ends.0, ends.0)
      // What cannot come to its least is off.
      if threshold > high + rounding { return (low / money, low / money, low / money) }
      return (low / money, high / money, min(threshold, high) / money)
    }
    return Polytope(
      lower: ends.map { $0.0 }, upper: ends.map { $0.1 },
      rows: rows.map { row in
        Polytope.Row(
          label: row.name, coefficients: row.coefficients.map { $0 / row.size }, lower: row.lower / row.size / money,
          upper: row.upper / row.size / money)
      }, thresholds: ends.map { $0.2 })
  }

  /// What the next unit of each limit is worth at some spend, in the order of `limits`: by the rows' and the cells' multipliers, in
  /// utility per unit of money. Where several limits hold a cell at the same end, the price is that of the first; what it would be
  /// worth to switch a cell on no multiplier says.
  func prices(rows: [Double], cells: [Double], at spend: [Double]) -> [Double?] {
    var prices = [Double?](repeating: 0, count: limits.count)
    for (index, price) in zip(rowLimits, rows) { prices[index] = price / limits[index].size }
    let thresholds = thresholds
    for (cell, price) in cells.enumerated() where thresholds[cell] > lower[cell] {
      let own = limits.indices.filter { limits[$0].kind == .offOrAtLeast(cell) }
      if spend[cell] == lower[cell] {
        for index in own { prices[index] = nil }
      } else if spend[cell] == thresholds[cell], price < 0 {
        if let index = own.first(where: { limits[$0].lower == thresholds[cell] }) { prices[index] = price }
      }
    }
    for (cell, price) in cells.enumerated() where price != 0 {
      // A cell at its least, or off, stands at no bound of its own.
      if thresholds[cell] > lower[cell], price < 0 || spend[cell] == lower[cell] { continue }
      let end = price > 0 ? upper[cell] : lower[cell]
      let place = limits.indices.first { index in
        let limit = limits[index]
        guard limit.kind != .budget, limit.onlyCell == cell else { return false }
        let coefficient = limit.coefficients[cell]
        return ((price > 0) == (coefficient > 0) ? limit.upper : limit.lower) / coefficient == end
      }
      if let place { prices[place] = price / limits[place].coefficients[cell] }
    }
    return prices
  }

  /// Whether some spend breaks no limit by more than `tolerance` of money.
  func allow(_ spend: [Double], tolerance: Double) -> Bool {
    spend.count == names.count && spend.allSatisfy { $0 >= 0 && $0.isFinite }
      && limits.allSatisfy { $0.slack(at: spend) >= -tolerance }
  }
}
