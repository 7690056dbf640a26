import NumericKernel
import Optimisation
import ResponseModel

extension CompiledPlan {
  /// The answer for some spend: every number is computed from the draws by the exact kernel.
  ///
  /// - Parameters:
  ///   - gradient: d utility / d money by cell at the spend.
  ///   - shadowPrices: of the budget, and of each cell's limits; nil where no solver found them.
  func answer(
    spend: [Double], status: Recommendation.Status, gradient: [Double],
    shadowPrices: (budget: Double?, cells: [Double?])?, solver: Recommendation.SolverResult?,
    certificate: Certificate?, record: RunRecord
  ) -> Recommendation {
    let reading = objective.reading(spend: spend)
    let incremental = reading.responses.minus(objective.surface.atRest)
    let draws = reading.outcome
    let currentReading = current.map { currentObjective.reading(spend: $0) }
    let currentDraws = currentReading?.outcome
    let lift = currentDraws.map { zip(draws, $0).map { $0 - $1 } }
    let spent = spend.reduce(0, +)
    let value = reading.score
    return Recommendation(
      status: status, measure: plan.measure, dims: spendCells.dims,
      periodCount: plan.horizon.periodCount.value, periodStarts: plan.horizon.periodStarts.map(\.description),
      utility: Recommendation.Score(
        name: utilityName, description: utilityDescription, value: value,
        current: currentReading?.score, bound: certificate?.kind ?? .none,
        upperBound: certificate?.upperBound,
        gap: certificate.flatMap { value == 0 ? nil : ($0.upperBound - value) / abs(value) }),
      budget: Recommendation.BudgetResult(
        requested: budget, perPeriod: budget.map { $0 / Double(plan.horizon.periodCount.value) }, spent: spent,
        shadowPrice: shadowPrices?.budget),
      cells: spendCells.cells.indices.map { index in
        cellResult(index, spend: spend[index], marginalROI: gradient[index], incremental.column(index))
      },
      sums: sums(spend: spend, incremental), modelDims: posterior.dims.map(\.name), draws: draws,
      currentDraws: currentDraws, outcome: Recommendation.Summary(draws),
      currentOutcome: currentDraws.map(Recommendation.Summary.init), lift: lift.map(Recommendation.Summary.init),
      probabilityBetter: lift.map { lift in Double(lift.count { $0 > 0 }) / Double(lift.count) },
      limits: limitResults(spend: spend, shadowPrices: shadowPrices), certificate: certificate, solver: solver,
      diagnostics: posterior.diagnostics, chainCount: posterior.chainCount, drawCount: posterior.drawCount,
      warnings: record.warnings + warnings + flatness(gradient),
      reproducibility: Recommendation.Reproducibility(
        version: record.version, seed: plan.solver.seed, inputs: record.inputs, plan: plan.yaml))
  }

  /// A utility that no cell's money moves leaves the choice to the start.
  private func flatness(_ gradient: [Double]) -> [String] {
    guard gradient.allSatisfy({ $0 == 0 }), limits.canMove else { return [] }
    return [
      "\(utilityName) does not change with any channel's money near this plan: another may do as well, and its numbers say "
        + "nothing for this one"
    ]
  }

  private func cellResult(
    _ index: Int, spend: Double, marginalROI: Double, _ response: [Double]
  ) -> Recommendation.CellResult {
    let lower = limits.lower[index]
    let upper = limits.upper[index]
    let binding: Recommendation.Binding? =
      lower == upper
      ? .fixed
      : spend == lower
        ? .lower
        : spend == upper && limits.isStated[index]
          ? .upper
          : tierEnds.end(of: index, at: spend) != nil ? .tier : nil
    return Recommendation.CellResult(
      labels: spendCells.cells[index].labels, total: spend, parts: parts(of: index, spend: spend),
      current: current?[index], lower: lower, upper: upper, binding: binding, marginalROI: marginalROI,
      roi: spend > 0 ? Recommendation.Summary(response.map { $0 / spend }) : nil,
      response: Recommendation.Summary(response))
  }

  private func parts(of index: Int, spend: Double) -> [Recommendation.Part] {
    zip(spendCells.cells[index].members, pattern.shares[index]).map { member, shares in
      let money = shares.map { $0 * spend }
      return Recommendation.Part(
        labels: posterior.cells[member].labels, perPeriod: money,
        units: zip(money, prices[member]).map { $1.units(at: $0).value })
    }
  }

  /// For each dim of several, its labels' sums over the cells.
  private func sums(spend: [Double], _ incremental: DrawMatrix) -> [Recommendation.Sum] {
    guard spendCells.dims.count > 1 else { return [] }
    return spendCells.dims.indices.flatMap { dim in
      var labels: [String] = []
      var members: [String: [Int]] = [:]
      for (index, cell) in spendCells.cells.enumerated() {
        if members[cell.labels[dim]] == nil { labels.append(cell.labels[dim]) }
        members[cell.labels[dim], default: []].append(index)
      }
      return labels.map { label in
        let indices = members[label] ?? []
        let total = indices.reduce(0) { $0 + spend[$1] }
        let response = (0..<incremental.drawCount).map { draw in
          indices.reduce(0) { $0 + incremental[draw, $1] }
        }
        return Recommendation.Sum(
          dim: spendCells.dims[dim], label: label, total: total,
          current: current.map { current in indices.reduce(0) { $0 + current[$1] } },
          roi: total > 0 ? Recommendation.Summary(response.map { $0 / total }) : nil,
          response: Recommendation.Summary(response))
      }
    }
  }

  /// The budget, then each cell's stated limits.
  private func limitResults(
    spend: [Double], shadowPrices: (budget: Double?, cells: [Double?])?
  ) -> [Recommendation.LimitResult] {
    var results: [Recommendation.LimitResult] = []
    if let budget {
      let spent = spend.reduce(0, +)
      let slack = limits.spend == .exactly ? -abs(budget - spent) : budget - spent
      results.append(
        Recommendation.LimitResult(
          name: "budget", value: spent, lower: limits.spend == .exactly ? budget : nil, upper: budget,
          slack: abs(slack) <= tolerance ? 0 : slack, isBinding: abs(slack) <= tolerance,
          shadowPrice: shadowPrices?.budget))
    }
    for index in spend.indices where limits.isStated[index] {
      let lower = limits.lower[index]
      let upper = limits.upper[index]
      let slack = min(spend[index] - lower, upper - spend[index])
      results.append(
        Recommendation.LimitResult(
          name: spendCells.cells[index].name, value: spend[index], lower: lower, upper: upper.isFinite ? upper : nil,
          slack: abs(slack) <= tolerance ? 0 : slack, isBinding: abs(slack) <= tolerance,
          shadowPrice: shadowPrices?.cells[index]))
    }
    return results
  }

  /// A limit holds when it is missed by no more than this: 1e-9 of the budget.
  var tolerance: Double { 1e-9 * money }

  /// Scores the allocation that the plan was compiled with. Limits that it breaks are in `limits`, with a negative slack,
  /// and in the status.
  public func evaluate(record: RunRecord = RunRecord()) -> Recommendation {
    guard let spend = allocated else {
      preconditionFailure("An allocation is scored that the plan was not compiled with.")
    }
    let gradient = objective.supergradient(at: tierEnds.above(spend).map { $0 / money })
      .map { $0 * objective.scale / money }
    var answer = answer(
      spend: spend, status: .evaluated, gradient: gradient, shadowPrices: nil, solver: nil,
      certificate: nil, record: record)
    if answer.limits.contains(where: { $0.slack < 0 }) { answer.status = .evaluatedOutsideLimits }
    return answer
  }
}
