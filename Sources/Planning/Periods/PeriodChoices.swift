import NumericKernel
import Optimisation
import ResponseModel

/// What a plan by period leaves out between its limits: periods that spend nothing or at least so much, runs of them, and ramps that begin
/// from a floor. Branch and bound: each part of the plans is bounded as a plan without choices, and split where its best plan makes none.
struct PeriodChoices {
  private let limits: PeriodLimits
  private(set) var polytope: SparsePolytope
  private let money: Double
  /// By variable, in shares: what is spent where anything is; only of those that may be off.
  private let least: [Int: Double]
  /// Places among `limits`, and of each its row in the polytope.
  private let floors: [(limit: PeriodLimit, row: Int)]

  /// Parts that are bounded at most.
  private static let partLimit = 20_000

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
    fileprivate mutating func turn(_ choice: Choice) {
      switch choice {
      case .spends(let variable): isOn[variable] = !(isOn[variable] ?? false)
      case .isAbove(let place): isAbove[place] = !(isAbove[place] ?? false)
      }
    }
  }

  fileprivate enum Choice {
    case spends(Int)
    case isAbove(Int)
  }

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
  private func split(_ part: Part, at x: [Double]) -> [Part]? {
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
  private func nearest(_ part: Part, to x: [Double]) -> Part {
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

  // MARK: Searches

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

  private func room(_ own: SparsePolytope, near start: [Double]) -> SparsePolytope.Room {
    let room = own.room(near: start)
    guard room == .unknown else { return room }
    return own.widened(by: PeriodLimits.widening).room(near: start)
  }

  /// Plans that other utilities make their choices by, where the own permits no bound: the mean, the worst tenth of draws, and what is least
  /// above the own utility and never falls, which bounds it.
  private func guides(_ search: PeriodSearch, from known: [Double]) -> (points: [[Double]], upperBound: Double?) {
    var points: [[Double]] = []
    var upperBound: Double?
    let rising = search.objective.utility.rising
    for utility in [rising, Mean(), ExpectedShortfall(tail: 0.1)].compactMap(\.self) {
      var own = search
      own.objective = search.objective.scoring(utility)
      guard own.objective.isOverestimable else { continue }
      let now = SearchClock.now
      own.deadline = now.advanced(by: now.duration(to: search.deadline) * Self.guideShare)
      guard let found = best(own, from: known) else { continue }
      points.append(found.point)
      if rising != nil, points.count == 1 {
        upperBound = found.upperBound.map { $0 * own.objective.scale / search.objective.scale }
      }
    }
    return (points, upperBound)
  }

  /// Of the time that is left, for each of them.
  private static let guideShare = 0.3

  /// Of the time that is left, for a part whose choices are made and that takes boxes of its own.
  private static let partShare = 0.5

  /// Of so many choices any two are turned together.
  private static let pairedChoices = 12

  /// The best plan of the parts, and the greatest of their bounds.
  ///
  /// - Parameter known: a plan that makes all choices.
  func best(_ search: PeriodSearch, from known: [Double]) -> PeriodOutcome? {
    var best: PeriodOutcome?
    var (boxes, evaluations, isCut) = (0, 0, false)
    let (isBounded, isExact) = (search.isBounded, search.isExact)
    var closed = -Double.infinity
    var open: [Part] = []
    /// That of all plans as if they made no choices: if no other is needed it is all there is to be replayed.
    var first: TangentBound?

    func consider(_ part: Part) {
      var near = part
      guard let own = polytope(of: &near) else { return }
      var inner = search
      (inner.polytope, inner.start) = (own, near.start)
      guard let found = inner.climb(), split(near, at: found.point) == nil else { return }
      evaluations += found.evaluations
      if found.value > best?.value ?? -.infinity { best = found }
    }
    /// Bounds a part and keeps it, unless it is empty or can hold nothing better.
    func bound(_ candidate: Part) {
      var part = candidate
      guard let own = polytope(of: &part) else { return }
      boxes += 1
      var inner = search
      (inner.polytope, inner.start) = (own, part.start)
      guard let relaxed = inner.relaxed() else {
        switch room(own, near: part.start) {
        case .empty: return
        case .inside, .unknown:
          closed = max(closed, part.bound)
          return
        }
      }
      evaluations += relaxed.evaluations
      if boxes == 1 { first = relaxed.bound }
      part.bound = min(part.bound, relaxed.upperBound ?? .infinity)
      part.start = relaxed.point
      if split(part, at: relaxed.point) == nil {
        // What is left is a plan without choices: its best is one of the part's where it makes them all.
        let now = SearchClock.now
        inner.deadline = now.advanced(by: now.duration(to: search.deadline) * Self.partShare)
        guard let found = isExact ? relaxed : inner.best() else { return }
        part.bound = min(part.bound, found.upperBound ?? .infinity)
        if split(part, at: found.point) == nil {
          if found.value > best?.value ?? -.infinity { best = found }
          closed = max(closed, part.bound)
          return
        }
        part.start = found.point
        consider(nearest(part, to: found.point))
        open.append(part)
        return
      }
      if boxes & (boxes - 1) == 0 || best == nil { consider(nearest(part, to: relaxed.point)) }
      open.append(part)
    }
    consider(nearest(whole(near: known), to: known))
    guard isBounded else {
      let guides = self.guides(search, from: known)
      for point in guides.points { consider(nearest(whole(near: point), to: point)) }
      // One choice after the other is made the other way round, and two where they are few, for as long as that helps.
      let choices = least.keys.sorted().map(Choice.spends) + floors.indices.map(Choice.isAbove)
      let pairs = choices.count > Self.pairedChoices ? [] : choices.indices.flatMap { a in (0..<a).map { [$0, a] } }
      var isHigher = true
      while isHigher, let here = best {
        isHigher = false
        let made = nearest(whole(near: here.point), to: here.point)
        for places in choices.indices.map({ [$0] }) + pairs where !isHigher {
          if SearchClock.now >= search.deadline {
            isCut = true
            break
          }
          var other = made
          for place in places { other.turn(choices[place]) }
          consider(other)
          isHigher = (best?.value ?? here.value) > here.value + 1e-12 * abs(here.value)
        }
      }
      if let here = best {
        var part = nearest(whole(near: here.point), to: here.point)
        if let own = polytope(of: &part) {
          var inner = search
          inner.polytope = own
          let settled = inner.settled(here)
          evaluations += settled.evaluations - here.evaluations
          if split(part, at: settled.point) == nil { best = settled }
        }
      }
      best?.upperBound = guides.upperBound
      best?.bound = nil
      best?.evaluations = evaluations
      if isCut { best?.termination = .timeLimit }
      return best
    }
    bound(whole(near: known))
    func isOpen(_ bound: Double) -> Bool {
      best.map { bound > $0.value + search.gap * abs($0.value) } ?? true
    }
    while let place = open.indices.max(by: { open[$0].bound < open[$1].bound }), isOpen(open[place].bound) {
      isCut = SearchClock.now >= search.deadline
      if isCut || boxes >= PeriodChoices.partLimit { break }
      let part = open.remove(at: place)
      for half in split(part, at: part.start) ?? [] { bound(half) }
    }
    guard var outcome = best else { return nil }
    let greatest = max(closed, open.reduce(outcome.value) { max($0, $1.bound) })
    outcome.upperBound = greatest.isFinite ? greatest : nil
    outcome.bound = boxes == 1 && isExact ? first : nil
    (outcome.boxes, outcome.evaluations) = (boxes, evaluations)
    // A part may have taken all the time that it was given.
    isCut = isCut || isOpen(greatest) && !isExact && boxes < PeriodChoices.partLimit
    outcome.termination =
      isCut ? .timeLimit : boxes >= PeriodChoices.partLimit ? .iterationLimit : isOpen(greatest) ? .stalled : .converged
    return outcome
  }
}

extension PeriodSearch {
  /// Whether a plan's own multipliers prove it.
  fileprivate var isExact: Bool { objective.isOverestimable && objective.hasConcaveInner }

  /// A plan that is good enough to compare others with, without boxes.
  fileprivate func climb() -> PeriodOutcome? {
    guard isBounded, !isExact else { return best(isThorough: false) }
    return interior.maximum(of: objective, over: polytope, from: start, until: deadline).map {
      PeriodOutcome($0, start: startName)
    }
  }

  /// A bound on the polytope's plans and the plan that it is attained at, or near: of S-shaped curves, and where draws may count against the
  /// plan, that of what is above them.
  func relaxed() -> PeriodOutcome? {
    guard !isExact else { return best() }
    let curved: any OverestimableObjective = turning ?? objective
    guard let above = curved.overestimator(from: polytope.lower, to: polytope.upper) else { return nil }
    return interior.maximum(of: above, over: polytope, from: start, until: deadline).map {
      PeriodOutcome($0, start: startName)
    }
  }
}

// MARK: - Runs

extension PeriodFlight {
  /// The same with all periods that runs leave no choice; nil where they contradict each other.
  func completed(_ isOn: [Bool?]) -> [Bool?]? {
    var states = isOn
    guard holds(states) else { return nil }
    var isChanged = true
    while isChanged {
      isChanged = false
      for period in states.indices where states[period] == nil {
        let possible = [true, false].filter { side in
          var trial = states
          trial[period] = side
          return holds(trial)
        }
        guard let side = possible.first else { return nil }
        if possible.count == 1 {
          states[period] = side
          isChanged = true
        }
      }
    }
    return states
  }

  /// Whether every run that has begun and ended within the plan can still be long enough.
  private func holds(_ states: [Bool?]) -> Bool {
    for period in states.indices.dropFirst() {
      guard let isOn = states[period], let before = states[period - 1], isOn != before else { continue }
      // What begins here goes on, or to the end of the plan.
      let length = isOn ? onAtLeast : offAtLeast
      if states[period..<min(period + length, states.count)].contains(!isOn) { return false }
      // What ends here began long enough ago, or before the plan.
      let ended = before ? onAtLeast : offAtLeast
      if states[max(0, period - ended)..<period].contains(!before) { return false }
    }
    return true
  }

  /// Runs made long enough: what is too short on goes on, what is too short off is spent in.
  func mended(_ isOn: [Bool]) -> [Bool] {
    var states = isOn
    for _ in 0..<states.count {
      guard let short = shortfall(states) else { return states }
      if short.isOn {
        for period in short.period..<min(short.period + onAtLeast, states.count) { states[period] = true }
      } else {
        var period = short.period
        while period < states.count, !states[period] {
          states[period] = true
          period += 1
        }
      }
    }
    return states
  }

  private func shortfall(_ isOn: [Bool]) -> (period: Int, isOn: Bool)? {
    var start = 0
    for period in isOn.indices where period + 1 == isOn.count || isOn[period + 1] != isOn[period] {
      let length = period + 1 - start
      let isCut = start == 0 || period + 1 == isOn.count
      if !isCut, length < (isOn[period] ? onAtLeast : offAtLeast) { return (start, isOn[period]) }
      start = period + 1
    }
    return nil
  }

  /// The first run that is too short; nil where none is. What is spent before and after the plan is not known.
  func shortfall(_ spend: [Double], tolerance: Double) -> (period: Int, isOn: Bool)? {
    shortfall(variables.map { spend[$0] > tolerance })
  }
}
