import Foundation

/// Seeks a plan that scores above a bound, by nothing that solvers use: random plans within bounds and a budget, and climbs that move money from
/// one variable to another for as long as that scores more.
public struct BoundAttack {
  public let lower: [Double]
  public let upper: [Double]
  /// The bounds' lower ends sum to no more, and their upper ends to no less.
  public let budget: Double
  /// Whether some of the budget may be left.
  public let mayLeave: Bool
  /// Plans scored so far.
  public private(set) var count = 0
  /// The highest score of them.
  public private(set) var best = -Double.infinity
  private let score: ([Double]) -> Double
  private var random: Xorshift

  public init(
    lower: [Double], upper: [Double], budget: Double, mayLeave: Bool, seed: UInt64,
    score: @escaping ([Double]) -> Double
  ) {
    (self.lower, self.upper, self.budget, self.mayLeave, self.score) = (lower, upper, budget, mayLeave, score)
    random = Xorshift(seed: seed)
  }

  /// A random plan, of few variables or of many, and its score.
  @discardableResult
  public mutating func shot() -> (plan: [Double], score: Double) {
    let peakedness = pow(2, random.uniform(-1, 3))
    let weights = lower.map { _ in pow(-log(random.uniform(1e-12, 1)), peakedness) }
    let isLeaving = mayLeave && random.uniform(0, 1) < 0.3
    let plan = spread(weights, to: isLeaving ? random.uniform(lower.reduce(0, +), budget) : budget)
    return (plan, scored(plan))
  }

  /// A climb from a random plan: halves what it moves where no move scores more, until that is a millionth of the budget.
  @discardableResult
  public mutating func climb() -> (plan: [Double], score: Double) {
    var (plan, value) = shot()
    // What is left is one more variable.
    var left = max(0, budget - plan.reduce(0, +))
    let count = plan.count
    var step = budget / 4
    while step > 1e-6 * budget {
      var isHigher = false
      for from in 0...count {
        for to in 0...count where to != from && (mayLeave || from < count && to < count) {
          let given = from < count ? plan[from] - lower[from] : left
          let taken = to < count ? upper[to] - plan[to] : budget
          let move = min(step, given, taken)
          guard move > 0 else { continue }
          var next = plan
          if from < count { next[from] -= move }
          if to < count { next[to] += move }
          // Rounding does not grow: nothing is above its bounds or the budget by more than one.
          guard mayLeave ? next.reduce(0, +) <= budget : true else { continue }
          let there = scored(next)
          guard there > value else { continue }
          (plan, value, isHigher) = (next, there, true)
          left = max(0, budget - plan.reduce(0, +))
        }
      }
      if !isHigher { step /= 2 }
    }
    return (plan, value)
  }

  private mutating func scored(_ plan: [Double]) -> Double {
    let value = score(plan)
    count += 1
    // What is no number is no plan that anyone would take.
    if value > best { best = value }
    return value
  }

  /// Between the bounds in proportion to the weights, as far as these let it, and the whole sum but for rounding.
  private func spread(_ weights: [Double], to sum: Double) -> [Double] {
    func plan(_ height: Double) -> [Double] {
      weights.indices.map { min(lower[$0] + weights[$0] * height, upper[$0]) }
    }
    var (low, high) = (0.0, budget)
    while plan(high).reduce(0, +) < sum, high < 1e30 * budget { high *= 2 }
    for _ in 0..<200 {
      let middle = 0.5 * (low + high)
      if plan(middle).reduce(0, +) <= sum { low = middle } else { high = middle }
    }
    return plan(low)
  }
}
