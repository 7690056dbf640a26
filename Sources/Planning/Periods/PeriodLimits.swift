import Optimisation

/// One limit of a plan by period: `lower ≤ Σ coefficient · spend ≤ upper`, in money of some cells in some periods.
struct PeriodLimit: Sendable, Equatable {
  enum Kind: Sendable, Equatable {
    case budget
    /// Of one cell in one period: its bounds, or what it is held at.
    case bounds
    /// A constraint on a weighted sum.
    case sum
    /// How far one period may be from the one before.
    case ramp
    /// Nothing in a period, or at least `lower`.
    case offOrAtLeast
    /// Of one cell in one period: what it has spent.
    case locked
  }

  var kind: Kind
  /// What results call it: `budget`, `tv in period 3`, or a name of the plan's own.
  var name: String
  /// What it limits, in words: `search + social in period 3`.
  var subject: String
  /// Variables, each once.
  var places: [Int]
  /// One for each of `places`, none of them zero.
  var coefficients: [Double]
  /// Infinite where there is no limit on that side.
  var lower = -Double.infinity
  var upper = Double.infinity
  /// Whether it is said of every cell that nothing else is said of.
  var isCommon = false
  /// Of a ramp up on two variables: the most that may be spent whatever was spent before, which is more than the ramp allows from nothing.
  var floor: Double?

  /// The largest coefficient: what the limit is divided by to be of money.
  var size: Double { coefficients.reduce(0) { max($0, abs($1)) } }

  func value(at spend: [Double]) -> Double {
    zip(places, coefficients).reduce(0) { $0 + $1.1 * spend[$1.0] }
  }

  /// How far some spend is from breaking it, negative where it does, in money.
  func slack(at spend: [Double]) -> Double {
    let value = value(at: spend)
    if kind == .offOrAtLeast { return value <= lower - value ? -max(value, 0) : value - lower }
    let own = min(value - lower, upper - value) / size
    guard let floor else { return own }
    // The period that is limited stands first.
    return max(own, floor - spend[places[0]])
  }
}

/// What each cell may spend in each period, and all of them together, in money.
struct PeriodLimits: Sendable {
  /// Of the cells.
  let names: [String]
  let periodCount: Int
  /// The budget first, where there is one, then bounds, then constraints.
  let limits: [PeriodLimit]
  /// Runs of periods with and without spend.
  let flights: [PeriodFlight]
  /// Of a rolling plan, limits on nothing but what is spent: nobody can keep them now.
  private(set) var past: [PeriodLimit] = []
  /// By variable, from all limits on it alone.
  let lower: [Double]
  /// Infinite for one without an upper limit.
  let upper: [Double]
  /// By variable: whether the plan states a limit on it.
  let isStated: [Bool]

  init(names: [String], periodCount: Int, limits: [PeriodLimit], flights: [PeriodFlight]) {
    self.names = names
    self.periodCount = periodCount
    self.limits = limits
    self.flights = flights
    let count = names.count * periodCount
    var lower = [Double](repeating: 0, count: count)
    var upper = [Double](repeating: limits.first { $0.kind == .budget }?.upper ?? .infinity, count: count)
    var isStated = [Bool](repeating: false, count: count)
    for limit in limits where limit.kind == .bounds {
      // A stated end stands for the budget's, even where that is less.
      (lower[limit.places[0]], upper[limit.places[0]]) = (limit.lower, limit.upper)
      isStated[limit.places[0]] = true
    }
    for limit in limits where limit.isOfOneAlone {
      let (place, ends) = (limit.places[0], limit.ownEnds)
      lower[place] = max(lower[place], ends.lower)
      upper[place] = min(upper[place], ends.upper)
      isStated[place] = true
    }
    for limit in limits where limit.kind == .offOrAtLeast && lower[limit.places[0]] > 0 {
      // What has to spend something spends its least.
      lower[limit.places[0]] = max(lower[limit.places[0]], limit.lower)
    }
    (self.lower, self.upper, self.isStated) = (lower, upper, isStated)
  }

  /// The same of a plan whose first periods are spent: limits on these alone are past, and so are runs that ended in them.
  func rolling(after locked: Int) -> PeriodLimits {
    var spent = [Double](repeating: 0, count: variableCount)
    for limit in limits where limit.kind == .locked { spent[limit.places[0]] = limit.lower }
    func isPast(_ limit: PeriodLimit) -> Bool {
      limit.kind != .budget && limit.kind != .locked && limit.places.allSatisfy { $0 % periodCount < locked }
    }
    let flights = flights.map { flight -> PeriodFlight in
      var own = flight
      // The last run that has begun, and the period before, which tells that it began there.
      var first = max(locked - 1, 0)
      func isOn(_ period: Int) -> Bool { spent[flight.variables[period]] > 0 }
      while first > 0, isOn(first - 1) == isOn(locked - 1) { first -= 1 }
      own.variables = Array(flight.variables[max(first - 1, 0)...])
      return own
    }
    var rolling = PeriodLimits(
      names: names, periodCount: periodCount, limits: limits.filter { !isPast($0) }, flights: flights)
    rolling.past = limits.filter(isPast)
    return rolling
  }

  /// Limits on what is spent that it broke, in words: none but of a rolling plan.
  func brokenPast(at spend: [Double], tolerance: Double) -> [String] {
    past.filter { $0.slack(at: spend) < -tolerance }.map(\.name)
  }

  var variableCount: Int { names.count * periodCount }

  func variable(_ cell: Int, _ period: Int) -> Int { cell * periodCount + period }

  /// `tv in period 3`
  func name(of variable: Int) -> String {
    PeriodLimits.name(names[variable / periodCount], variable % periodCount)
  }

  static func name(_ cell: String, _ period: Int) -> String { "\(cell) in period \(period + 1)" }

  /// What limits on all cells of a period together allow; nil where none does.
  func ends(of period: Int) -> (lower: Double?, upper: Double?) {
    let all = Set(names.indices.map { variable($0, period) })
    let own = limits.filter { limit in
      limit.kind == .sum && limit.places.count == all.count && limit.coefficients.allSatisfy { $0 == 1 }
        && limit.places.allSatisfy(all.contains)
    }
    return (
      own.map(\.lower).filter(\.isFinite).max(), own.map(\.upper).filter(\.isFinite).min()
    )
  }

  /// By variable: what ramps allow after what the period before spends; nil where they say nothing.
  func ramps(at spend: [Double]) -> [(lower: Double?, upper: Double?)] {
    var ends = [(lower: Double?, upper: Double?)](repeating: (nil, nil), count: variableCount)
    for limit in limits where limit.kind == .ramp && limit.places.count == 2 {
      let (place, before) = (limit.places[0], limit.coefficients[1] * spend[limit.places[1]])
      let upper = max(limit.upper - before, limit.floor ?? -.infinity)
      if limit.lower.isFinite { ends[place].lower = max(ends[place].lower ?? 0, limit.lower - before) }
      if upper.isFinite { ends[place].upper = min(ends[place].upper ?? .infinity, upper) }
    }
    return ends
  }

  private var budget: PeriodLimit? { limits.first { $0.kind == .budget } }

  /// The least and the most that all cells together may spend, of those that the budget limits.
  var budgetEnds: [Double] { [budget?.upper, budget?.lower].compactMap(\.self).filter(\.isFinite) }

  /// The least that all plans spend, by the budget or by the bounds.
  var leastSpend: Double { max(budget?.lower ?? 0, lower.reduce(0, +)) }

  /// Whether all plans spend the same.
  var spendsExactly: Bool { budget.map { $0.lower == $0.upper } ?? false }

  /// Limits that are rows of the polytope, in its order.
  var rowLimits: [Int] {
    limits.indices.filter {
      !limits[$0].isOfOneAlone && ![.bounds, .offOrAtLeast, .locked].contains(limits[$0].kind)
    }
  }

  /// Whether some of the limits leave something out between what they allow.
  var hasChoices: Bool { !flights.isEmpty || limits.contains { $0.kind == .offOrAtLeast || $0.floor != nil } }

  /// By variable the least that is spent where anything is; its lower end where nothing is said of that.
  var thresholds: [Double] {
    var thresholds = lower
    for limit in limits where limit.kind == .offOrAtLeast {
      thresholds[limit.places[0]] = max(thresholds[limit.places[0]], limit.lower)
    }
    return thresholds
  }

  /// All that is convex of the limits, in shares of `money`; nil where a variable's own limits contradict each other, or it has no upper
  /// end. A ramp with a floor allows what it does between nothing and the most, drawn straight.
  func polytope(money: Double) -> SparsePolytope? {
    let rows = rowLimits.map { limits[$0] }
    var reachable = upper
    for row in rows where row.upper.isFinite && row.coefficients.allSatisfy({ $0 >= 0 }) {
      let least = row.value(at: lower)
      for (place, coefficient) in zip(row.places, row.coefficients) {
        let most = (row.upper - (least - coefficient * lower[place])) / coefficient
        reachable[place] = min(reachable[place], max(lower[place], most))
      }
    }
    let rounding = 1e-12 * money
    guard zip(lower, upper).allSatisfy({ $0 <= $1 + rounding }), reachable.allSatisfy(\.isFinite) else { return nil }
    return SparsePolytope(
      lower: lower.map { $0 / money },
      upper: zip(lower, reachable).map { $1 - $0 > rounding ? $1 / money : $0 / money },
      rows: rows.map { $0.row(money: money, most: reachable) })
  }

  /// Whether some spend breaks no limit by more than `tolerance` of money.
  func allow(_ spend: [Double], tolerance: Double) -> Bool {
    spend.count == variableCount && spend.allSatisfy { $0 >= 0 && $0.isFinite }
      && limits.allSatisfy { $0.slack(at: spend) >= -tolerance }
      && flights.allSatisfy { $0.shortfall(spend, tolerance: tolerance) == nil }
  }

  /// The same limits as those of amounts of money of their own, for words on conflicts.
  var asAmounts: SpendLimits {
    SpendLimits(
      names: (0..<variableCount).map(name),
      limits: limits.map { limit in
        var coefficients = [Double](repeating: 0, count: variableCount)
        for (place, coefficient) in zip(limit.places, limit.coefficients) { coefficients[place] = coefficient }
        let kind: SpendLimit.Kind =
          switch limit.kind {
          case .budget: .budget
          case .bounds: .bounds(limit.places[0])
          case .sum, .ramp, .locked: .sum
          case .offOrAtLeast: .offOrAtLeast(limit.places[0])
          }
        return SpendLimit(
          kind: kind, name: limit.name, subject: limit.subject, coefficients: coefficients, lower: limit.lower,
          upper: limit.upper, isCommon: limit.isCommon)
      })
  }

  /// What the next unit of each limit is worth at some spend, in the order of `limits`: by the rows' and the variables' multipliers, in utility per
  /// unit of money. Where several limits hold a variable at the same end, the price is that of the first.
  func prices(rows: [Double], variables: [Double], at spend: [Double]) -> [Double?] {
    var prices = [Double?](repeating: 0, count: limits.count)
    for (index, price) in zip(rowLimits, rows) { prices[index] = price / limits[index].size }
    var own: [Int: [Int]] = [:]
    for (index, limit) in limits.enumerated() where limit.places.count == 1 && limit.kind != .budget {
      own[limit.places[0], default: []].append(index)
    }
    for (variable, price) in variables.enumerated() where price != 0 {
      let place = own[variable, default: []].first { index in
        let limit = limits[index]
        if limit.kind == .offOrAtLeast { return price < 0 && spend[variable] >= limit.lower }
        let ends = limit.ownEnds
        return price > 0 ? ends.upper == upper[variable] : ends.lower == lower[variable] && ends.lower > 0
      }
      if let place { prices[place] = price / limits[place].coefficients[0] }
    }
    // What it would be worth to switch a period on no multiplier says.
    for (index, limit) in limits.enumerated() where limit.kind == .offOrAtLeast && spend[limit.places[0]] < limit.lower
    {
      prices[index] = nil
    }
    return prices
  }
}

extension PeriodLimit {
  /// A constraint on one variable, which is a bound of it.
  var isOfOneAlone: Bool { (kind == .sum || kind == .ramp || kind == .locked) && places.count == 1 }

  /// Of a limit on one variable: its ends there.
  var ownEnds: (lower: Double, upper: Double) {
    let ends = [lower / coefficients[0], upper / coefficients[0]].sorted()
    return (ends[0], ends[1])
  }

  /// The words for its ends, and those for its floor.
  func inWords(_ ends: String) -> String { floor.map { "\(ends), or \(SpendLimits.format($0))" } ?? ends }

  /// Of a ramp with a floor, the spend of the period before at which the ramp comes to the floor.
  var turn: Double? { floor.map { ($0 - upper) / -coefficients[1] } }

  /// In shares of `money`.
  ///
  /// - Parameter most: of each variable.
  fileprivate func row(money: Double, most: [Double]) -> SparsePolytope.Row {
    var (coefficients, end) = (coefficients, upper)
    if let floor {
      // The straight line from the floor at nothing to what the ramp allows at the most of the period before.
      let before = most[places[1]]
      let rise = max(0, upper - coefficients[1] * before - floor)
      coefficients[1] = before > 0 ? -rise / before : 0
      end = floor
    }
    let size = size
    return SparsePolytope.Row(
      label: name, places: places, coefficients: coefficients.map { $0 / size }, lower: lower / size / money,
      upper: end / size / money)
  }
}

/// Of one cell: periods with spend come in runs of at least so many, and so do those without; at the ends of the plan a run may be cut
/// short by what is before and after it.
struct PeriodFlight: Sendable, Equatable {
  /// What results call it.
  var name: String
  /// By period.
  var variables: [Int]
  /// Periods.
  var onAtLeast: Int
  var offAtLeast: Int
}
