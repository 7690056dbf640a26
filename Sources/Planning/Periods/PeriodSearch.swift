import NumericKernel
import Optimisation
import ResponseModel

/// What was found of a plan by period, and what was proved of it: in shares of the money and in the scale of what was searched.
struct PeriodOutcome {
  var point: [Double]
  var value: Double
  /// No plan within the limits is above it; nil where nothing is proved.
  var upperBound: Double?
  /// What proves that bound without the solver; nil where it took a search.
  var bound: TangentBound?
  /// By row of the polytope and by variable, as `Solution` has them; nil where the end of the search does not say.
  var rowMultipliers: [Double]?
  var boundMultipliers: [Double]?
  var termination: Termination
  /// How far kinks were rounded off at last.
  var smoothing = 0.0
  /// Systems factored.
  var evaluations: Int
  /// Boxes, and choices of what is on and off, that were bounded.
  var boxes = 0
  var starts: [String]
  var bestStart: String

  init(_ outcome: InteriorPoint.Outcome, start: String) {
    (point, value, upperBound, bound) = (outcome.point, outcome.value, outcome.upperBound, outcome.bound)
    (rowMultipliers, boundMultipliers) = (outcome.rowMultipliers, outcome.boundMultipliers)
    (termination, smoothing, evaluations) = (outcome.termination, outcome.smoothing, outcome.iterations)
    (starts, bestStart) = ([start], start)
  }

  /// A plan that no search has led away from, of which nothing is proved.
  init(known point: [Double], value: Double, start: String) {
    (self.point, self.value, termination, evaluations) = (point, value, .stalled, 1)
    (starts, bestStart) = ([start], start)
  }
}

/// The search for a plan by period: an interior point where one hill is all there is, boxes where curves are S-shaped, several starts where
/// nothing can be bounded.
struct PeriodSearch {
  var objective: PeriodObjective
  var polytope: SparsePolytope
  /// Within the polytope, and what to call it.
  var start: [Double]
  let startName: String
  /// The proved gap, as a share, at which a search may end.
  let gap: Double
  /// Of what is drawn.
  var seed: UInt64 = 1
  var deadline: ContinuousClock.Instant

  let interior = InteriorPoint()

  /// Whether a bound is known that comes as near as is asked for, given time.
  var isBounded: Bool { objective.isOverestimable || turning != nil }

  /// The utility with what is above it, where draws may count against it; nil for others.
  var turning: TurningObjective? { TurningObjective(objective, over: polytope) }

  /// The best plan found; nil where the polytope has none that a search finds.
  ///
  /// - Parameter isThorough: whether hills are looked for beside those that guides lead to, where nothing bounds the utility from near.
  func best(isThorough: Bool = true) -> PeriodOutcome? {
    guard objective.isOverestimable else {
      return overestimated() ?? climbed(from: []).map { isThorough ? settled($0) : $0 }
    }
    guard objective.hasConcaveInner else { return boxed(objective) }
    return interior.maximum(of: objective, over: polytope, from: start, until: deadline).map {
      PeriodOutcome($0, start: startName)
    }
  }

  /// Boxes, then once more from where they led, for the prices of limits.
  private func boxed(_ objective: any OverestimableObjective, from known: PeriodOutcome? = nil) -> PeriodOutcome? {
    var search = EnvelopeSearch()
    search.gap = gap
    // Open boxes keep four numbers for each amount.
    search.boxLimit = min(search.boxLimit, max(Self.boxMemory / (4 * max(polytope.dimension, 1)), 1000))
    guard
      let found = search.maximum(of: objective, over: polytope, from: known?.point ?? start, until: deadline),
      let last = interior.maximum(
        of: objective, over: polytope, from: found.point, until: max(deadline, SearchClock.now + Self.lastClimb))
    else { return nil }
    var outcome = PeriodOutcome(last, start: known?.bestStart ?? startName)
    if found.value > last.value {
      (outcome.point, outcome.value) = (found.point, found.value)
      if last.value < found.value - 1e-9 * abs(found.value) {
        (outcome.rowMultipliers, outcome.boundMultipliers) = (nil, nil)
      }
    }
    (outcome.upperBound, outcome.bound) = (found.upperBound, nil)
    outcome.termination = found.termination
    outcome.boxes = found.boxes
    outcome.evaluations += found.iterations + (known?.evaluations ?? 0)
    if let known { outcome.starts = known.starts }
    return outcome
  }

  /// Numbers that open boxes may keep.
  private static let boxMemory = 40_000_000
  /// What prices may take when time is over.
  private static let lastClimb = Duration.seconds(1)

  /// Of a utility that falls where a good draw rises, the best climb, and the lower of two bounds: on what is least above it and never falls,
  /// and by boxes in which draws are known to be between two ends; nil where nothing such is known.
  private func overestimated() -> PeriodOutcome? {
    guard let rising = objective.utility.rising else { return nil }
    var above = self
    above.objective = objective.scoring(rising)
    guard let bound = above.best(), var outcome = climbed(from: [("best bound", bound.point)]) else { return nil }
    let first = bound.upperBound.map { $0 * above.objective.scale / objective.scale }
    outcome.upperBound = first
    outcome.bound = nil
    outcome.boxes = bound.boxes
    outcome.evaluations += bound.evaluations
    if bound.termination == .timeLimit { outcome.termination = .timeLimit }
    guard let first, first > outcome.value + gap * abs(outcome.value), let turning,
      var boxed = boxed(turning, from: outcome)
    else { return outcome }
    boxed.upperBound = min(first, boxed.upperBound ?? first)
    boxed.boxes += outcome.boxes
    guard boxed.value < outcome.value else { return boxed }
    // The climb's own end, prices and all.
    (outcome.upperBound, outcome.boxes, outcome.evaluations) = (boxed.upperBound, boxed.boxes, boxed.evaluations)
    outcome.termination = boxed.termination
    return outcome
  }

  /// From there money goes from amount to amount, and where there are kinks a crowd of points evolves, as in plans that are spread over their
  /// periods: of a few amounts, and where derivatives are known in full.
  func settled(_ known: PeriodOutcome) -> PeriodOutcome {
    let left = SearchClock.now.duration(to: deadline)
    let size = objective.dimension * objective.outcomeCount
    guard objective.dimension <= Self.settledAmounts, left > .zero else { return known }
    var search = LocalSearch()
    search.timeLimit = left
    search.exchanges = [1, 0.3, 0.1, 0.03, 0.01, 0.003]
    var evolution = DifferentialEvolution()
    evolution.generationLimit = 11
    evolution.evaluationLimit = min(Self.evolutions.most, Self.evolutions.size / max(size, 1))
    evolution.seed = seed
    search.evolution = evolution
    guard
      let found = search.maximum(
        of: objective, over: Polytope(polytope), from: [LocalSearch.Start(name: known.bestStart, point: known.point)])
    else { return known }
    var outcome = known
    outcome.evaluations += found.solution.evaluations
    let point = found.solution.point
    guard found.solution.value > known.value, polytope.violation(at: point) <= 1e-9 * polytope.width else {
      return outcome
    }
    (outcome.point, outcome.value) = (point, objective.value(at: point))
    (outcome.rowMultipliers, outcome.boundMultipliers, outcome.bound) = (nil, nil, nil)
    outcome.termination = found.solution.termination
    return outcome
  }

  /// Of more amounts an exchange between any two takes too long.
  private static let settledAmounts = 40
  /// Evaluations of an evolution, and these times draws and amounts.
  private static let evolutions = (most: 6000, size: 120_000_000)

  /// From the given start, from the best plans for the mean and for the worst tenth of draws, and from others.
  private func climbed(from others: [(String, [Double])]) -> PeriodOutcome? {
    let guides: [(String, any Utility)] = [("best mean", Mean()), ("best worst tenth", ExpectedShortfall(tail: 0.1))]
    var starts = [(startName, start)] + others
    for (name, utility) in guides {
      if let guide = interior.maximum(of: objective.scoring(utility), over: polytope, from: start, until: deadline) {
        starts.append((name, guide.point))
      }
    }
    var best: PeriodOutcome?
    var (evaluations, isCut) = (0, false)
    for (name, point) in starts {
      guard let found = interior.maximum(of: objective, over: polytope, from: point, until: deadline) else { continue }
      evaluations += found.iterations
      isCut = isCut || found.termination == .timeLimit
      if best.map({ found.value > $0.value }) ?? true { best = PeriodOutcome(found, start: name) }
      // A guide is a plan, too, and a climb may end below where it began.
      let value = objective.value(at: point)
      if polytope.violation(at: point) <= 1e-9 * polytope.width, value > best?.value ?? -.infinity {
        best?.point = point
        best?.value = value
        best?.bestStart = name
        best?.rowMultipliers = nil
        best?.boundMultipliers = nil
      }
    }
    best?.starts = starts.map(\.0)
    best?.evaluations = evaluations
    if isCut { best?.termination = .timeLimit }
    return best
  }
}

extension PeriodPlan {
  /// The search of the whole plan.
  func search(until deadline: ContinuousClock.Instant) -> PeriodOutcome {
    guard let polytope else { preconditionFailure("A plan is optimised that was compiled to score an allocation.") }
    let search = PeriodSearch(
      objective: searched, polytope: polytope, start: inside, startName: current == nil ? "uniform" : "current",
      gap: plan.solver.gap, seed: UInt64(bitPattern: Int64(plan.solver.seed)), deadline: deadline)
    var choices = limits.hasChoices ? PeriodChoiceSearch(PeriodChoices(self, polytope), search) : nil
    let found = choices == nil ? search.best() : choices?.outcome(from: inside)
    if let found { return found }
    // Arithmetic that fails everywhere leaves the plan that showed the limits to have one.
    precondition(
      limits.allow(inside.map { $0 * money }, tolerance: tolerance),
      "Limits that were found to have a plan inside leave none.")
    return PeriodOutcome(known: inside, value: search.objective.value(at: inside), start: search.startName)
  }

  /// Back to money: exactly at the bounds where the solver is, or so near to them that limits let the rest go, and exactly the budget where that
  /// is spent.
  func spend(_ x: [Double]) -> [Double] {
    let exact = spent(x)
    guard let polytope else { return exact }
    let value = score(spend: exact)
    for nearness in PeriodPlan.nearness {
      if let tidy = tidied(exact, within: nearness * polytope.width * money),
        score(spend: tidy) >= value - 1e-10 * abs(value)
      {
        return tidy
      }
    }
    return exact
  }

  /// An interior point ends this near to a bound, in widths of the polytope, where it would be at it.
  private static let nearness = [1e-6, 1e-7, 1e-8]

  /// The same with amounts so near to their bounds at them, but for those that keep some limit from holding there; nil where none is left.
  private func tidied(_ exact: [Double], within near: Double) -> [Double]? {
    var ends: [Int: Double] = [:]
    for (variable, amount) in exact.enumerated() {
      let (lower, upper) = (limits.lower[variable], limits.upper[variable])
      if amount - lower <= near { ends[variable] = lower } else if upper - amount <= near { ends[variable] = upper }
    }
    ends = ends.filter { exact[$0.key] != $0.value }
    while !ends.isEmpty {
      let tidy = moved(exact, to: ends)
      let broken = limits.limits.filter { $0.slack(at: tidy) < -tolerance }
      if broken.isEmpty { return limits.allow(tidy, tolerance: tolerance) ? tidy : nil }
      let kept = broken.flatMap(\.places).filter { ends.removeValue(forKey: $0) != nil }
      if kept.isEmpty { return nil }
    }
    return nil
  }

  /// Some of the amounts moved, and what that takes from the budget, or leaves of it, taken from or given to the amount with the most room.
  private func moved(_ spend: [Double], to ends: [Int: Double]) -> [Double] {
    var moved = spend
    for (variable, end) in ends { moved[variable] = end }
    guard spends(spend, any: limits.budgetEnds) != nil else { return moved }
    let whole = spend.reduce(0, +)
    let missing = whole - moved.reduce(0, +)
    var room = moved.indices.map { missing > 0 ? limits.upper[$0] - moved[$0] : moved[$0] - limits.lower[$0] }
    for limit in limits.limits where limit.kind == .sum || limit.kind == .ramp {
      let value = limit.value(at: moved)
      for (place, coefficient) in zip(limit.places, limit.coefficients) {
        let isRising = (coefficient > 0) == (missing > 0)
        room[place] = min(room[place], (isRising ? limit.upper - value : value - limit.lower) / abs(coefficient))
      }
    }
    let inside = room.indices.filter { moved[$0] > limits.lower[$0] && moved[$0] < limits.upper[$0] }
    guard let widest = inside.max(by: { room[$0] < room[$1] }) else { return moved }
    moved[widest] += missing
    return settled(moved, at: whole)
  }

  /// The end that all amounts together come to, if they come to one.
  private func spends(_ spend: [Double], any ends: [Double]) -> Double? {
    let spent = spend.reduce(0, +)
    return ends.first { abs(spent - $0) <= tolerance }
  }

  private func spent(_ x: [Double]) -> [Double] {
    guard let polytope else { return x.map { $0 * money } }
    let spend = x.indices.map { j in
      if x[j] <= polytope.lower[j] {
        return polytope.lower[j] == limits.lower[j] / money ? limits.lower[j] : x[j] * money
      }
      if x[j] >= polytope.upper[j], polytope.upper[j] == limits.upper[j] / money { return limits.upper[j] }
      return min(max(x[j] * money, limits.lower[j]), limits.upper[j])
    }
    return spends(spend, any: limits.budgetEnds).map { settled(spend, at: $0) } ?? spend
  }

  /// The same with what rounding left over in the amount with the most room. Twice: the first correction is itself rounded.
  private func settled(_ spend: [Double], at end: Double) -> [Double] {
    var spend = spend
    for _ in 0..<2 {
      let missing = end - spend.reduce(0, +)
      guard missing != 0 else { break }
      func room(_ j: Int) -> Double { min(spend[j] - limits.lower[j], limits.upper[j] - spend[j]) }
      guard let widest = spend.indices.max(by: { room($0) < room($1) }), room(widest) >= abs(missing) else { break }
      spend[widest] += missing
    }
    return spend
  }

  /// A proof by tangents in money and in the utility's own unit; nil where it took a search.
  func certificate(_ outcome: PeriodOutcome, _ searched: PeriodObjective) -> Certificate? {
    guard let bound = outcome.bound, let value = outcome.upperBound else { return nil }
    let perMoney = searched.scale / money
    return Certificate(
      proof: .tangents(
        TangentBound(
          point: bound.point.map { $0 * money },
          supports: bound.supports.map {
            TangentBound.Support(step: $0.step.map { $0 * money }, weight: $0.weight, smoothing: $0.smoothing)
          }, rowMultipliers: bound.rowMultipliers.map { $0 * perMoney })),
      upperBound: concluded(value, searched))
  }

  /// The bound that a certificate proves, computed anew from the draws; nil where it proves none.
  func upperBound(by certificate: Certificate) -> Double? {
    guard let polytope, case .tangents(let bound) = certificate.proof, bound.point.count == variableCount,
      bound.supports.allSatisfy({ $0.step.count == variableCount }), bound.rowMultipliers.count == polytope.rows.count
    else { return nil }
    let searched = searched
    let shares = bound.point.map { $0 / money }
    let ends = zip(polytope.lower, polytope.upper)
    guard zip(shares, ends).allSatisfy({ $0 >= $1.0 - 1e-12 && $0 <= $1.1 + 1e-12 }) else { return nil }
    return TangentBound(
      point: zip(shares, ends).map { min(max($0, $1.0), $1.1) },
      supports: bound.supports.map {
        TangentBound.Support(step: $0.step.map { $0 / money }, weight: $0.weight, smoothing: $0.smoothing)
      }, rowMultipliers: bound.rowMultipliers.map { $0 / (searched.scale / money) }
    ).value(of: searched, over: polytope).map { concluded($0, searched) }
  }
}
