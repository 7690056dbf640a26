import Apportion
import TestSupport

/// A generated problem: families, utilities, sizes and what is decided take turns.
struct AttackedProblem: CustomStringConvertible {
  enum Kind: String, CaseIterable {
    case spread = "by channel"
    case byPeriod = "by channel and period"
  }

  /// With options of the size of the outcome.
  static let utilities = [
    "mean", "{expected_shortfall: {tail: 0.1}}", "{mean_deviation: {lambda: 1}}", "{mean_variance: {lambda: 0.1}}",
    "mean_semideviation", "{entropic: {gamma: 0.5}}", "{shortfall: {target: 20, lambda: 2}}", "raroc", "sharpe",
    "{blend: {tail: 0.1}}", "{quantile: {level: 0.2}}", "{target_probability: {target: 12}}", "{blend: {level: 0.1}}",
  ]

  let kind: Kind
  let family: PlanFamily
  let utility: String
  let mayLeave: Bool
  let instance: PlanInstance
  let gap: Double
  /// By period, in multiples of an even share.
  private let most = 3.0

  init(number: Int, seed: UInt64) {
    var random = Xorshift(seed: seed &* 1000 &+ UInt64(number) &+ 1)
    func pick<T>(_ values: [T]) -> T { values[Int(random.uniform(0, Double(values.count)))] }
    kind = number.isMultiple(of: 3) ? .byPeriod : .spread
    family = PlanFamily.allCases[number % PlanFamily.allCases.count]
    utility = Self.utilities[number / 3 % Self.utilities.count]
    let isRatio = utility == "raroc" || utility == "sharpe"
    mayLeave = isRatio ? false : pick([false, true])
    gap = pick([1e-2, 1e-3, 1e-4])
    instance = family.instance(
      channels: pick(kind == .spread ? [2, 3, 4, 5, 6] : [2, 3]), draws: pick([50, 200, 400]),
      periods: pick(kind == .spread ? [1, 4, 8] : [2, 3, 4]), seed: seed &+ UInt64(number))
  }

  var description: String { "\(kind.rawValue), \(instance.name), \(utility), \(mayLeave ? "at most" : "exactly")" }

  func compiled() throws -> CompiledPlan {
    let lines = ["utility: \(utility)", "solver: {gap: \(gap), time_limit: 2}"].joined(separator: "\n")
    let text = kind == .spread ? instance.plan(lines) : instance.planByPeriod(upTo: most, lines)
    let budget = "budget: {total: \(instance.budget)"
    let own = text.replacing(budget + "}", with: budget + ", spend: \(mayLeave ? "at_most" : "exactly")}")
    return try CompiledPlan(PlanFile.parse(own, source: "plan.yaml", folder: ".").plan, instance.posterior)
  }

  func attack(on plan: CompiledPlan, seed: UInt64) -> BoundAttack {
    let count = plan.cellNames.count
    let even = instance.budget / Double(count)
    let isSpread = kind == .spread
    return BoundAttack(
      lower: isSpread ? instance.lower : [Double](repeating: 0, count: count),
      upper: isSpread ? instance.upper : [Double](repeating: most * even, count: count),
      budget: instance.budget, mayLeave: mayLeave, seed: seed
    ) { plan.score(spend: $0) }
  }
}
