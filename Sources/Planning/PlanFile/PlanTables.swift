/// Numbers by cell and period, inline or in a CSV file.
extension PlanReader {
  mutating func distribution(_ node: PlanNode?, over horizon: Horizon, decidedBy dims: [String]) -> Distribution {
    guard let node else { return .automatic }
    if let word = node.text { return word.value == "history" ? .history(word.position) : .uniform }
    let series: [CellSeries]
    if let file = node["file"]?.text {
      series = table(file, dims) { $0.series("share", PlanKeys.share, over: horizon) }
    } else {
      series = node.entries.flatMap(PlanKeys.shares.leaves).map { inline($0, name: "distribution", over: horizon) }
    }
    for series in series where series.values.count == horizon.periodCount.value && series.isWhole(dims) {
      let sum = series.values.reduce(0) { $0 + $1.value }
      if sum.isFinite && abs(sum - 1) > CellSeries.shareTolerance {
        problems.append(
          PlanProblem(
            "wrong shares of \(series.cell.value)", expected: "a sum of 1", found: "\(sum)",
            at: series.values.first?.position ?? series.cell.position))
      }
    }
    return .shares(series)
  }

  mutating func costPerUnit(_ node: PlanNode?, over horizon: Horizon, decidedBy dims: [String]) -> CostPerUnit {
    guard let node else { return .automatic }
    if let word = node.text { return .history(word.position) }
    if let file = node["file"]?.text {
      return .costs(table(file, dims) { $0.series("cost", PlanKeys.cost, over: horizon) })
    }
    let series = node.entries.flatMap(PlanKeys.costs.leaves).map { inline($0, name: "cost_per_unit", over: horizon) }
    return .costs(series)
  }

  /// Multipliers by period; none where nothing is said.
  mutating func seasonality(_ node: PlanNode?, over horizon: Horizon, decidedBy dims: [String]) -> [CellSeries] {
    guard let node, node.text == nil else { return [] }
    if let file = node["file"]?.text {
      return table(file, dims) { $0.series("multiplier", PlanKeys.multiplier, over: horizon) }
    }
    return node.entries.flatMap(PlanKeys.multipliers.leaves).map { inline($0, name: "seasonality", over: horizon) }
  }

  /// One number, or a list of one by period; no values where any is wrong.
  mutating func inline(_ entry: PlanNode.Entry, name: String, over horizon: Horizon) -> CellSeries {
    let node = entry.value
    if let number = node.number { return CellSeries(cell: entry.key, values: [number]) }
    let values = (node.list ?? []).compactMap(\.number)
    let count = horizon.periodCount.value
    if let written = node.list?.count, written != count, count > 0 {
      problems.append(
        PlanProblem(
          "wrong length of \(name).\(entry.key.value)", expected: "\(count) numbers, one a period", found: "\(written)",
          at: node.position))
      return CellSeries(cell: entry.key, values: [])
    }
    return CellSeries(cell: entry.key, values: values.count == node.list?.count ? values : [])
  }

  /// What is read from a file named in the plan; nothing where it is no table.
  mutating func table<Read>(_ file: Placed<String>, _ dims: [String], _ read: (inout CellTable) -> [Read]) -> [Read] {
    table(file, dims, nothing: [], read)
  }

  mutating func table<Read>(
    _ file: Placed<String>, _ dims: [String], nothing: Read, _ read: (inout CellTable) -> Read
  ) -> Read {
    if file.value.isEmpty { return nothing }
    let path = self.path(file.value)
    tables.append(path)
    do {
      var table = try CellTable(path, namedAt: file.position, dims: dims)
      let entries = read(&table)
      problems += table.problems
      return entries
    } catch {
      problems += error.problems
      return nothing
    }
  }
}

extension CellSeries {
  /// Whether it is certain, without the model, that its shares are all of some amount's: those of parts have sums of their own.
  fileprivate func isWhole(_ decided: [String]) -> Bool {
    labels.isEmpty
      ? decided.contains("channel") && !cell.value.contains("/")
      : labels.allSatisfy { decided.contains($0.dim.value) }
  }
}
