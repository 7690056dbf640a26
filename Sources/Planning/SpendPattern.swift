import ResponseModel

/// How a decided amount is spent: the share of each of the model's cells that it is spent in, period by period. All shares of an
/// amount sum to one.
struct SpendPattern: Sendable, Equatable {
  /// By decided amount, then by the model's cell among its members, then by period.
  var shares: [[[Double]]]

  /// The same in every member, and in every period.
  static func uniform(_ cells: SpendCells, periodCount: Int) -> SpendPattern {
    SpendPattern(
      shares: cells.cells.map { cell in
        let share = 1 / Double(periodCount) / Double(cell.members.count)
        return cell.members.map { _ in [Double](repeating: share, count: periodCount) }
      })
  }
}

extension SpendPattern {
  /// Splits an amount over its members as some money is, each as it is spread over the periods; of one member, and where there is
  /// no money, the pattern stays what it is.
  mutating func split(_ index: Int, by money: [Double]) {
    let total = money.reduce(0, +)
    guard total > 0, money.count > 1 else { return }
    for member in money.indices {
      shares[index][member] = normalised(shares[index][member]).map { $0 * money[member] / total }
    }
  }
}

// MARK: - What the plan says of money over cells and periods

extension CellNames {
  /// Whether money is spread as it was.
  func keepsFlighting(_ distribution: Distribution, over window: ObservedWindow) -> Bool {
    switch distribution {
    case .automatic: posterior.cells.contains { !$0.spendHistory.isEmpty } && window.isCovered
    case .history: true
    case .uniform, .shares: false
    }
  }

  /// The plan's distribution; costs are by the model's cells.
  mutating func pattern(_ distribution: Distribution, costs: [[Double]], over window: ObservedWindow) -> SpendPattern {
    let uniform = SpendPattern.uniform(spendCells, periodCount: window.periodCount)
    switch distribution {
    case .automatic:
      return keepsFlighting(distribution, over: window) ? flighting(costs: costs, over: window, at: nil) : uniform
    case .uniform: return uniform
    case .history(let position): return flighting(costs: costs, over: window, at: position)
    case .shares(let given): return pattern(given, uniform)
    }
  }

  /// History's shares over the window, in money.
  private mutating func flighting(
    costs: [[Double]], over window: ObservedWindow, at position: TextPosition?
  ) -> SpendPattern {
    var pattern = SpendPattern.uniform(spendCells, periodCount: window.periodCount)
    for (index, cell) in spendCells.cells.enumerated() {
      let money = cell.members.map { member in
        let known = modelCells[member].history
        guard window.isCovered, known.count == window.count else { return [Double]() }
        return (0..<window.periodCount).map { period in
          let observed = window.observed(period)
          let spend = modelCells[member].spendHistory
          return spend.isEmpty ? known[observed] * costs[member][period] : spend[observed]
        }
      }
      let total = money.joined().reduce(0, +)
      if total > 0 && total.isFinite {
        pattern.shares[index] = money.map { $0.map { $0 / total } }
      } else {
        let observed = money.map(\.count).min() ?? 0
        let unknown = money.map { $0.count { !$0.isFinite } }.max() ?? 0
        problems.append(
          PlanProblem(
            "distribution: history needs \(window.periodCount) observed periods with some spend in \(cell.name), found "
              + (unknown > 0
                ? "\(unknown) in which it is not known"
                : "\(observed == 0 ? min(window.count, modelCells[cell.members[0]].history.count) : observed) that sum to "
                  + SpendLimits.format(total)),
            at: position))
      }
    }
    return pattern
  }

  /// Shares of the named amounts or of their parts, `otherwise` those of the rest.
  private mutating func pattern(_ given: [CellSeries], _ otherwise: SpendPattern) -> SpendPattern {
    var pattern = otherwise
    var named: [Int: Set<Int>] = [:]
    // Amounts of which parts are named, each with the first that was.
    var partly: [(amount: Int, first: TextPosition?)] = []
    for series in given {
      let shares = series.values.map(\.value)
      let amounts: [Int]
      switch reference(series) {
      case .cell(let index): amounts = [index]
      case .cells(let indices): amounts = indices
      case .parts(let parts):
        amounts = []
        for part in parts {
          if named[part.amount] == nil {
            pattern.shares[part.amount] = pattern.shares[part.amount].map { $0.map { _ in 0 } }
            partly.append((part.amount, series.cell.position))
          }
          if !named[part.amount, default: []].insert(part.member).inserted { repeated(series.cell) }
          pattern.shares[part.amount][part.member] = shares
        }
      case nil: continue
      }
      let sum = shares.reduce(0, +)
      if !amounts.isEmpty, !(abs(sum - 1) <= CellSeries.shareTolerance) {
        problems.append(
          PlanProblem(
            "distribution of \(series.cell.value): expected shares that sum to 1, found a sum of \(sum)",
            at: series.cell.position))
      }
      for amount in amounts {
        if named[amount] != nil { repeated(series.cell) }
        let members = spendCells.cells[amount].members
        named[amount] = Set(members.indices)
        pattern.shares[amount] = members.map { _ in shares.map { $0 / Double(members.count) } }
      }
    }
    for (amount, position) in partly {
      let sum = pattern.shares[amount].joined().reduce(0, +)
      if !(abs(sum - 1) <= CellSeries.shareTolerance) {
        problems.append(
          PlanProblem(
            "distribution of \(spendCells.cells[amount].name): expected shares of its parts that sum to 1 over all of them, found "
              + "a sum of \(sum)", at: position))
      }
    }
    return pattern
  }

  /// What planned periods' responses are multiplied with, by the model's cells; none for those of which nothing is said.
  mutating func seasons(_ given: [CellSeries], over window: ObservedWindow) -> [Int: [Double]] {
    var named: Set<Int> = []
    let rows = rows(given, [Double](repeating: 1, count: window.periodCount), named: &named)
    return Dictionary(uniqueKeysWithValues: named.map { ($0, rows[$0]) })
  }

  /// A number for each period of the named cells, `otherwise` of the rest, by the model's cells.
  private mutating func rows(_ given: [CellSeries], _ otherwise: [Double], named: inout Set<Int>) -> [[Double]] {
    var rows = modelCells.map { _ in otherwise }
    for series in given {
      // One number holds for every period.
      let values =
        series.values.count == 1
        ? [Double](repeating: series.values[0].value, count: otherwise.count) : series.values.map(\.value)
      guard values.count == otherwise.count else {
        problems.append(
          PlanProblem(
            "\(series.cell.value): expected \(otherwise.count) values, one a period, found \(values.count)",
            at: series.cell.position))
        continue
      }
      for member in members(of: reference(series)) {
        if !named.insert(member).inserted { repeated(series.cell) }
        rows[member] = values
      }
    }
    return rows
  }

  /// What a unit of media costs, by the model's cells, then by period.
  mutating func costs(_ costs: CostPerUnit, over window: ObservedWindow) -> [[Double]] {
    let ones = [Double](repeating: 1, count: window.periodCount)
    switch costs {
    case .automatic:
      return modelCells.contains { !$0.spendHistory.isEmpty }
        ? observedCosts(over: window, at: nil) : modelCells.map { _ in ones }
    case .history(let position): return observedCosts(over: window, at: position)
    case .costs(let given):
      var named: Set<Int> = []
      return rows(given, ones, named: &named)
    }
  }

  /// The model's cells that a name stands for.
  private func members(of reference: Reference?) -> [Int] {
    switch reference {
    case .cell(let index): spendCells.cells[index].members
    case .cells(let indices): indices.flatMap { spendCells.cells[$0].members }
    case .parts(let parts): parts.map(modelCell)
    case nil: []
    }
  }

  /// Spend by media, period by period; where there was neither, the channel's own ratio over all that was observed.
  private mutating func observedCosts(over window: ObservedWindow, at position: TextPosition?) -> [[Double]] {
    var ratios: [String: (spend: Double, media: Double)] = [:]
    for cell in modelCells {
      let sums = (cell.spendHistory.observed.reduce(0, +), cell.history.reduce(0, +))
      ratios[cell.labels[0], default: (0, 0)].spend += sums.0
      ratios[cell.labels[0], default: (0, 0)].media += sums.1
    }
    return modelCells.map { cell in
      let total = ratios[cell.labels[0]] ?? (0, 0)
      let mean = total.spend / total.media
      guard !cell.spendHistory.isEmpty, mean > 0, mean.isFinite else {
        problems.append(
          PlanProblem(
            "cost_per_unit: history needs observed spend and media of \(cell.labels[0]), found "
              + "\(cell.spendHistory.isEmpty ? "media only" : "sums of \(total.spend) and \(total.media)"); give its cost",
            at: position))
        return [Double](repeating: 1, count: window.periodCount)
      }
      guard window.isCovered else { return [Double](repeating: mean, count: window.periodCount) }
      let periods = (0..<window.periodCount).map { window.observed($0) }
      let halves = periods.filter { (cell.spendHistory[$0] > 0) != (cell.history[$0] > 0) }
      if let first = halves.first {
        let spend = cell.spendHistory[first]
        problems.append(
          PlanProblem(
            "cost_per_unit: history expects both spend and media of \(cell.name) in a period, or neither, found "
              + "\(spend.isNaN ? "an unknown spend" : SpendLimits.format(spend)) and \(cell.history[first]) in observed period "
              + "\(first + 1)\(halves.count > 1 ? " and the like in \(halves.count - 1) more" : ""); give its cost",
            at: position))
      }
      return periods.map { period in
        let (spend, media) = (cell.spendHistory[period], cell.history[period])
        return spend > 0 && media > 0 ? spend / media : mean
      }
    }
  }
}

// MARK: - Prices that change with what is spent

extension CellNames {
  /// By the model's cells, then by period; costs are those at the reference spend.
  mutating func prices(_ plan: Plan, costs: [[Double]]) -> [[MediaPrice]] {
    var prices = costs.map { $0.map { MediaPrice.constant($0) } }
    var named: Set<Int> = []
    var isCosted: Set<Int> = []
    if case .costs(let given) = plan.costPerUnit {
      for series in given { isCosted.formUnion(members(of: reference(series))) }
    }
    for price in plan.prices {
      for member in members(of: reference(price.cell)) {
        if !named.insert(member).inserted { repeated(price.cell) }
        switch price.rule {
        case .elasticity(let elasticity, let reference):
          guard let reference = reference?.value ?? meanSpend(modelCells[member], costs: costs[member]) else {
            problems.append(
              PlanProblem(
                "price of \(price.cell.value): expected reference_spend, or a history of spend in the posterior to take it from, "
                  + "found neither", at: price.cell.position))
            continue
          }
          prices[member] = costs[member].map {
            .power(PowerPrice(price: $0, elasticity: elasticity.value, referenceSpend: reference))
          }
        case .tiers(let tiers):
          if isCosted.contains(member) {
            problems.append(
              PlanProblem(
                "price of \(price.cell.value): tiers have prices of their own, expected no cost_per_unit beside them, found one",
                at: price.cell.position))
          }
          let own = PriceTiers(tiers.map { PriceTiers.Tier(start: $0.start.value, price: $0.price.value) })
          prices[member] = costs[member].map { _ in .tiers(own) }
        }
      }
    }
    return prices
  }

  /// What was spent in a period on average, where anything was; nil without a history of it.
  private func meanSpend(_ cell: Cell, costs: [Double]) -> Double? {
    let cost = costs.reduce(0, +) / Double(costs.count)
    let spent = (cell.spendHistory.isEmpty ? cell.history.map { $0 * cost } : cell.spendHistory).filter { $0 > 0 }
    let mean = spent.reduce(0, +) / Double(spent.count)
    return spent.isEmpty || !mean.isFinite ? nil : mean
  }
}

// MARK: - Amounts of money

/// Money by decided amount, and how it is spent where that is said of its parts.
struct SpendAmounts {
  var money: [Double]
  var pattern: SpendPattern
}

extension CellNames {
  /// Money by decided amount, those not named at nothing. Where parts are named the money is theirs, each spread over the
  /// periods as `base` spreads it, or as `series` says.
  mutating func amounts(
    _ given: [CellAmount], series: [CellSeries] = [], base: SpendPattern
  ) -> SpendAmounts {
    var money = spendCells.cells.map { [Double](repeating: 0, count: $0.members.count) }
    var whole: [Int: Double] = [:]
    var isNamed: Set<Int> = []
    for amount in given {
      guard let reference = reference(amount) else { continue }
      let members = members(of: reference)
      if !isNamed.isDisjoint(with: members) { repeated(amount.cell) }
      isNamed.formUnion(members)
      switch reference {
      case .cell(let index): whole[index] = amount.money.value
      case .parts(let parts) where parts.count == 1: money[parts[0].amount][parts[0].member] = amount.money.value
      case .cells(let indices): several(amount.cell, indices.map { spendCells.cells[$0].name })
      case .parts(let parts): several(amount.cell, parts.map { modelCells[modelCell($0)].name })
      }
    }
    var spreads: [Int: [Double]] = [:]
    var partSpreads: [Int: [Double]] = [:]
    for series in series {
      switch reference(series) {
      case .cell(let index): spreads[index] = series.values.map(\.value)
      case .parts(let parts): for part in parts { partSpreads[modelCell(part)] = series.values.map(\.value) }
      case .cells, nil: break
      }
    }
    var pattern = base
    for (index, cell) in spendCells.cells.enumerated() {
      if whole[index] == nil, !isNamed.isDisjoint(with: cell.members) {
        for (member, part) in cell.members.enumerated() {
          if let spread = partSpreads[part] { pattern.shares[index][member] = spread }
        }
        pattern.split(index, by: money[index])
      } else if let spread = spreads[index] {
        // The parts' shares of each period stay as they are, where there are any.
        let periods = spread.indices
        let sums = periods.map { t in base.shares[index].reduce(0) { $0 + $1[t] } }
        let parts = base.shares[index].map { $0.reduce(0, +) }
        pattern.shares[index] = base.shares[index].indices.map { member in
          periods.map { t in
            spread[t] * (sums[t] > 0 ? base.shares[index][member][t] / sums[t] : parts[member])
          }
        }
      }
    }
    return SpendAmounts(
      money: spendCells.cells.indices.map { whole[$0] ?? money[$0].reduce(0, +) },
      pattern: pattern)
  }

  private mutating func several(_ name: Placed<String>, _ cells: [String]) {
    problems.append(
      PlanProblem(
        "\(name.value) stands for \(cells.count) amounts, expected each by its own name: "
          + cells.prefix(3).joined(separator: ", ") + (cells.count > 3 ? ", …" : ""), at: name.position))
  }

  /// The plan to beat. History's shares are those of everything observed, in money, by the model's cells whatever is decided: each
  /// cell's media at the plan's mean cost per unit, where what they cost is not known. `base` spreads them over the periods.
  mutating func current(
    _ current: CurrentPlan, costs: [[Double]], money: Double, base: SpendPattern
  ) -> SpendAmounts? {
    switch current {
    case .amounts(let given, _): return amounts(given, base: base)
    case .byPeriod(let series, _):
      let given = Allocation(byPeriod: series)
      return amounts(given.amounts, series: given.distribution ?? [], base: base)
    case .history:
      let observed = observedTotals(costs: costs)
      let total = observed.reduce(0, +)
      guard total > 0 && total.isFinite else { return nil }
      let parts = spendCells.cells.map { cell in cell.members.map { observed[$0] / total * money } }
      var pattern = base
      for index in parts.indices { pattern.split(index, by: parts[index]) }
      return SpendAmounts(money: parts.map { $0.reduce(0, +) }, pattern: pattern)
    }
  }

  /// By the model's cell: the money of everything observed.
  func observedTotals(costs: [[Double]]) -> [Double] {
    zip(modelCells, costs).map { cell, costs in
      cell.spendHistory.isEmpty
        ? cell.history.reduce(0, +) * costs.reduce(0, +) / Double(costs.count)
        : cell.spendHistory.observed.reduce(0, +)
    }
  }
}

extension [Double] {
  /// Without those that nobody has observed.
  fileprivate var observed: [Double] { filter { !$0.isNaN } }
}

/// Shares that sum to one; even ones where there is nothing to go by.
private func normalised(_ shares: [Double]) -> [Double] {
  let sum = shares.reduce(0, +)
  return sum > 0 ? shares.map { $0 / sum } : shares.map { _ in 1 / Double(shares.count) }
}
