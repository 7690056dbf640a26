public import NumericKernel

/// Random numbers that are the same in every run.
public typealias TestRandom = RandomSource

extension RandomSource {
  /// The numbers from 0, in random order.
  public mutating func permutation(count: Int) -> [Int] { (0..<count).shuffled(using: &self) }
}
