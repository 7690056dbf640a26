import Apportion
import Foundation
import TestSupport
import Testing

/// Plans by period of others, as plan files.
@Suite struct MultiPeriodPlanTests {
  @Test(
    .enabled(if: !MultiPeriodTests.Problem.all.isEmpty, "the reference cases are not here"),
    arguments: MultiPeriodTests.Problem.all)
  func `what others found by period is found from a plan file, and proved`(problem: MultiPeriodTests.Problem) throws {
    let compiled = try CompiledPlan(
      PlanFile.parse(problem.planFile, source: "plan.yaml", folder: ".").plan, problem.posterior)
    let answer = try compiled.optimise()
    // What history still does is in their number, and not in what a plan adds.
    let objective = problem.objective
    let rest = objective.value(at: problem.even.map { _ in 0 }) * objective.scale
    let value = answer.utility.value + rest
    #expect(value >= problem.bestKnown * (1 - 1e-6), "short by \(1 - value / problem.bestKnown)")
    let bound = try #require(answer.utility.upperBound) + rest
    #expect(bound >= problem.bestKnown * (1 - 1e-12))
    #expect(bound - value <= (problem.isConcave ? 1e-5 : 1e-2) * value)
    #expect(compiled.isWithinLimits(answer.cells.flatMap(\.perPeriod)))
    let spent = answer.cells.reduce(0) { $0 + $1.total }
    #expect(abs(spent - problem.inputs.totalBudget) <= 1e-12 * spent)
  }
}

extension MultiPeriodTests.Problem {
  /// What is observed before the plan, where anything is.
  private var hasHistory: Bool { inputs.ramp?.fromHist == true || inputs.adstock?.carryIn == true }

  var posterior: Posterior {
    let window = inputs.adstock?.lMax ?? 1
    let cells = inputs.channels.indices.map { channel in
      var parameters = [inputs.curve.alpha[channel], inputs.curve.lam[channel]]
      if let slope = inputs.curve.slope { parameters.append(slope[channel]) }
      return Cell(
        labels: [inputs.channels[channel]], saturation: isConcave ? Logistic.self : Hill.self,
        saturationParameters: DrawMatrix(columns: parameters.map { [$0] }, drawCount: 1), carryover: Geometric.self,
        carryoverParameters: DrawMatrix(columns: [[inputs.adstock?.theta[channel] ?? 0]], drawCount: 1),
        window: window, isNormalized: true, mediaScale: 1, outcomeScale: 1,
        history: hasHistory ? [Double](repeating: inputs.histSpend[channel], count: window) : [])
    }
    return Posterior(
      source: inputs.id, format: "reference case", dims: [Posterior.Dim(name: "channel", labels: inputs.channels)],
      cells: cells, chainCount: 1, drawsPerChain: 1, dates: [], isContiguous: true,
      diagnostics: PosteriorDiagnostics(parameters: [], divergences: 0), notes: [])
  }

  var planFile: String {
    func list(_ numbers: [Double]) -> String { "[" + numbers.map { "\($0)" }.joined(separator: ", ") + "]" }
    func byChannel(_ value: (Int) -> String) -> String {
      "{" + inputs.channels.indices.map { "\(inputs.channels[$0]): \(value($0))" }.joined(separator: ", ") + "}"
    }
    let carryIn = hasHistory ? ", carry_in: \(inputs.adstock?.carryIn == true)" : ""
    var constraints: [String] = []
    if let ramp = inputs.ramp {
      let from = "from: \(ramp.fromHist ? "history" : "free")"
      if let share = ramp.pct {
        let names = inputs.channels.joined(separator: ", ")
        constraints.append("{ramp: [\(names)], up: {share: \(share)}, down: {share: \(share)}, \(from)}")
      }
      for (channel, most) in zip(inputs.channels, ramp.abs ?? []) {
        constraints.append(
          "{ramp: \(channel), up: \(most), down: {amount: \(most)}, \(from), name: steps of \(channel)}")
      }
    }
    for (period, ends) in zip(inputs.periodBudget?.min ?? [], inputs.periodBudget?.max ?? []).enumerated() {
      constraints.append("{period: \(period + 1), at_least: \(ends.0), at_most: \(ends.1)}")
    }
    return """
      posterior: {file: generated.nc}
      horizon: {num_periods: \(inputs.seasonality.count), carry_over: false\(carryIn)}
      budget: {total: \(inputs.totalBudget)}
      decide: {by: [channel, period]}
      seasonality: \(byChannel { channel in list(inputs.seasonality.map { $0[channel] }) })
      bounds: \(byChannel { list([inputs.lower[$0], inputs.upper[$0]]) })
      constraints: [\(constraints.joined(separator: ", "))]
      solver: {gap: \(isConcave ? "1e-5" : "1e-2"), time_limit: 300}
      """
  }
}
