import NumericKernel
import ResponseModel
import TestSupport
import Testing

@testable import Planning

/// Plans by period that leave something out between their limits, with S-shaped curves and with utilities that nothing bounds from near.
@Suite struct PeriodChoicesTests {
  /// Two channels of steep Hill curves over forty draws, carried over three periods.
  private func posterior() -> Posterior {
    var random = TestRandom(seed: 11)
    var posterior = smallPosterior(history: false, draws: 40)
    posterior.dims[0].labels = ["tv", "radio"]
    posterior.cells = ["tv", "radio"].map { channel in
      let parameters = [(0.5, 1.5), (0.2, 0.5), (1.5, 4.0)].map { low, high in
        (0..<40).map { _ in Double.random(in: low...high, using: &random) }
      }
      // In the family's order.
      let columns = Hill.parameters.map { parameter in
        switch parameter.name {
        case "slope": parameters[2]
        case "kappa": parameters[1]
        default: parameters[0]
        }
      }
      return Cell(
        labels: [channel], saturation: Hill.self,
        saturationParameters: DrawMatrix(columns: columns, drawCount: 40), carryover: Geometric.self,
        carryoverParameters: DrawMatrix(
          columns: [(0..<40).map { _ in Double.random(in: 0.1...0.5, using: &random) }], drawCount: 40),
        window: 3, isNormalized: true, mediaScale: 100, outcomeScale: 100, history: [])
    }
    return posterior
  }

  @Test(arguments: [
    "mean", "{expected_shortfall: {tail: 0.13}}", "{mean_deviation: {}}", "{quantile: {level: 0.1}}",
  ])
  func `what is off or at least at an amount is, and no plan on a grid is much better`(utility: String) throws {
    let text = """
      posterior: {file: small.nc}
      horizon: {num_periods: 3, carry_in: false}
      budget: {total: 150}
      decide: {by: [channel, period]}
      utility: \(utility)
      constraints: [{off_or_at_least: tv, spend: 40}, {off_or_at_least: radio, spend: 35}]
      """
    let plan = try CompiledPlan(PlanFile.parse(text, source: "plan.yaml", folder: ".").plan, posterior())
    let answer = try plan.optimise()
    #expect(answer.limits.allSatisfy { $0.slack >= 0 })
    #expect(plan.isWithinLimits(answer.amounts))
    for cell in answer.cells {
      let least = cell.name == "tv" ? 40.0 : 35.0
      #expect(cell.perPeriod.allSatisfy { $0 <= 1e-9 || $0 >= least - 1e-6 }, "\(cell.perPeriod)")
    }
    if let bound = answer.utility.upperBound { #expect(answer.utility.value <= bound * (1 + 1e-9)) }
    // Amounts on a grid of 5, of which all plans of 150 are scored that keep the limits.
    let amounts = ([0] + Array(stride(from: 35.0, through: 150, by: 5)))
    var best = -Double.infinity
    func extend(_ spend: [Double], _ left: Double) {
      if spend.count == 5 {
        let whole = spend + [left]
        if left == 0 || left >= 35, plan.isWithinLimits(whole) { best = max(best, plan.score(spend: whole)) }
        return
      }
      for amount in amounts where amount <= left { extend(spend + [amount], left - amount) }
    }
    extend([], 150)
    #expect(best.isFinite)
    #expect(answer.utility.value >= best - 1e-3 * abs(best), "\(answer.utility.value) \(best)")
  }
}
