import Foundation
import Optimisation

/// What each cell and all of them together may spend, in money over the horizon.
struct SpendLimits: Sendable {
  var lower: [Double]
  /// Infinite for a cell without an upper limit, which only a plan without a budget can have.
  var upper: [Double]
  /// Cells whose limits the plan states, by a bound or by holding them.
  var isStated: [Bool]
  var budget: Double?
  var spend: Budget.Spend

  /// Whether any cell is free to spend more or less.
  var canMove: Bool { zip(lower, upper).contains { $0 < $1 } }

  /// Throws a sentence that names the limits that conflict, and by how much.
  func checkFeasible(names: [String]) throws(InfeasiblePlan) {
    guard let budget else { return }
    // A sum of as many amounts as there are cells is rounded by far less than this.
    let slack = 1e-9 * budget
    let least = lower.reduce(0, +)
    if least > budget + slack {
      let floors = list(names, lower, where: { lower[$0] > 0 })
      throw InfeasiblePlan(
        "the lower bounds of \(floors) sum to \(Self.format(least)), \(Self.format(least - budget)) above the budget of "
          + Self.format(budget))
    }
    let most = upper.reduce(0, +)
    if spend == .exactly && most < budget - slack {
      let caps = list(names, upper, where: { upper[$0] < budget })
      throw InfeasiblePlan(
        "the upper bounds of \(caps) sum to \(Self.format(most)), \(Self.format(budget - most)) below the budget of "
          + "\(Self.format(budget)), which is to be spent exactly; spend: at_most would leave the rest unspent")
    }
  }

  private func list(_ names: [String], _ amounts: [Double], where included: (Int) -> Bool) -> String {
    names.indices.filter(included).map { "\(names[$0]) (\(Self.format(amounts[$0])))" }.joined(separator: ", ")
  }

  /// A return on money has no best value where less money always returns more of it: refused, with what would help.
  func checkPositiveSpend(returnsAtNothing: Bool) throws(PlanProblems) {
    guard spend == .atMost, returnsAtNothing, lower.reduce(0, +) == 0 else { return }
    throw PlanProblems([
      PlanProblem(
        "raroc with spend: at_most is highest at almost no spend, expected a lower bound above 0 for some channel, or "
          + "spend: exactly")
    ])
  }

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

  /// The limits in shares of `money`, as the solvers see them: upper ends no further than the budget lets a cell go once
  /// the others have their least, so that a limit that cannot matter does not.
  func polytope(names: [String], budget: Double, money: Double) -> Polytope {
    let total = budget / money
    let least = lower.reduce(0, +)
    let reachable = zip(lower, upper).map { low, high in min(high, max(low, budget - (least - low))) }
    // Bounds a few roundings apart hold one amount: no point lies between them that arithmetic could tell from the ends.
    let ends = zip(lower, reachable).map { low, high in
      high - low > 1e-12 * max(abs(high), money) ? (low / money, high / money) : (low / money, low / money)
    }
    return Polytope(
      lower: ends.map(\.0), upper: ends.map(\.1),
      rows: [
        Polytope.Row(
          label: "budget", coefficients: [Double](repeating: 1, count: names.count),
          lower: spend == .exactly ? total : -.infinity, upper: total)
      ])
  }
}
