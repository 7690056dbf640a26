import Foundation

/// Random numbers that are the same on every machine (SplitMix64: Steele, Lea and Flood, OOPSLA 2014).
public struct RandomSource: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Any seed; seeds that differ give streams that have nothing to do with each other.
  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// From 0 to 1, neither included.
  public mutating func uniform() -> Double { (Double(next() >> 12) + 0.5) * 0x1p-52 }

  /// Of mean 0 and standard deviation 1 (Box and Muller, Ann. Math. Stat. 29, 1958).
  public mutating func normal() -> Double { (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform()) }

  /// One of `0..<count`, each as likely as the others but for 1 part in 2⁵² times the count.
  public mutating func index(below count: Int) -> Int {
    precondition(count > 0, "An index is drawn among one or more.")
    return min(count - 1, Int(uniform() * Double(count)))
  }
}
