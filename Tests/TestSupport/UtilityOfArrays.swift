public import ResponseModel

// Swift 6.3 stops with a fault of its own where a span is taken inside an autoclosure, as of `#expect` or `??`.

extension Utility {
  public func value(of outcome: [Double]) -> Double { score(outcome.span) }

  public func weighted(_ outcome: [Double]) -> (value: Double, weights: [Double]) { weightedScore(outcome.span) }

  public func surrogate(at outcome: [Double]) -> (any Utility)? { concaveSurrogate(at: outcome.span) }

  public func smoothed(_ outcome: [Double], width: Double) -> SmoothScore? { smoothed(outcome.span, width: width) }
}
