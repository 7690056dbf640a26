import NumericKernel
import ResponseModel
import TestSupport
import Testing

struct OwnUtilityTests {
  @Test func `A utility of one's own needs properties and score only, and can be tested as ours are`() {
    expectUtility(MidRange(), translation: .equivariant)
    // (1 + 6)/2
    #expect(MidRange().value(of: [6.0, 1, 3, 2]) == 3.5)
  }

  @Test func `The conformance suite finds what a utility of one's own promises wrongly`() {
    for kind in Lie.Kind.allCases {
      let broken = brokenPromises(of: Lie(kind: kind), translation: .equivariant)
      #expect(broken.contains { $0.contains(kind.complaint) }, "\(kind) was not found out")
    }
    #expect(brokenPromises(of: Mean(), translation: .equivariant) == [])
  }
}

/// The mean, with one promise broken.
private struct Lie: Utility {
  enum Kind: CaseIterable {
    case weights, concave, nondecreasing, order, translation, edge, smoothed, hessian, surrogate

    /// What the suite says of it.
    var complaint: String {
      switch self {
      case .weights: "weights say"
      case .concave: "is above the supergradient's"
      case .nondecreasing: "better draws lower the score"
      case .order: "in another order"
      case .translation: "adding 5 makes"
      case .edge: "the score is nan"
      case .smoothed: "smoothed by 0.05, weights say"
      case .hessian: "the Hessian says"
      case .surrogate: "the surrogate exceeds"
      }
    }
  }

  let kind: Kind

  var properties: UtilityProperties {
    UtilityProperties(
      isConcave: kind == .concave, isNondecreasing: kind == .nondecreasing, isSmooth: false)
  }

  func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    let value = Mean().score(outcome, weights: &weights)
    switch kind {
    case .weights: weights[0] *= 1.001
    case .concave: return Quantile(level: 0.3).score(outcome, weights: &weights)
    case .nondecreasing: return MeanDeviation(lambda: 2).score(outcome, weights: &weights)
    case .order:
      weights[0] += 0.1
      return value + 0.1 * outcome[0]
    case .translation:
      for draw in 0..<outcome.count { weights[draw] *= 2 }
      return 2 * value
    case .edge: if outcome.count == 1 { return .nan }
    case .smoothed, .hessian, .surrogate: break
    }
    return value
  }

  func smoothed(_ outcome: Span<Double>, width: Double) -> SmoothScore? {
    var smooth = Mean().smoothed(outcome, width: width)
    if kind == .smoothed { smooth?.weights[0] *= 1.001 }
    if kind == .hessian { smooth?.diagonal = [Double](repeating: 0.01, count: outcome.count) }
    return kind == .smoothed || kind == .hessian ? smooth : nil
  }

  /// Touches nowhere, and exceeds the mean wherever the draws are spread.
  func concaveSurrogate(at outcome: Span<Double>) -> (any Utility)? {
    kind == .surrogate ? Quantile(level: 1) : nil
  }
}
