import NumericKernel

/// Limits on weighted sums of variables that are not negative, and variables that are nothing or at least so much: whether all of
/// them can hold, and if not, which of them cannot.
///
/// Numbers are of order one: rows' largest coefficients, and what their ends are measured in. Linear programs propose points and
/// multipliers; what is said is what these prove by arithmetic.
public struct RowSystem: Sendable {
  /// A variable that is zero, or at least an amount.
  public struct Choice: Sendable, Equatable {
    public var variable: Int
    public var least: Double

    public init(variable: Int, least: Double) {
      self.variable = variable
      self.least = least
    }
  }

  /// One end of a row, or a choice, each by its index.
  public enum Limit: Sendable, Hashable {
    case lower(Int)
    case upper(Int)
    case choice(Int)
  }

  /// Limits that cannot all hold, while without any one of them the others can.
  public struct Conflict: Sendable, Equatable {
    public var limits: [Limit]
    /// One for each limit, the largest 1: the ends times these, lower ones less upper ones, come to more than nothing, and the rows
    /// to nothing at most. Empty where a choice is among the limits.
    public var multipliers: [Double]
    /// What those ends come to: by how much the limits miss each other. 0 where a choice is among them.
    public var shortage: Double
  }

  public enum Verdict: Sendable, Equatable {
    /// A point within all limits, to 1e-9.
    case feasible([Double])
    case conflict(Conflict)
    /// There are too many choices to be told.
    case unknown
  }

  public var dimension: Int
  /// Limits on weighted sums; either end may be infinite.
  public var rows: [Polytope.Row]
  public var choices: [Choice]

  /// As many coefficients in each row as there are variables.
  public init(dimension: Int, rows: [Polytope.Row], choices: [Choice] = []) {
    precondition(rows.allSatisfy { $0.coefficients.count == dimension }, "A coefficient for each variable in each row.")
    self.dimension = dimension
    self.rows = rows
    self.choices = choices
  }

  /// A limit may be missed by this much.
  public static let tolerance = 1e-9
  /// Combinations of choices looked at before the question is given up.
  static let combinationLimit = 20_000
  /// Of so many limits a smallest set is not sought among all.
  static let manyLimits = 100

  /// Whether all limits can hold; if not, a set of them that cannot, none of which can be left out: of a few such sets the
  /// smallest.
  public func verdict() -> Verdict {
    var all = limits
    switch state(of: all) {
    case .feasible(let point): return .feasible(point)
    case .unknown: return .unknown
    case .infeasible: break
    }
    // Of very many limits those that the linear program has a price for are enough to begin with.
    if all.count > RowSystem.manyLimits, let elastic = elastic(all, sides: [:]) {
      let priced = all.indices.filter { elastic.multipliers[$0] > 0 }.map { all[$0] }
      if case .infeasible = state(of: priced) { all = priced }
    }
    // What is left out first is least likely to stay: limits of small amounts, or of many variables, and later ones.
    let sizes = all.map { abs(end(of: $0)) }
    let widths = all.map { limit in
      row(of: limit, sides: [:]).map { $0.coefficients.count { $0 != 0 } } ?? 1
    }
    let orders = [
      all.indices.sorted { (sizes[$0], $1) < (sizes[$1], $0) },
      all.indices.sorted { (-widths[$0], sizes[$0], $1) < (-widths[$1], sizes[$1], $0) },
      all.indices.reversed(),
    ]
    let sets = orders.map { order in
      if let kept = conflict(among: all, leavingOut: order) { return kept }
      return order.reduce(all) { kept, place in
        let rest = kept.filter { $0 != all[place] }
        if case .infeasible = state(of: rest) { return rest }
        return kept
      }
    }
    let kept = sets.dropFirst().reduce(sets[0]) { $1.count < $0.count ? $1 : $0 }
    let hasChoice = kept.contains { if case .choice = $0 { true } else { false } }
    guard !hasChoice, let elastic = elastic(kept, sides: [:]), elastic.shortage > 0 else {
      return .conflict(Conflict(limits: kept, multipliers: [], shortage: 0))
    }
    let largest = elastic.multipliers.max() ?? 1
    return .conflict(
      Conflict(
        limits: kept, multipliers: elastic.multipliers.scaled(by: 1 / largest), shortage: elastic.shortage / largest))
  }

  /// What is left of limits that cannot all hold once each, in the order given, has been left out where the others cannot without it: by one
  /// linear program over their multipliers, `Aᵀy ≤ 0` and `0 ≤ y ≤ 1`, which is more than nothing where limits conflict, and goes on from
  /// its last answer as multipliers are held at nothing. Nil where there are choices, or arithmetic does not say.
  private func conflict(among limits: [Limit], leavingOut order: [Int]) -> [Limit]? {
    let held = limits.map { row(of: $0, sides: [:]) }
    guard held.allSatisfy({ $0 != nil }) else { return nil }
    let program = LinearProgram(tolerance: RowSystem.tolerance / 100)
    for _ in 0..<dimension { program.addRow(LinearProgram.Entries(), lower: -.infinity, upper: 0) }
    let ends = held.map { row in row.map { $0.lower.isFinite ? $0.lower : -$0.upper } ?? 0 }
    program.add(
      zip(held, ends).map { row, end in
        var entries = LinearProgram.Entries()
        if let row {
          let sign: Double = row.lower.isFinite ? 1 : -1
          for (place, coefficient) in row.coefficients.enumerated() where coefficient != 0 {
            entries.append(sign * coefficient, at: place)
          }
        }
        return LinearProgram.Variable(objective: end, lower: 0, upper: 1, rows: entries)
      })
    func shortage(_ multipliers: [Double]) -> Double { dot(multipliers, ends) }
    var upper = [Double](repeating: 1, count: limits.count)
    guard var found = program.maximum()?.point, shortage(found) > RowSystem.tolerance else { return nil }
    for place in order {
      upper[place] = 0
      if found[place] == 0 { continue }
      program.setUpper(upper)
      guard let optimum = program.maximum() else { return nil }
      if shortage(optimum.point) > RowSystem.tolerance { found = optimum.point } else { upper[place] = 1 }
    }
    let kept = limits.indices.filter { upper[$0] > 0 }.map { limits[$0] }
    guard case .infeasible = state(of: kept) else { return nil }
    return kept
  }

  /// Whether all limits can hold once some of them are moved outwards by an amount.
  public func isFeasible(moving moved: [Limit: Double]) -> Bool {
    var relaxed = self
    for (limit, amount) in moved {
      switch limit {
      case .lower(let row): relaxed.rows[row].lower -= amount
      case .upper(let row): relaxed.rows[row].upper += amount
      case .choice(let index): relaxed.choices[index].least = max(0, choices[index].least - amount)
      }
    }
    if case .feasible = relaxed.state(of: relaxed.limits) { return true }
    return false
  }

  /// How far which limits have to be moved outwards for all to hold, the least in sum that was found; empty where all do.
  public func relaxation() -> [(limit: Limit, amount: Double)] {
    let all = limits
    var best: (violation: Double, moves: [Double])?
    var open: [[Int: Bool]] = [[:]]
    var count = 0
    while let sides = open.popLast(), count < RowSystem.combinationLimit / 10 {
      count += 1
      guard let elastic = elastic(all, sides: sides), elastic.violation < best?.violation ?? .infinity else { continue }
      if let choice = undecided(at: elastic.point, sides, among: all) {
        open += branches(sides, choice, at: elastic.point)
      } else {
        best = (elastic.violation, elastic.moves)
      }
    }
    return zip(all, best?.moves ?? []).filter { $0.1 > RowSystem.tolerance }.map { (limit: $0.0, amount: $0.1) }
  }

  /// Whether a limit holds wherever some others do, choices aside; false where a linear program does not say.
  public func isImplied(_ limit: Limit, by others: [Limit]) -> Bool {
    let (row, sign): (Int, Double)
    switch limit {
    case .lower(let index): (row, sign) = (index, -1)
    case .upper(let index): (row, sign) = (index, 1)
    case .choice: return false
    }
    let program = LinearProgram(tolerance: RowSystem.tolerance)
    program.add(
      rows[row].coefficients.map { LinearProgram.Variable(objective: sign * $0, lower: 0, upper: .infinity) })
    for other in others {
      guard let (coefficients, lower, upper) = self.row(of: other, sides: [:]) else { continue }
      program.addRow(entries(coefficients), lower: lower, upper: upper)
    }
    guard let point = program.maximum()?.point else { return false }
    let most = sign * dot(rows[row].coefficients, point)
    return most <= sign * end(of: limit) + RowSystem.tolerance
  }

  /// All ends that are there, and all choices.
  public var limits: [Limit] {
    rows.indices.flatMap { row -> [Limit] in
      (rows[row].lower.isFinite ? [.lower(row)] : []) + (rows[row].upper.isFinite ? [.upper(row)] : [])
    } + choices.indices.map { .choice($0) }
  }

  /// Of a row, or the least of a choice.
  public func end(of limit: Limit) -> Double {
    switch limit {
    case .lower(let row): rows[row].lower
    case .upper(let row): rows[row].upper
    case .choice(let index): choices[index].least
    }
  }

  // MARK: - Some of the limits

  private enum State {
    case feasible([Double])
    case infeasible
    case unknown
  }

  /// Choices are tried one by one, each where a point that holds everything else misses it.
  private func state(of limits: [Limit]) -> State {
    var open: [[Int: Bool]] = [[:]]
    var isTold = true
    var count = 0
    while let sides = open.popLast() {
      count += 1
      guard count <= RowSystem.combinationLimit else { return .unknown }
      guard let elastic = elastic(limits, sides: sides) else {
        isTold = false
        continue
      }
      if elastic.moves.contains(where: { $0 > RowSystem.tolerance }) {
        if !(elastic.shortage > RowSystem.tolerance && elastic.shortage.isFinite) { isTold = false }
        continue
      }
      guard let choice = undecided(at: elastic.point, sides, among: limits) else { return .feasible(elastic.point) }
      open += branches(sides, choice, at: elastic.point)
    }
    return isTold ? .infeasible : .unknown
  }

  /// The choice, of those not made, that a point misses by most.
  private func undecided(at point: [Double], _ sides: [Int: Bool], among limits: [Limit]) -> Int? {
    var worst: (choice: Int, missed: Double)?
    for case .choice(let index) in limits where sides[index] == nil {
      let (x, least) = (point[choices[index].variable], choices[index].least)
      let missed = min(x, least - x)
      if missed > RowSystem.tolerance, missed > worst?.missed ?? 0 { worst = (index, missed) }
    }
    return worst?.choice
  }

  /// The nearer side last, to be looked at first.
  private func branches(_ sides: [Int: Bool], _ choice: Int, at point: [Double]) -> [[Int: Bool]] {
    let isNearOn = 2 * point[choices[choice].variable] >= choices[choice].least
    return [!isNearOn, isNearOn].map { sides.merging([choice: $0]) { $1 } }
  }

  private func entries(_ coefficients: [Double]) -> LinearProgram.Entries {
    let weighed = coefficients.indices.filter { coefficients[$0] != 0 }
    return LinearProgram.Entries(weighed, weighed.map { coefficients[$0] })
  }

  /// Nil for a choice that is not made.
  private func row(of limit: Limit, sides: [Int: Bool]) -> (coefficients: [Double], lower: Double, upper: Double)? {
    switch limit {
    case .lower(let index): return (rows[index].coefficients, rows[index].lower, .infinity)
    case .upper(let index): return (rows[index].coefficients, -.infinity, rows[index].upper)
    case .choice(let index):
      guard let isOn = sides[index] else { return nil }
      var unit = [Double].zeros(dimension)
      unit[choices[index].variable] = 1
      return isOn ? (unit, choices[index].least, .infinity) : (unit, -.infinity, 0)
    }
  }

  /// The point that misses some limits by least in sum.
  private struct Elastic {
    var point: [Double]
    /// By limit, and their sum.
    var moves: [Double]
    var violation: Double
    /// By limit, not negative.
    var multipliers: [Double]
    /// What the multipliers prove that the sum cannot be less than.
    var shortage: Double
  }

  /// Nil where the linear program has no answer.
  private func elastic(_ limits: [Limit], sides: [Int: Bool]) -> Elastic? {
    let program = LinearProgram(tolerance: RowSystem.tolerance / 100)
    program.add((0..<dimension).map { _ in LinearProgram.Variable(objective: 0, lower: 0, upper: .infinity) })
    let held = limits.map { row(of: $0, sides: sides) }
    program.add(held.compactMap { $0 }.map { _ in LinearProgram.Variable(objective: -1, lower: 0, upper: .infinity) })
    var column = dimension
    for case (let coefficients, let lower, let upper)? in held {
      var entries = entries(coefficients)
      entries.append(lower.isFinite ? 1 : -1, at: column)
      program.addRow(entries, lower: lower, upper: upper)
      column += 1
    }
    guard let optimum = program.maximum(), optimum.point.allSatisfy(\.isFinite),
      optimum.rowMultipliers.allSatisfy(\.isFinite)
    else { return nil }
    let point = optimum.point.prefix(dimension).map { max($0, 0) }
    var elastic = Elastic(point: point, moves: [], violation: 0, multipliers: [], shortage: 0)
    var prices = [Double].zeros(dimension)
    var place = 0
    for row in held {
      guard let (coefficients, lower, upper) = row else {
        elastic.moves.append(0)
        elastic.multipliers.append(0)
        continue
      }
      let activity = dot(coefficients, point)
      let isLower = lower.isFinite
      let multiplier = max(0, isLower ? -optimum.rowMultipliers[place] : optimum.rowMultipliers[place])
      elastic.moves.append(max(0, isLower ? lower - activity : activity - upper))
      elastic.multipliers.append(multiplier)
      elastic.shortage += multiplier * (isLower ? lower : -upper)
      prices = prices.plus(coefficients.scaled(by: isLower ? multiplier : -multiplier))
      place += 1
    }
    elastic.violation = elastic.moves.reduce(0, +)
    // Where prices do not cancel for rounding, a variable may make up for some of it, up to the largest end there is.
    let reach = held.compactMap { $0 }.reduce(1) { max($0, $1.1.isFinite ? abs($1.1) : abs($1.2)) }
    elastic.shortage -= prices.reduce(0) { $0 + max($1, 0) } * reach
    let largest = elastic.multipliers.max() ?? 0
    if largest > 1 { elastic.shortage /= largest }
    return elastic
  }
}
