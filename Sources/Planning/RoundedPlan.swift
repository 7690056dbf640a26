import NumericKernel
import Optimisation
import ResponseModel

/// A plan in multiples of a unit of money: what is spent in all stays what it was, and every limit is kept.
///
/// Cells take the nearest multiple that leaves the others a plan within the limits, those that are nearest to one first; what no
/// multiple is left for keeps the odd rest. Then units are exchanged between cells for as long as that raises the utility.
struct RoundedPlan {
  /// Money over the horizon by cell.
  private(set) var spend: [Double]
  /// Cells that are no multiple: held at another amount, or with what is left of a budget that is none.
  private(set) var odd: [Int]

  private let plan: CompiledPlan
  private let unit: Double
  private var keepsTotal: Bool { plan.plan.target == nil }

  /// Of so many cells each may be the one that keeps the odd rest: those that spend most.
  private static let oddLimit = 6
  /// Exchanges of one unit, one after the other.
  private static let exchangeLimit = 200
  /// Cells up to which the nearest point that is left is found for each that is rounded.
  private static let projectedSize = 24
  /// Exchanges that are tried before the plan is taken to be the best near by: those that promise most.
  private static let trialLimit = 120

  /// Rounds a plan within its limits. Cells that are off or at least at an amount stay on their side.
  init(_ plan: CompiledPlan, _ spend: [Double], unit: Double) {
    self.plan = plan
    self.unit = unit
    self.spend = spend
    odd = []
    var best: (spend: [Double], odd: [Int], score: Double)?
    let order = spend.indices.sorted { (spend[$0], $1) > (spend[$1], $0) }
    for last in order.prefix(RoundedPlan.oddLimit) {
      let (rounded, odd) = rounded(spend, last: last)
      let score = plan.worth(spend: rounded)
      let isBetter = best.map { (-odd.count, score) > (-$0.odd.count, $0.score) } ?? true
      if isBetter { best = (rounded, odd, score) }
    }
    if let best { (self.spend, odd) = (best.spend, best.odd) }
    exchange()
    mend()
    if !keepsTotal { exchange() }
  }

  // MARK: Rounding

  /// Cells that are no multiple yet are where the polytope's nearest point has them.
  private func rounded(_ spend: [Double], last: Int) -> (spend: [Double], odd: [Int]) {
    let money = plan.money
    let x = spend.map { $0 / money }
    var part = plan.limits.polytope(money: money)
    part = part.part(around: x)
    // What is spent in all is kept, whether or not the budget says so; what a target asks for says how much that is.
    let total = spend.reduce(0, +)
    if keepsTotal {
      part.rows.append(
        Polytope.Row(
          label: "total", coefficients: x.map { _ in 1 }, lower: total / money, upper: total / money))
    }
    var point = x
    var open = spend.indices.filter { $0 != last }
    var amounts = [Double?](repeating: nil, count: spend.count)
    var odd: [Int] = []
    func distance(_ cell: Int) -> Double {
      let units = point[cell] * money / unit
      return abs(units - units.rounded())
    }
    while !open.isEmpty || amounts[last] == nil && !odd.contains(last) {
      let cell = open.min { (distance($0), $0) < (distance($1), $1) } ?? last
      open.removeAll { $0 == cell }
      let nearest = (point[cell] * money / unit).rounded()
      let other = nearest + (point[cell] * money / unit >= nearest ? 1 : -1)
      var isRounded = false
      for units in [nearest, other] where !isRounded {
        let amount = units * unit
        // A multiple may stand at an end but for rounding.
        let rounding = 1e-12
        guard amount / money >= part.lower[cell] - rounding, amount / money <= part.upper[cell] + rounding else {
          continue
        }
        var trial = part
        trial.lower[cell] = min(max(amount / money, part.lower[cell]), part.upper[cell])
        trial.upper[cell] = trial.lower[cell]
        trial.thresholds[cell] = trial.lower[cell]
        guard let nearest = moved(point, to: trial, open: [last] + open) else { continue }
        (part, point, isRounded) = (trial, nearest, true)
        amounts[cell] = amount
      }
      if !isRounded { odd.append(cell) }
    }
    var rounded = spend.indices.map { amounts[$0] ?? point[$0] * money }
    // What arithmetic has left of the sum goes to an odd cell: where there is none there is nothing left.
    if keepsTotal, let rest = odd.last {
      rounded[rest] = 0
      rounded[rest] = total - rounded.reduce(0, +)
      rounded[rest] += total - rounded.reduce(0, +)
    }
    return (rounded, odd.sorted())
  }

  /// A point of the plans that are left, a near one: of many cells one that makes up for what rounding has moved, if one can.
  private func moved(_ point: [Double], to part: Polytope, open: [Int]) -> [Double]? {
    guard part.dimension > RoundedPlan.projectedSize else { return part.projection(of: point) }
    var moved = zip(point, zip(part.lower, part.upper)).map { min(max($0, $1.0), $1.1) }
    let difference = zip(point, moved).reduce(0) { $0 + $1.0 - $1.1 }
    for cell in open where part.lower[cell] < part.upper[cell] {
      moved[cell] += difference
      if part.contains(moved, tolerance: 1e-12) { return moved }
      moved[cell] -= difference
    }
    return part.projection(of: point)
  }

  // MARK: Targets

  /// Units that may be added or taken before a target counts as missed.
  private static let mendingLimit = 50

  /// Adds units to cells, or takes them, until what rounding has cost a target or a limit of risk is made up for, where that can be.
  private mutating func mend() {
    let cells = spend.indices.filter { !odd.contains($0) }
    for _ in 0..<RoundedPlan.mendingLimit where !plan.missed(spend: spend).isEmpty {
      let trials = cells.flatMap { cell in
        [unit, -unit].map { step in
          var moved = spend
          moved[cell] += step
          return moved
        }
      }.filter(plan.isWithinLimits)
      let ranked = trials.map { (lack: plan.lack(spend: $0), worth: plan.worth(spend: $0)) }
      guard
        let best = ranked.indices.min(by: {
          (ranked[$0].lack, -ranked[$0].worth) < (ranked[$1].lack, -ranked[$1].worth)
        }),
        ranked[best].lack < plan.lack(spend: spend)
      else { return }
      spend = trials[best]
    }
  }

  // MARK: Exchanges

  /// A unit from one cell to another; to or from none where the total is free.
  private struct Move {
    var source: Int?
    var target: Int?
    /// By slopes.
    var gain: Double
  }

  /// Moves units from cell to cell while that raises the utility: those first that slopes promise most of.
  private mutating func exchange() {
    var score = plan.worth(spend: spend)
    // A plan that has what is asked for keeps it: by a penalty alone a unit more may be worth missing it.
    let isMet = plan.missed(spend: spend).isEmpty
    let cells = spend.indices.filter { !odd.contains($0) }
    for _ in 0..<RoundedPlan.exchangeLimit {
      let slopes = plan.sought.supergradient(at: spend.map { $0 / plan.money })
      // Where slopes promise nothing curves may yet, if they are S-shaped.
      var moves = cells.flatMap { source in
        cells.filter { $0 != source }.map { Move(source: source, target: $0, gain: slopes[$0] - slopes[source]) }
      }
      if !keepsTotal {
        moves += cells.map { Move(source: $0, target: nil, gain: -slopes[$0]) }
        moves += cells.map { Move(source: nil, target: $0, gain: slopes[$0]) }
      }
      moves.sort { $0.gain > $1.gain }
      var isHigher = false
      for move in moves.prefix(RoundedPlan.trialLimit) where !isHigher {
        var moved = spend
        if let source = move.source { moved[source] -= unit }
        if let target = move.target { moved[target] += unit }
        guard plan.isWithinLimits(moved) else { continue }
        let value = plan.worth(spend: moved)
        guard value > score + 1e-14 * abs(score), !isMet || plan.missed(spend: moved).isEmpty else { continue }
        (spend, score, isHigher) = (moved, value, true)
      }
      if !isHigher { return }
    }
  }
}
