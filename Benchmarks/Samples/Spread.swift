/// The middle and the greatest of some numbers.
public struct Spread {
  public var median: Double
  public var most: Double

  /// Of one number or more.
  public init(_ numbers: [Double]) {
    let sorted = numbers.sorted()
    median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    most = sorted[sorted.count - 1]
  }
}
