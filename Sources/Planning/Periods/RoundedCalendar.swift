import NumericKernel
import Optimisation

/// A plan by period in multiples of a unit of money: what is spent in all stays what it was, what is off stays off, and every limit is kept.
///
/// A linear program whose amounts lie between the multiples next to them stands on multiples but where limits bind. Of the other amounts the
/// nearest to one is settled there, or at the next one, and the program solved again; what no multiple leaves a plan for keeps the odd rest. Then units
/// are exchanged for as long as that raises the utility.
struct RoundedCalendar {
  /// Money by variable.
  private(set) var spend: [Double]
  /// Variables that are no multiple.
  private(set) var odd: [Int]

  private let calendar: PeriodPlan
  private let unit: Double

  /// Nil where no such plan is found near by.
  init?(_ calendar: PeriodPlan, _ spend: [Double], unit: Double) {
    (self.calendar, self.unit, self.spend, odd) = (calendar, unit, spend, [])
    guard let whole = calendar.polytope,
      let polytope = PeriodChoices(calendar, whole).made(near: spend.map { $0 / calendar.money })
    else { return nil }
    // More units apart where the nearest leave no plan.
    var found: (spend: [Double], odd: [Int])?
    for reach in [0.0, 1, 3] where found == nil {
      found = Dive(calendar, polytope, spend, unit: unit, reach: reach)?.result()
    }
    guard let (amounts, odd) = found else { return nil }
    (self.spend, self.odd) = (amounts, odd)
    guard calendar.limits.allow(amounts, tolerance: calendar.tolerance) else { return nil }
    exchange()
  }

  /// Pairs of amounts that are tried for each exchange: of so many on either side that slopes promise most of.
  private static let sides = 10
  private static let exchangeLimit = 40

  private mutating func exchange() {
    var score = calendar.score(spend: spend)
    let even = spend.indices.filter { !odd.contains($0) }
    for _ in 0..<Self.exchangeLimit {
      let slopes = calendar.objective.gradient(spend: spend, smoothing: 0)
      let order = even.sorted { (slopes[$0], $1) > (slopes[$1], $0) }
      let sources = order.reversed().filter { spend[$0] >= unit }.prefix(Self.sides)
      let pairs = order.prefix(Self.sides).flatMap { target in sources.map { (target, $0) } }
        .filter { slopes[$0.0] > slopes[$0.1] }
      var isHigher = false
      for (target, source) in pairs where !isHigher {
        var moved = spend
        moved[target] += unit
        moved[source] -= unit
        guard calendar.limits.allow(moved, tolerance: calendar.tolerance) else { continue }
        let value = calendar.score(spend: moved)
        guard value > score + 1e-14 * abs(score) else { continue }
        (spend, score, isHigher) = (moved, value, true)
      }
      if !isHigher { return }
    }
  }
}

/// Amounts settled at multiples one after the other.
private struct Dive {
  private let calendar: PeriodPlan
  private let polytope: SparsePolytope
  private let spend: [Double]
  private let unit: Double
  /// Units below, and between which ends, in units from there.
  private let base: [Double]
  private var lower: [Double]
  private var upper: [Double]
  /// An amount is worth so much more by a unit: above nothing where the next multiple is the nearer one.
  private let worth: [Double]

  /// An amount this near to a multiple, in units, stands on it.
  private static let nearness = 1e-6

  /// - Parameter reach: how many units further than the next multiple an amount may go.
  init?(_ calendar: PeriodPlan, _ polytope: SparsePolytope, _ spend: [Double], unit: Double, reach: Double) {
    (self.calendar, self.polytope, self.spend, self.unit) = (calendar, polytope, spend, unit)
    let perUnit = calendar.money / unit
    let below = spend.map { ($0 / unit + Dive.nearness).rounded(.down) }
    let left = zip(spend, below).map { max(0, $0 / unit - $1) }
    base = below
    worth = left.map { 2 * $0 - 1 }
    lower = spend.indices.map { max(polytope.lower[$0] * perUnit - below[$0], -reach) }
    upper = spend.indices.map { variable in
      let next = left[variable] <= Dive.nearness && reach == 0 ? 0 : 1 + reach
      return min(polytope.upper[variable] * perUnit - below[variable], next)
    }
    // What stands at an end stands there but for rounding.
    for variable in spend.indices {
      guard lower[variable] <= upper[variable] + Dive.nearness else { return nil }
      upper[variable] = max(lower[variable], upper[variable])
    }
  }

  /// Multiples, and what is none; nil where no plan is left from the start.
  func result() -> (spend: [Double], odd: [Int])? {
    var dive = self
    guard var point = dive.solved() else { return nil }
    var odd: Set<Int> = []
    func distance(_ variable: Int) -> Double { abs(point[variable] - point[variable].rounded()) }
    while let next = point.indices.filter({ !odd.contains($0) && distance($0) > Dive.nearness }).min(by: {
      (distance($0), $0) < (distance($1), $1)
    }) {
      let ends = (dive.lower[next], dive.upper[next])
      let nearest = point[next].rounded()
      let other = nearest + (point[next] > nearest ? 1 : -1)
      var isSettled = false
      for multiple in [nearest, other] where !isSettled && multiple >= ends.0 && multiple <= ends.1 {
        (dive.lower[next], dive.upper[next]) = (multiple, multiple)
        guard let there = dive.solved() else { continue }
        (point, isSettled) = (there, true)
      }
      if !isSettled {
        (dive.lower[next], dive.upper[next]) = ends
        odd.insert(next)
      }
    }
    var amounts = point.indices.map { variable in
      odd.contains(variable)
        ? (base[variable] + point[variable]) * unit : (base[variable] + point[variable].rounded()) * unit
    }
    // What arithmetic has left of the sum goes to an odd amount.
    if let rest = odd.max(by: { amounts[$0] < amounts[$1] }) {
      for _ in 0..<2 { amounts[rest] += spend.reduce(0, +) - amounts.reduce(0, +) }
    }
    return (amounts, odd.sorted())
  }

  private func solved() -> [Double]? {
    let program = LinearProgram(tolerance: 1e-9)
    program.add(
      worth.indices.map { LinearProgram.Variable(objective: worth[$0], lower: lower[$0], upper: upper[$0]) })
    let perUnit = calendar.money / unit
    for row in polytope.rows {
      let moved = zip(row.places, row.coefficients).reduce(0) { $0 + $1.1 * base[$1.0] }
      program.addRow(
        LinearProgram.Entries(row.places, row.coefficients), lower: row.lower * perUnit - moved,
        upper: row.upper * perUnit - moved)
    }
    let total = spend.reduce(0, +) / unit - base.reduce(0, +)
    program.addRow(
      LinearProgram.Entries(worth.indices, worth.map { _ in 1 }), lower: total, upper: total)
    // What leaves its bounds would be settled for ever.
    guard let point = program.maximum()?.point,
      zip(point, zip(lower, upper)).allSatisfy({ $0 >= $1.0 - Dive.nearness && $0 <= $1.1 + Dive.nearness })
    else { return nil }
    return point
  }
}
