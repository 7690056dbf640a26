import NumericKernel
public import ResponseModel

/// The mean of the worst and the best draw (Hurwicz): README's example of a utility of one's own.
public struct MidRange: Utility {
  public let properties = UtilityProperties(isConcave: false, isNondecreasing: true, isSmooth: false)

  public init() {}

  public func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    var worst = 0
    var best = 0
    for draw in 0..<outcome.count {
      weights[draw] = 0
      if outcome[draw] < outcome[worst] { worst = draw }
      if outcome[draw] > outcome[best] { best = draw }
    }
    weights[worst] += 0.5
    weights[best] += 0.5
    return (outcome[worst] + outcome[best]) / 2
  }
}
