import Optimisation

/// What a plan by period leaves out between its limits: periods that spend nothing or at least so much, runs of them, and ramps that begin
/// from a floor.
struct PeriodChoices {
  private let limits: PeriodLimits
  private(set) var polytope: SparsePolytope
  private let money: Double
  /// By variable, in shares: what is spent where anything is; only of those that may be off.
  private let least: [Int: Double]
  /// Places among `limits`, and of each its row in the polytope.
  private let floors: [(limit: PeriodLimit, row: Int)]

  /// - Parameter polytope: what is convex of the plan's limits.
  init(_ calendar: PeriodPlan, _ polytope: SparsePolytope) {
    let (limits, money) = (calendar.limits, calendar.money)
    (self.limits, self.polytope, self.money) = (limits, polytope, money)
    let thresholds = limits.thresholds
    let free = polytope.lower.indices.filter { thresholds[$0] > limits.lower[$0] }
    least = Dictionary(uniqueKeysWithValues: free.map { ($0, thresholds[$0] / money) })
    floors = limits.rowLimits.enumerated().filter { limits.limits[$0.element].floor != nil }.map {
      (limits.limits[$0.element], $0.offset)
    }
  }

  /// Some of the plans: choices that are made.
  struct Part {
    /// By variable: whether it spends.
    var isOn: [Int: Bool] = [:]
    /// By place among the floors: whether the period before is at or above where the ramp comes to the floor.
    var isAbove: [Int: Bool] = [:]
    var bound = Double.infinity
    var start: [Double]

    /// Makes a choice the other way round; of a period that was left free it is to spend.
    mutating func turn(_ choice: Choice) {
      switch choice {
      case .spends(let variable): isOn[variable] = !(isOn[variable] ?? false)
      case .isAbove(let place): isAbove[place] = !(isAbove[place] ?? false)
      }
    }
  }

  /// What is left open: whether a variable spends, or whether the period before one of the floors is at or above its turn.
  enum Choice {
    case spends(Int)
    case isAbove(Int)
  }

  /// All of them.
  var all: [Choice] { least.keys.sorted().map(Choice.spends) + floors.indices.map(Choice.isAbove) }

  // MARK: Parts

  /// All that is convex of a part; nil where its choices contradict each other or the bounds.
  func polytope(of part: inout Part) -> SparsePolytope? {
    for flight in limits.flights {
      guard let runs = flight.completed(flight.variables.map { part.isOn[$0] }) else { return nil }
      for (variable, isOn) in zip(flight.variables, runs) where isOn != nil { part.isOn[variable] = isOn }
    }
    var own = polytope
    for (variable, isOn) in part.isOn {
      if isOn {
        own.lower[variable] = max(own.lower[variable], least[variable] ?? 0)
      } else {
        own.upper[variable] = min(own.upper[variable], limits.lower[variable] / money)
      }
    }
    for (place, isAbove) in part.isAbove {
      let (limit, row) = floors[place]
      guard let turn = limit.turn, let floor = limit.floor else { continue }
      let (period, before) = (limit.places[0], limit.places[1])
      if isAbove {
        own.lower[before] = max(own.lower[before], turn / money)
        own.rows[row].coefficients = limit.coefficients.map { $0 / limit.size }
        own.rows[row].upper = limit.upper / limit.size / money
      } else {
        own.upper[before] = min(own.upper[before], turn / money)
        own.upper[period] = min(own.upper[period], floor / money)
      }
    }
    let rounding = 1e-12
    for variable in own.lower.indices {
      if own.lower[variable] > own.upper[variable] + rounding { return nil }
      own.upper[variable] = max(own.lower[variable], own.upper[variable])
    }
    return own.reduced()
  }

  /// All that is convex of the choices that a plan makes, money by cell and period: what is off stays off, what is on stays on.
  func polytope(asIn spend: [Double]) -> SparsePolytope? {
    var part = Part(start: spend.map { $0 / money })
    for variable in least.keys { part.isOn[variable] = spend[variable] > limits.lower[variable] }
    for (place, (limit, _)) in floors.enumerated() {
      part.isAbove[place] = limit.turn.map { spend[limit.places[1]] >= $0 }
    }
    return polytope(of: &part)
  }

  /// A choice that a point does not make, both ways, the one that the point is nearer to last.
  func split(_ part: Part, at x: [Double]) -> [Part]? {
    let slack = 1e-9
    func both(_ change: (inout Part, Bool) -> Void, nearer: Bool) -> [Part] {
      [!nearer, nearer].map { side in
        var own = part
        change(&own, side)
        return own
      }
    }
    var worst: (variable: Int, missed: Double)?
    for (variable, least) in least where part.isOn[variable] == nil {
      let missed = min(x[variable] - limits.lower[variable] / money, least - x[variable])
      if missed > slack, (missed, -variable) > (worst?.missed ?? 0, -(worst?.variable ?? .max)) {
        worst = (variable, missed)
      }
    }
    if let variable = worst?.variable {
      return both({ $0.isOn[variable] = $1 }, nearer: 2 * x[variable] >= (least[variable] ?? 0))
    }
    for (place, (limit, _)) in floors.enumerated() where part.isAbove[place] == nil {
      guard let turn = limit.turn, limit.slack(at: x.map { $0 * money }) < -slack * money else { continue }
      return both({ $0.isAbove[place] = $1 }, nearer: x[limit.places[1]] >= turn / money)
    }
    for flight in limits.flights {
      guard let short = flight.shortfall(x, tolerance: slack) else { continue }
      let run = flight.variables.indices.filter { $0 + 1 >= short.period && part.isOn[flight.variables[$0]] == nil }
      guard let period = run.first else { continue }
      let variable = flight.variables[period]
      return both({ $0.isOn[variable] = $1 }, nearer: x[variable] > slack)
    }
    return nil
  }

  /// The choices that a point is nearest to, runs completed.
  func nearest(_ part: Part, to x: [Double]) -> Part {
    var own = part
    for (variable, least) in least where own.isOn[variable] == nil { own.isOn[variable] = 2 * x[variable] >= least }
    for flight in limits.flights {
      let runs = flight.mended(flight.variables.map { own.isOn[$0] ?? (x[$0] > 1e-9) })
      for (variable, isOn) in zip(flight.variables, runs) { own.isOn[variable] = isOn }
    }
    for (place, (limit, _)) in floors.enumerated() where own.isAbove[place] == nil {
      own.isAbove[place] = x[limit.places[1]] >= (limit.turn ?? 0) / money
    }
    return own
  }

  /// What is convex of the plans that make the choices that a point makes, or is nearest to.
  func made(near x: [Double]) -> SparsePolytope? {
    var part = nearest(whole(near: x), to: x)
    return polytope(of: &part)
  }

  // MARK: One period after the other

  /// All plans.
  func whole(near start: [Double]) -> Part {
    var part = Part(start: start)
    for variable in Set(limits.flights.flatMap(\.variables)) where polytope.lower[variable] == polytope.upper[variable]
    {
      part.isOn[variable] = polytope.lower[variable] > Self.spending
    }
    return part
  }

  /// Settles some variables at amounts, in shares, and what that says of runs.
  mutating func settle(_ places: [Int], at amounts: [Double], of part: inout Part) {
    for (place, amount) in zip(places, amounts) {
      (polytope.lower[place], polytope.upper[place]) = (amount, amount)
      if least[place] != nil { part.isOn[place] = amount > Self.spending }
    }
  }

  /// What is more than this share of the money is spent.
  private static let spending = 1e-9

  /// What ramps that begin from a floor allow after amounts that are settled: no choice is left there.
  func settleFloors(of part: inout Part) {
    for (place, (limit, _)) in floors.enumerated() where part.isAbove[place] == nil {
      let before = limit.places[1]
      guard let turn = limit.turn, polytope.lower[before] == polytope.upper[before] else { continue }
      part.isAbove[place] = polytope.lower[before] >= turn / money
    }
  }

  /// Of some variables what spends and what does not, as a point is nearest to, where that leaves a plan; else the other way round.
  func decided(_ places: [Int], of part: Part, at x: [Double]) -> Part {
    var part = part
    for place in places where part.isOn[place] == nil {
      guard let least = least[place] else { continue }
      let nearest = 2 * x[place] >= least
      for side in [nearest, !nearest] {
        var trial = part
        trial.isOn[place] = side
        guard somePlan(of: trial, triedAtMost: Self.stepParts).plan != nil else { continue }
        part = trial
        break
      }
    }
    return part
  }

  /// Parts that are looked at for each choice of a period.
  static let stepParts = 200

  // MARK: Some plan

  /// A plan that makes all choices; a sentence where there is none, or none is found.
  func somePlan(near start: [Double]) throws(InfeasiblePlan) -> [Double] {
    let names = limits.limits.filter { $0.kind == .offOrAtLeast }.map(\.name) + limits.flights.map(\.name)
    let (plan, isTold) = somePlan(of: whole(near: start), triedAtMost: PeriodChoices.triedParts)
    if let plan { return plan }
    throw InfeasiblePlan(
      isTold
        ? "no choice of what spends and what does not meets all limits: \(names.prefix(6).joined(separator: ", "))"
          + (names.count > 6 ? " and \(names.count - 6) more" : "")
        : "whether the limits can all be met could not be told: too many periods are off or at least at an amount",
      limits: names)
  }

  /// Parts that are looked at for a plan.
  private static let triedParts = 5_000

  /// A plan of a part that makes all choices; nil where none is found, and whether there is none.
  func somePlan(of whole: Part, triedAtMost limit: Int) -> (plan: [Double]?, isTold: Bool) {
    var open = [whole]
    var isTold = true
    var count = 0
    while var part = open.popLast() {
      guard count < limit else { return (nil, false) }
      count += 1
      guard let own = polytope(of: &part) else { continue }
      switch room(own, near: part.start) {
      case .empty: continue
      case .unknown: isTold = false
      case .inside(let point):
        guard let parts = split(part, at: point) else { return (point, true) }
        var near = nearest(part, to: point)
        if let settled = polytope(of: &near), case .inside(let point) = room(settled, near: point),
          split(near, at: point) == nil
        {
          return (point, true)
        }
        open += parts.map { half in
          var half = half
          half.start = point
          return half
        }
      }
    }
    return (nil, isTold)
  }

  func room(_ own: SparsePolytope, near start: [Double]) -> SparsePolytope.Room {
    let room = own.room(near: start)
    guard room == .unknown else { return room }
    return own.widened(by: PeriodLimits.widening).room(near: start)
  }
}
