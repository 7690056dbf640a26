import NumericKernel
public import ResponseModel
public import Testing

/// What adding one amount to every draw does to a score.
public enum Translation: Sendable {
  /// It adds that amount.
  case equivariant
  /// Nothing.
  case invariant
  /// Something else: the score knows an amount (a target, a reference), or is a ratio.
  case none
}

/// Fails the test unless the utility keeps every promise of `Utility`: at random outcomes its weights are its derivatives, its
/// properties hold, the order of draws does not matter, ties, equal draws and a single draw score, the smoothed score tends to
/// the score with derivatives that match differences, as the rounded one's do, with a plane above the score, and the surrogate touches and is exceeded by nothing worse.
///
/// Outcomes are about 10 with a spread of about 2: a target is best put between 8 and 12.
public func expectUtility(
  _ utility: any Utility, translation: Translation, sourceLocation: SourceLocation = #_sourceLocation
) {
  for promise in brokenPromises(of: utility, translation: translation) {
    Issue.record("\(utility): \(promise)", sourceLocation: sourceLocation)
  }
}

/// What `expectUtility` finds wrong, each with the numbers that show it.
public func brokenPromises(of utility: any Utility, translation: Translation) -> [String] {
  let suite = UtilityConformance(utility: utility, translation: translation)
  suite.expectAll()
  return suite.complaints
}

private final class UtilityConformance {
  let utility: any Utility
  let translation: Translation
  var complaints: [String] = []

  init(utility: any Utility, translation: Translation) {
    self.utility = utility
    self.translation = translation
  }

  // Tails and quantiles of these fall on whole draws and between.
  static let counts = [2, 3, 7, 20, 41]

  func expectAll() {
    var source = TestRandom(seed: 20_240_601)
    for count in UtilityConformance.counts {
      for _ in 0..<4 {
        let outcome = source.outcome(count: count)
        expectWeights(outcome, &source)
        expectInvariances(outcome, &source)
        expectSurrogate(outcome, &source)
        expectSmoothed(outcome, &source)
        expectRounded(outcome, &source)
        if utility.properties.isNondecreasing { expectNondecreasing(outcome, &source) }
        if utility.properties.isConcave { expectConcave(outcome, source.outcome(count: count), &source) }
      }
    }
    expectEdges(&source)
  }

  func score(_ outcome: [Double]) -> Double { utility.score(outcome.span) }

  func weighted(_ outcome: [Double]) -> (value: Double, weights: [Double]) { utility.weightedScore(outcome.span) }

  func smoothed(_ outcome: [Double], _ width: Double) -> SmoothScore? { utility.smoothed(outcome.span, width: width) }

  func inner(_ a: [Double], _ b: [Double]) -> Double { dot(a.span, b.span) }

  func minus(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 - $1 } }

  func expect(_ condition: Bool, _ complaint: @autoclosure () -> String) {
    if !condition { complaints.append(complaint()) }
  }

  /// `a = b` relative to the larger of both and `scale`.
  func isNear(_ a: Double, _ b: Double, tolerance: Double, scale: Double = 1) -> Bool {
    abs(a - b) <= tolerance * max(abs(a), abs(b), scale)
  }

  // MARK: Score and weights

  /// Random draws differ, so that every utility is differentiable there: central differences of step 1e-6 err by about 1e-10
  /// from rounding and less from curvature.
  func expectWeights(_ outcome: [Double], _ source: inout TestRandom) {
    let (value, weights) = weighted(outcome)
    expect(value == score(outcome), "the score depends on whether its weights are asked for")
    for _ in 0..<3 {
      let direction = source.direction(count: outcome.count)
      let slope = difference { score(step(outcome, direction, $0)) }
      let promised = inner(weights, direction)
      expect(
        isNear(slope, promised, tolerance: 1e-6, scale: abs(value)), "weights say \(promised), differences \(slope)")
    }
  }

  func expectInvariances(_ outcome: [Double], _ source: inout TestRandom) {
    let (value, weights) = weighted(outcome)
    let order = source.permutation(count: outcome.count)
    let permuted = weighted(order.map { outcome[$0] })
    expect(isNear(permuted.value, value, tolerance: 1e-12), "\(value) becomes \(permuted.value) in another order")
    for (place, draw) in order.enumerated() {
      expect(isNear(permuted.weights[place], weights[draw], tolerance: 1e-12), "weights do not move with their draws")
    }
    let moved = score(outcome.map { $0 + 5 })
    switch translation {
    case .equivariant: expect(isNear(moved, value + 5, tolerance: 1e-12), "adding 5 makes \(value) \(moved)")
    case .invariant: expect(isNear(moved, value, tolerance: 1e-12), "adding 5 makes \(value) \(moved)")
    case .none: break
    }
  }

  func expectNondecreasing(_ outcome: [Double], _ source: inout TestRandom) {
    let (value, weights) = weighted(outcome)
    expect(weights.allSatisfy { $0 >= -1e-15 }, "nondecreasing, with a negative weight")
    let better = outcome.map { $0 + max(0, source.normal()) }
    expect(score(better) >= value - 1e-12, "better draws lower the score from \(value) to \(score(better))")
  }

  func expectConcave(_ a: [Double], _ b: [Double], _ source: inout TestRandom) {
    let (value, weights) = weighted(a)
    let plane = value + inner(weights, minus(b, a))
    expect(score(b) <= plane + 1e-12 * abs(plane), "\(score(b)) is above the supergradient's \(plane)")
    let share = source.uniform()
    let between = score(zip(a, b).map { (1 - share) * $0 + share * $1 })
    let chord = (1 - share) * value + share * score(b)
    expect(between >= chord - 1e-12 * abs(chord), "\(between) on a segment is below its chord, \(chord)")
  }

  // MARK: Edges

  func expectEdges(_ source: inout TestRandom) {
    // One draw, equal draws (0.1 is no sum of powers of two), no outcome at all, ties, and sizes far from 1.
    let edges: [[Double]] = [
      [3], [0], [-2], [0.1, 0.1, 0.1], [0, 0, 0, 0], [-7, -7], [1, 1, 2, 2, 2, 3], [10, 10, 10, 10, 12], [0, 0, 0, 5],
      [-1, 1], [1e100, 2e100, 5e100], [1e-100, 2e-100, 5e-100], [1e9, 1e9 + 1, 1e9 + 3], [-1e9, 0, 1e9],
    ]
    for outcome in edges {
      let (value, weights) = weighted(outcome)
      expect(
        !value.isNaN && weights.allSatisfy(\.isFinite), "of \(outcome) the score is \(value), the weights \(weights)")
      for width in [0, 0.1] {
        guard let smooth = smoothed(outcome, width) else { continue }
        let product = smooth.hessianTimes(outcome.map { $0 / (abs($0) + 1) })
        expect(
          !smooth.value.isNaN && (smooth.weights + product).allSatisfy { !$0.isNaN },
          "of \(outcome) the score smoothed by \(width) is \(smooth.value), \(smooth.weights), \(product)")
      }
      if utility.properties.isConcave {
        let size = outcome.reduce(1) { max($0, abs($1)) }
        for _ in 0..<5 {
          let other = outcome.map { $0 + source.normal() }
          let plane = value + inner(weights, minus(other, outcome))
          expect(
            score(other) <= plane + 1e-9 * abs(plane) + 1e-15 * size * Double(outcome.count),
            "at the tie \(outcome) the weights are no supergradient: \(score(other)) is above \(plane)")
        }
      }
      expectTouching(outcome)
    }
  }

  // MARK: Smoothed

  func expectSmoothed(_ outcome: [Double], _ source: inout TestRandom) {
    guard let sharp = smoothed(outcome, 1e-9) else { return }
    // What is rounded is at most a few distances of 1e-9 away.
    expect(
      isNear(sharp.value, score(outcome), tolerance: 1e-7), "\(sharp.value) smoothed by 1e-9 is not \(score(outcome))")
    for width in [0.05, 0.5] {
      guard let smooth = smoothed(outcome, width) else {
        expect(false, "smoothed at one width only")
        return
      }
      for _ in 0..<2 {
        let direction = source.direction(count: outcome.count)
        let slope = difference {
          smoothed(step(outcome, direction, $0), width)?.value ?? .nan
        }
        expect(
          isNear(slope, inner(smooth.weights, direction), tolerance: 1e-6, scale: max(abs(smooth.value), 1e-9)),
          "smoothed by \(width), weights say \(inner(smooth.weights, direction)), differences \(slope)")
        let product = smooth.hessianTimes(direction)
        let ahead = smoothed(step(outcome, direction, differenceStep), width)?.weights ?? []
        let behind = smoothed(step(outcome, direction, -differenceStep), width)?.weights ?? []
        let scale = smooth.weights.reduce(1e-9) { max($0, abs($1)) }
        for draw in outcome.indices {
          let bend = (ahead[draw] - behind[draw]) / (2 * differenceStep)
          expect(
            isNear(bend, product[draw], tolerance: 1e-5, scale: scale),
            "smoothed by \(width), the Hessian says \(product[draw]), differences \(bend)")
        }
      }
      if utility.properties.isConcave {
        let direction = source.direction(count: outcome.count)
        let bend = inner(direction, smooth.hessianTimes(direction))
        expect(bend <= 1e-12, "concave, and smoothed by \(width) bends up by \(bend)")
      }
    }
  }

  /// A plane above the score, and derivatives of the rounded score that match differences.
  func expectRounded(_ outcome: [Double], _ source: inout TestRandom) {
    for distance in [0.1, 1] {
      guard let rounded = utility.rounded(outcome.span, distance: distance) else { return }
      let smooth = rounded.smooth
      let direction = source.direction(count: outcome.count)
      func moved(_ length: Double) -> SmoothScore? {
        utility.rounded(step(outcome, direction, length).span, distance: distance)?.smooth
      }
      let slope = difference { moved($0)?.value ?? .nan }
      expect(
        isNear(slope, inner(smooth.weights, direction), tolerance: 1e-6, scale: max(abs(smooth.value), 1e-9)),
        "rounded by \(distance), weights say \(inner(smooth.weights, direction)), differences \(slope)")
      let product = smooth.hessianTimes(direction)
      let (ahead, behind) = (moved(differenceStep)?.weights ?? [], moved(-differenceStep)?.weights ?? [])
      let scale = smooth.weights.reduce(1e-9) { max($0, abs($1)) }
      for draw in outcome.indices {
        let bend = (ahead[draw] - behind[draw]) / (2 * differenceStep)
        expect(
          isNear(bend, product[draw], tolerance: 1e-5, scale: scale),
          "rounded by \(distance), the Hessian says \(product[draw]), differences \(bend)")
      }
      guard let intercept = rounded.intercept else {
        expect(!utility.properties.isConcave, "a concave score without a plane above it")
        continue
      }
      for spread in [0, 0.1, 1, 10] {
        let other = step(outcome, source.direction(count: outcome.count), spread)
        let plane = intercept + inner(smooth.weights, other)
        expect(score(other) <= plane + 1e-12 * (abs(plane) + 10), "\(score(other)) is above the plane, \(plane)")
      }
    }
  }

  // MARK: Surrogate

  func expectTouching(_ outcome: [Double]) {
    guard let surrogate = utility.concaveSurrogate(at: outcome.span) else { return }
    let value = score(outcome)
    expect(surrogate.properties.isConcave, "the surrogate is not concave")
    let touched = surrogate.score(outcome.span)
    expect(isNear(touched, value, tolerance: 1e-12), "the surrogate does not touch at \(outcome)")
  }

  func expectSurrogate(_ outcome: [Double], _ source: inout TestRandom) {
    guard let surrogate = utility.concaveSurrogate(at: outcome.span) else { return }
    expectTouching(outcome)
    let (value, weights) = weighted(outcome)
    let own = surrogate.weightedScore(outcome.span)
    for (a, b) in zip(weights, own.weights) { expect(isNear(a, b, tolerance: 1e-12), "the surrogate's weights differ") }
    for size in [0.01, 0.3, 3, 10] {
      let other = outcome.map { $0 + size * source.normal() }
      // Of draws and of a rise of all of them, so that some are better.
      for rise in [0, size] {
        let point = other.map { $0 + rise }
        let climbed = surrogate.score(point.span)
        if climbed > value + 1e-9 * abs(value) {
          expect(score(point) > value, "the surrogate exceeds \(value), the score is only \(score(point))")
        }
        let plane = own.value + inner(own.weights, minus(point, outcome))
        expect(climbed <= plane + 1e-9 * (abs(plane) + 1), "the surrogate is not concave")
        let halfway = zip(point, outcome).map { ($0 + $1) / 2 }
        let middle = surrogate.score(halfway.span)
        expect(middle >= (climbed + own.value) / 2 - 1e-9 * (abs(climbed) + 1), "the surrogate bends up")
      }
    }
  }

  // MARK: Differences

  /// Small against the distance of draws, so that none change places; large against rounding.
  let differenceStep = 1e-6

  func difference(_ function: (Double) -> Double) -> Double {
    (function(differenceStep) - function(-differenceStep)) / (2 * differenceStep)
  }

  func step(_ outcome: [Double], _ direction: [Double], _ length: Double) -> [Double] {
    zip(outcome, direction).map { $0 + length * $1 }
  }
}

extension TestRandom {
  /// Skewed draws about 10, none nearer to another than 1e-3.
  fileprivate mutating func outcome(count: Int) -> [Double] {
    while true {
      let draws = (0..<count).map { _ in 9 + 1.5 * normal() + 1.5 * uniform() * uniform() }
      let sorted = draws.sorted()
      if zip(sorted, sorted.dropFirst()).allSatisfy({ $1 - $0 > 1e-3 }) { return draws }
    }
  }

  fileprivate mutating func direction(count: Int) -> [Double] { (0..<count).map { _ in normal() } }
}
