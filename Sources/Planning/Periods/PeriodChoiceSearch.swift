import NumericKernel
import Optimisation
import ResponseModel

/// The best plan of those that make all choices. Branch and bound: each part of the plans is bounded as a plan without choices, and split where its
/// best plan makes none; where nothing can be bounded, one choice after the other is made the other way round.
struct PeriodChoiceSearch {
  private typealias Part = PeriodChoices.Part

  private let choices: PeriodChoices
  private let search: PeriodSearch
  private var best: PeriodOutcome?
  private var boxes = 0
  private var evaluations = 0
  private var isCut = false
  /// Parts that may hold something better.
  private var open: [Part] = []
  /// The greatest bound of those that are done with.
  private var closed = -Double.infinity
  /// That of all plans as if they made no choices: if no other is needed it is all there is to be replayed.
  private var first: TangentBound?

  init(_ choices: PeriodChoices, _ search: PeriodSearch) { (self.choices, self.search) = (choices, search) }

  /// The best plan found, and the greatest bound of all parts.
  ///
  /// - Parameter known: a plan that makes all choices.
  mutating func outcome(from known: [Double]) -> PeriodOutcome? {
    consider(near: known)
    return search.isBounded ? bounded(from: known) : climbed(from: known)
  }

  // MARK: Plans

  /// The best plan that makes the choices that a point is nearest to.
  private mutating func consider(near point: [Double]) {
    consider(choices.nearest(choices.whole(near: point), to: point))
  }

  private mutating func consider(_ part: Part) {
    var near = part
    guard let own = choices.polytope(of: &near) else { return }
    var inner = search
    (inner.polytope, inner.start) = (own, near.start)
    guard let found = inner.climb(), choices.split(near, at: found.point) == nil else { return }
    evaluations += found.evaluations
    if found.value > best?.value ?? -.infinity { best = found }
  }

  // MARK: Bounds

  /// Parts that are bounded at most.
  private static let partLimit = 20_000

  /// Of the time that is left, for a part whose choices are made and that takes boxes of its own.
  private static let partShare = 0.5

  private mutating func bounded(from known: [Double]) -> PeriodOutcome? {
    bound(choices.whole(near: known))
    while let place = open.indices.max(by: { open[$0].bound < open[$1].bound }), isOpen(open[place].bound) {
      isCut = SearchClock.now >= search.deadline
      if isCut || boxes >= Self.partLimit { break }
      let part = open.remove(at: place)
      for half in choices.split(part, at: part.start) ?? [] { bound(half) }
    }
    guard var outcome = best else { return nil }
    let greatest = max(closed, open.reduce(outcome.value) { max($0, $1.bound) })
    outcome.upperBound = greatest.isFinite ? greatest : nil
    outcome.bound = boxes == 1 && search.isExact ? first : nil
    (outcome.boxes, outcome.evaluations) = (boxes, evaluations)
    // A part may have taken all the time that it was given.
    isCut = isCut || isOpen(greatest) && !search.isExact && boxes < Self.partLimit
    outcome.termination =
      isCut ? .timeLimit : boxes >= Self.partLimit ? .iterationLimit : isOpen(greatest) ? .stalled : .converged
    return outcome
  }

  /// Whether what is below a bound may be better by more than the gap that is asked for.
  private func isOpen(_ bound: Double) -> Bool {
    best.map { bound > $0.value + search.gap * abs($0.value) } ?? true
  }

  /// Bounds a part and keeps it, unless it is empty or can hold nothing better.
  private mutating func bound(_ candidate: Part) {
    var part = candidate
    guard let own = choices.polytope(of: &part) else { return }
    boxes += 1
    var inner = search
    (inner.polytope, inner.start) = (own, part.start)
    guard let relaxed = inner.relaxed() else {
      if case .empty = choices.room(own, near: part.start) { return }
      closed = max(closed, part.bound)
      return
    }
    evaluations += relaxed.evaluations
    if boxes == 1 { first = relaxed.bound }
    part.bound = min(part.bound, relaxed.upperBound ?? .infinity)
    part.start = relaxed.point
    if choices.split(part, at: relaxed.point) == nil {
      // What is left is a plan without choices: its best is one of the part's where it makes them all.
      let now = SearchClock.now
      inner.deadline = now.advanced(by: now.duration(to: search.deadline) * Self.partShare)
      guard let found = search.isExact ? relaxed : inner.best() else {
        // A search that finds nothing has not shown that nothing is there.
        closed = max(closed, part.bound)
        return
      }
      part.bound = min(part.bound, found.upperBound ?? .infinity)
      if choices.split(part, at: found.point) == nil {
        if found.value > best?.value ?? -.infinity { best = found }
        closed = max(closed, part.bound)
        return
      }
      part.start = found.point
      consider(choices.nearest(part, to: found.point))
    } else if boxes & (boxes - 1) == 0 || best == nil {
      consider(choices.nearest(part, to: relaxed.point))
    }
    open.append(part)
  }

  // MARK: Without bounds

  /// Of the time that is left, for each of the guides.
  private static let guideShare = 0.3

  /// Of so many choices any two are turned together.
  private static let pairedChoices = 12

  private mutating func climbed(from known: [Double]) -> PeriodOutcome? {
    let guides = self.guides(from: known)
    for point in guides.points { consider(near: point) }
    turnChoices()
    settle()
    best?.upperBound = guides.upperBound
    best?.bound = nil
    best?.evaluations = evaluations
    if isCut { best?.termination = .timeLimit }
    return best
  }

  /// Plans that other utilities make their choices by, where the own permits no bound: the mean, the worst tenth of draws, and what is least
  /// above the own utility and never falls, which bounds it.
  private func guides(from known: [Double]) -> (points: [[Double]], upperBound: Double?) {
    var points: [[Double]] = []
    var upperBound: Double?
    let rising = search.objective.utility.rising
    for utility in [rising, Mean(), ExpectedShortfall(tail: 0.1)].compactMap(\.self) {
      var own = search
      own.objective = search.objective.scoring(utility)
      guard own.objective.isOverestimable else { continue }
      let now = SearchClock.now
      own.deadline = now.advanced(by: now.duration(to: search.deadline) * Self.guideShare)
      var inner = PeriodChoiceSearch(choices, own)
      guard let found = inner.outcome(from: known) else { continue }
      points.append(found.point)
      if rising != nil, points.count == 1 {
        upperBound = found.upperBound.map { $0 * own.objective.scale / search.objective.scale }
      }
    }
    return (points, upperBound)
  }

  /// One choice after the other is made the other way round, and two where they are few, for as long as that helps.
  private mutating func turnChoices() {
    let all = choices.all
    let pairs = all.count > Self.pairedChoices ? [] : all.indices.flatMap { a in (0..<a).map { [$0, a] } }
    var isHigher = true
    while isHigher, let here = best {
      isHigher = false
      let made = choices.nearest(choices.whole(near: here.point), to: here.point)
      for places in all.indices.map({ [$0] }) + pairs where !isHigher {
        if SearchClock.now >= search.deadline {
          isCut = true
          break
        }
        var other = made
        for place in places { other.turn(all[place]) }
        consider(other)
        isHigher = (best?.value ?? here.value) > here.value + 1e-12 * abs(here.value)
      }
    }
  }

  /// The best plan with its choices as they are, to the last digits.
  private mutating func settle() {
    guard let here = best else { return }
    var part = choices.nearest(choices.whole(near: here.point), to: here.point)
    guard let own = choices.polytope(of: &part) else { return }
    var inner = search
    inner.polytope = own
    let settled = inner.settled(here)
    evaluations += settled.evaluations - here.evaluations
    if choices.split(part, at: settled.point) == nil { best = settled }
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
