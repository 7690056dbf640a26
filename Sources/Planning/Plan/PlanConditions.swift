import ResponseModel

extension Plan {
  /// What must hold of every plan, however it was made. A plan file is held to more than this as it is read, and with
  /// better places.
  func brokenConditions() -> [PlanProblem] {
    var problems: [PlanProblem] = []
    func expect(_ holds: Bool, _ message: @autoclosure () -> String, at position: TextPosition?) {
      if !holds { problems.append(PlanProblem(message(), at: position)) }
    }
    func amount(_ name: String, _ money: Placed<Double>?) {
      guard let money else { return }
      expect(
        money.value.isFinite && money.value >= 0, "\(name): expected an amount of money, found \(money.value)",
        at: money.position)
    }

    let periods = horizon.periodCount
    expect(periods.value >= 1, "num_periods: expected at least 1, found \(periods.value)", at: periods.position)
    if let budget {
      let total = budget.total(periodCount: periods.value)
      expect(
        total.isFinite && total >= Budget.least,
        "budget: expected an amount of money of at least \(Budget.least), found \(total)",
        at: budget.amount.position)
      if case .range(let range) = budget.spend {
        expect(
          range.lowerBound >= 0 && range.upperBound.isFinite && range.upperBound >= Budget.least,
          "budget: expected a range of amounts of money, found \(range.lowerBound) to \(range.upperBound)",
          at: budget.amount.position)
      }
    }
    problems += scenarios.brokenConditions()
    problems += constraints.flatMap { $0.brokenConditions() } + mode.brokenConditions(self)
    if let rounding {
      expect(
        rounding.value.isFinite && rounding.value > 0,
        "rounding: expected an amount of money above 0, found \(rounding.value)",
        at: rounding.position)
    }
    if case .shares(let series) = distribution {
      // Parts of what is decided have sums of their own: those are known with the posterior.
      for cell in series { problems += cell.brokenShares(periodCount: periods.value, areWhole: false) }
    }
    if case .costs(let series) = costPerUnit {
      for cell in series {
        for cost in cell.values {
          expect(
            cost.value.isFinite && cost.value > 0,
            "cost per unit of \(cell.cell.value): expected a number above 0, found \(cost.value)", at: cost.position)
        }
      }
    }
    for price in prices { problems += price.brokenConditions() }
    for cell in seasonality {
      for multiplier in cell.values {
        expect(
          multiplier.value.isFinite && multiplier.value >= 0,
          "seasonality of \(cell.cell.value): expected a multiplier of at least 0, found \(multiplier.value)",
          at: multiplier.position)
      }
    }
    if case .amounts(let amounts, _) = current {
      for given in amounts { amount("current spend of \(given.cell.value)", given.money) }
    }
    if case .byPeriod(let series, let position) = current {
      for given in series {
        expect(
          given.values.count == periods.value,
          "current spend of \(given.cell.value): expected \(periods.value) amounts, one a period, found \(given.values.count)",
          at: given.cell.position ?? position)
        for money in given.values { amount("current spend of \(given.cell.value)", money) }
      }
    }
    for (name, limit) in [bounds.fallback.map { ("default", $0) }].compactMap({ $0 })
      + bounds.cells.map({ ($0.cell.value, $0.limit) })
    {
      switch limit.value {
      case .relative(let share):
        expect(
          share.value.isFinite && share.value >= 0,
          "bounds of \(name): expected a share of at least 0, found \(share.value)", at: share.position)
      case .money(let lower, let upper), .share(let lower, let upper), .history(let lower, let upper):
        amount("lower bound of \(name)", lower)
        amount("upper bound of \(name)", upper)
        expect(
          (lower?.value ?? 0) <= (upper?.value ?? .infinity),
          "bounds of \(name) hold nothing, expected a lower end of at most \(upper?.value ?? 0), found \(lower?.value ?? 0)",
          at: limit.position)
      }
    }
    expect(solver.gap.isFinite && solver.gap > 0, "gap: expected a share above 0, found \(solver.gap)", at: nil)
    expect(
      solver.timeLimit.isFinite && solver.timeLimit > 0,
      "time_limit: expected seconds above 0, found \(solver.timeLimit)", at: nil)
    return problems + brokenGoals() + terms.brokenConditions(periodCount: periods.value) + utility.brokenConditions()
  }
}

extension CellPrice {
  /// An elasticity below one; or tiers from zero, rising, with prices above zero.
  fileprivate func brokenConditions() -> [PlanProblem] {
    func wrong(_ sentence: String, at position: TextPosition?) -> [PlanProblem] {
      [PlanProblem("price of \(cell.value): expected \(sentence)", at: position ?? cell.position)]
    }
    switch rule {
    case .elasticity(let elasticity, let reference):
      if !(elasticity.value >= 0 && elasticity.value <= PowerPrice.greatestElasticity) {
        return wrong(
          "an elasticity from 0 to \(PowerPrice.greatestElasticity), found \(elasticity.value)", at: elasticity.position
        )
      }
      if let reference, !(reference.value > 0 && reference.value.isFinite) {
        return wrong("a reference spend above 0, found \(reference.value)", at: reference.position)
      }
    case .tiers(let tiers):
      guard let first = tiers.first else { return wrong("at least one tier, found none", at: nil) }
      if first.start.value != 0 {
        return wrong("the first tier to start at 0, found \(first.start.value)", at: first.start.position)
      }
      for (tier, next) in zip(tiers, tiers.dropFirst()) where !(tier.start.value < next.start.value) {
        return wrong(
          "tiers that start ever higher, found \(next.start.value) after \(tier.start.value)", at: next.start.position)
      }
      for tier in tiers where !(tier.price.value > 0 && tier.price.value.isFinite && tier.start.value.isFinite) {
        return wrong("a price above 0, found \(tier.price.value)", at: tier.price.position)
      }
    }
    return []
  }
}

extension CellSeries {
  /// Shares may miss a sum of one by this much: six decimals, as a spreadsheet shows them.
  static let shareTolerance = 1e-6

  /// Shares of a cell's money: none negative, and if they are all of it a sum of one but for rounding.
  func brokenShares(periodCount: Int, areWhole: Bool) -> [PlanProblem] {
    let shares = values.map(\.value)
    let sum = shares.reduce(0, +)
    if shares.count != periodCount {
      return [
        PlanProblem(
          "distribution of \(cell.value): expected \(periodCount) shares, one a period, found \(shares.count)",
          at: cell.position)
      ]
    }
    if !shares.allSatisfy({ $0.isFinite && $0 >= 0 }) || (areWhole && !(abs(sum - 1) <= Self.shareTolerance)) {
      return [
        PlanProblem(
          "distribution of \(cell.value): expected shares of at least 0\(areWhole ? " that sum to 1" : ""), found a sum of \(sum)",
          at: cell.position)
      ]
    }
    return []
  }
}
