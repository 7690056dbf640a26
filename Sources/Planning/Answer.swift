import NumericKernel
import Optimisation
import ResponseModel

extension CompiledPlan {
  /// The answer for some spend: every number is computed from the draws by the exact kernel.
  ///
  /// - Parameters:
  ///   - gradient: d utility / d money by cell at the spend.
  ///   - prices: of each limit, nil where it is not known; none where no solver found them.
  func answer(
    spend: [Double], status: Recommendation.Status, gradient: [Double],
    prices: [Double?]?, solver: Recommendation.SolverResult?,
    certificate: Certificate?, record: RunRecord
  ) -> Recommendation {
    let reading = objective.reading(spend: spend)
    let incremental =
      reported.outcome.map { $0.responses(at: spend).minus($0.atRest) }
      ?? reading.responses.minus(objective.surface.atRest)
    let worth = reported.value.map { $0.responses(at: spend).minus($0.atRest) } ?? incremental
    let draws = reading.outcome
    let currentReading = current.map { currentObjective.reading(spend: $0) }
    let currentDraws = currentReading?.outcome
    let lift = currentDraws.map { zip(draws, $0).map { $0 - $1 } }
    let spent = spend.reduce(0, +)
    let value = reading.score
    let bound = certificate.flatMap { upperBound(of: $0.upperBound, spent: spent) }
    let risks = RiskContribution.all(incremental)
    let lifts = liftContributions(reading.responses, current: currentReading)
    let currentMargins = currentMarginalROI()
    let (returns, currentReturns) = (returnsOnMoney(at: spend), currentReturns())
    let cells = spendCells.cells.indices.map { index in
      var cell = cellResult(
        index, spend: spend[index], marginalROI: gradient[index], incremental.column(index),
        worth: worth.column(index))
      (cell.observed, cell.risk) = (observedRanges?[index], risks[index])
      (cell.lift, cell.currentMarginalROI) = (lifts?[index], currentMargins?[index])
      (cell.nextUnit, cell.currentNextUnit) = (returns.next[index], currentReturns?.next[index])
      cell.currentROI = currentReturns?.cells[index]
      return cell
    }
    var answer = Recommendation(
      status: status, measure: plan.measure, dims: spendCells.dims,
      periodCount: plan.horizon.periodCount.value, periodStarts: plan.horizon.periodStarts.map(\.description),
      utility: Recommendation.Score(
        name: utilityName, description: utilityDescription, value: value,
        current: currentReading?.score, bound: bound == nil ? .none : certificate?.kind ?? .none, upperBound: bound,
        gap: bound.flatMap { value == 0 ? nil : max(0, $0 - value) / abs(value) }),
      budget: Recommendation.BudgetResult(
        requested: budget, perPeriod: budget.map { $0 / Double(plan.horizon.periodCount.value) }, spent: spent,
        shadowPrice: zip(limits.limits, prices ?? []).first { $0.0.kind == .budget }?.1.map(utilityPrice)),
      cells: cells,
      sums: sums(spend: spend, incremental, worth: worth),
      roi: spent > 0 ? Recommendation.Summary(worth.rowSums().map { $0 / spent }) : nil, labels: plan.labels,
      modelDims: posterior.dims.map(\.name), draws: draws,
      currentDraws: currentDraws, outcome: Recommendation.Summary(draws),
      currentOutcome: currentDraws.map(Recommendation.Summary.init), lift: lift.map(Recommendation.Summary.init),
      probabilityBetter: lift.map { lift in Double(lift.count { $0 > 0 }) / Double(lift.count) },
      limits: limitResults(spend: spend, prices: prices) + riskResults(draws, spend: spent), relaxedUtility: nil,
      target: nil, rounding: nil, certificate: certificate,
      solver: solver,
      diagnostics: posterior.diagnostics, chainCount: posterior.chainCount, drawCount: posterior.drawCount,
      warnings: record.warnings + warnings + flatness(gradient) + cells.departures,
      reproducibility: Recommendation.Reproducibility(
        version: record.version, seed: plan.solver.seed, inputs: record.inputs, plan: plan.yaml))
    answer.outcomeValue = plan.valueInOutcome
    answer.currentROI = currentReturns?.total
    return answer
  }

  /// A bound on the utility, from one on what is sought: of plans that spend as much as this one, where money counts too; nil where
  /// that says nothing of the utility.
  private func upperBound(of bound: Double, spent: Double) -> Double? {
    guard let goal else { return bound }
    return goal.worth > 0 ? (bound + goal.charge * spent) / goal.worth : nil
  }

  /// Of a unit of money that is free to be spent what it adds to the utility, from what it adds to what is sought.
  private func utilityPrice(_ price: Double) -> Double {
    guard let goal, price > 0, goal.worth > 0 else { return goal?.worth == 0 ? 0 : price }
    return (price + goal.charge) / goal.worth
  }

  /// The limits of risk.
  private func riskResults(_ draws: [Double], spend: Double) -> [Recommendation.LimitResult] {
    (goal?.conditions ?? []).compactMap { own in
      guard let limit = own.riskLimit else { return nil }
      let value = own.condition.utility.score(draws.span)
      let slack = value - limit.atLeast.value
      let isBinding = abs(slack) <= 3 * own.margin
      return Recommendation.LimitResult(
        name: limit.title, value: value, lower: limit.atLeast.value, upper: nil, slack: isBinding ? 0 : slack,
        isBinding: isBinding, shadowPrice: nil, relaxedUtility: nil)
    }
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
    _ index: Int, spend: Double, marginalROI: Double, _ response: [Double], worth: [Double]
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
      roi: spend > 0 ? Recommendation.Summary(worth.map { $0 / spend }) : nil,
      response: Recommendation.Summary(response), curve: pointCurve(of: index))
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
  func sums(spend: [Double], _ incremental: DrawMatrix, worth: DrawMatrix) -> [Recommendation.Sum] {
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
        let spent = indices.reduce(0) { $0 + spend[$1] }
        func total(_ matrix: DrawMatrix) -> [Double] {
          (0..<matrix.drawCount).map { draw in indices.reduce(0) { $0 + matrix[draw, $1] } }
        }
        return Recommendation.Sum(
          dim: spendCells.dims[dim], label: label, total: spent,
          current: current.map { current in indices.reduce(0) { $0 + current[$1] } },
          roi: spent > 0 ? Recommendation.Summary(total(worth).map { $0 / spent }) : nil,
          response: Recommendation.Summary(total(incremental)))
      }
    }
  }

  /// The budget, each cell's stated limits, and constraints.
  private func limitResults(spend: [Double], prices: [Double?]?) -> [Recommendation.LimitResult] {
    limits.limits.enumerated().map { index, limit in
      let slack = limit.slack(at: spend)
      let isBinding = abs(slack) <= tolerance
      return Recommendation.LimitResult(
        name: limit.name, value: limit.value(at: spend), lower: limit.lower.isFinite ? limit.lower : nil,
        upper: limit.upper.isFinite ? limit.upper : nil, slack: isBinding ? 0 : slack * limit.size,
        isBinding: isBinding, shadowPrice: prices.flatMap { $0[index] }, relaxedUtility: nil)
    }
  }

  /// A limit holds when it is missed by no more than this: 1e-9 of the budget.
  var tolerance: Double { 1e-9 * money }

  /// Scores the allocation that the plan was compiled with. Limits that it breaks are in `limits`, with a negative slack,
  /// and in the status.
  public func evaluate(record: RunRecord = RunRecord()) -> Recommendation {
    guard let spend = allocated else {
      preconditionFailure("An allocation is scored that the plan was not compiled with.")
    }
    if let calendar { return marked(evaluate(calendar, record: record)) }
    let gradient = objective.supergradient(at: tierEnds.above(spend).map { $0 / money })
      .map { $0 * objective.scale / money }
    var answer = answer(
      spend: spend, status: .evaluated, gradient: gradient, prices: nil, solver: nil,
      certificate: nil, record: record)
    answer.target = targetResult(answer, nil)
    if answer.limits.contains(where: { $0.slack < 0 }) || !missed(spend: spend).isEmpty {
      answer.status = .evaluatedOutsideLimits
    }
    return marked(answer)
  }
}
