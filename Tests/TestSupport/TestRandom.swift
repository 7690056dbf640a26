import Foundation

/// Random numbers that are the same in every run (SplitMix64: Steele, Lea and Flood, OOPSLA 2014).
public struct TestRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) {
    state = seed
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// From 0 to 1, neither included.
  public mutating func uniform() -> Double { (Double(next() >> 12) + 0.5) * 0x1p-52 }

  /// Of mean 0 and standard deviation 1 (Box and Muller, Ann. Math. Stat. 1958).
  public mutating func normal() -> Double { (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform()) }

  /// The numbers from 0, in random order.
  public mutating func permutation(count: Int) -> [Int] { (0..<count).shuffled(using: &self) }
}
