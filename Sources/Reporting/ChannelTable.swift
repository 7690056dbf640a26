import Planning

extension Recommendation {
  /// A marginal ROI that is a curve's infinite slope at no spend, as far as a number can say it: no money is worth as much, in whatever
  /// units from 1e-9 to 1e9.
  static let unboundedROI = 1e30

  var currentTotal: Double? {
    let money = cells.compactMap(\.current)
    return money.isEmpty ? nil : money.reduce(0, +)
  }

  var channelTable: TextColumns {
    let money = NumberScale(for: cells.flatMap { [$0.total, $0.current ?? 0] } + [budget.spent], significantDigits: 5)
    let returns = NumberScale(
      for: cells.flatMap { cell in cell.roi.map { [$0.mean, $0.q05, $0.q95] } ?? [] }, significantDigits: 3)
    func interval(_ low: Double, _ high: Double) -> String { "\(returns.digits(low)) to \(returns.digits(high))" }
    // At the best spend for a profit the next unit brings nothing, but for rounding.
    let returned = cells.reduce(0) { max($0, abs($1.roi?.mean ?? 0)) }
    let worth = outcomeValue ?? 1
    let marginal = cells.map { abs(worth * $0.marginalROI) <= 1e-9 * returned ? 0 : worth * $0.marginalROI }
    let steepest = marginal.map(\.magnitude).filter { $0 < Recommendation.unboundedROI }
    let margins = NumberScale(for: steepest, significantDigits: 3)
    func margin(_ value: Double) -> String {
      value.magnitude < Recommendation.unboundedROI ? margins.digits(value) : "unbounded"
    }
    let showsChange = cells.contains { $0.current != nil }
    let showsBounds = cells.contains { $0.binding != nil }
    var table = TextColumns(
      columns: [
        (dims.joined(separator: "/").capitalizedFirst, .left), (heading("Spend", money, labels.currency), .right),
      ]
        + (showsChange ? [("Change", .right), ("", .right)] : [])
        + [(heading("Marginal\nROI", margins), .right), (heading("ROI", returns), .right)]
        + (isPointEstimate ? [] : [("90 % interval", .right)])
        + (showsBounds ? [("Bound", .left)] : []))
    table.rows = zip(cells, marginal).map { cell, marginal in
      let change = [
        cell.change.map { money.digits($0, signed: true) } ?? "",
        cell.changeShare.map { percentText(withoutDust($0, of: 1), signed: true) } ?? "",
      ]
      return [printable(cell.name), money.digits(cell.total)] + (showsChange ? change : [])
        + [margin(marginal), cell.roi.map { returns.digits($0.mean) } ?? "-"]
        + (isPointEstimate ? [] : [cell.roi.map { interval($0.q05, $0.q95) } ?? ""])
        + (showsBounds ? [cell.binding?.rawValue ?? ""] : [])
    }
    if cells.count > 1 {
      let total = cells.reduce(0) { $0 + $1.total }
      let change = currentTotal.map { withoutDust(total - $0, of: max(total, $0)) }
      let share = change.flatMap { change in currentTotal.flatMap { $0 > 0 ? change / $0 : nil } }
      table.totals =
        ["Total", money.digits(total)]
        + (showsChange
          ? [
            change.map { money.digits($0, signed: true) } ?? "", share.map { percentText($0, signed: true) } ?? "",
          ] : [])
        + ["", roi.map { returns.digits($0.mean) } ?? ""]
        + (isPointEstimate ? [] : [roi.map { interval($0.q05, $0.q95) } ?? ""])
        + (showsBounds ? [""] : [])
    }
    return table
  }

  /// For each of several dims its labels' sums.
  var sumTables: [TextColumns] {
    let money = NumberScale(for: sums.flatMap { [$0.total, $0.current ?? 0] }, significantDigits: 5)
    let returns = NumberScale(
      for: sums.flatMap { sum in sum.roi.map { [$0.mean, $0.q05, $0.q95] } ?? [] }, significantDigits: 3)
    let showsChange = sums.contains { $0.current != nil }
    return dims.compactMap { dim in
      let own = sums.filter { $0.dim == dim }
      guard !own.isEmpty else { return nil }
      return TextColumns(
        columns: [("By " + printable(dim), .left), (heading("Spend", money, labels.currency), .right)]
          + (showsChange ? [("Change", .right), ("", .right)] : []) + [(heading("ROI", returns), .right)]
          + (drawCount == 1 ? [] : [("90 % interval", .right)]),
        rows: own.map { sum in
          let change = sum.current.map { withoutDust(sum.total - $0, of: max(sum.total, $0)) }
          let share = change.flatMap { change in sum.current.flatMap { $0 > 0 ? change / $0 : nil } }
          return [printable(sum.label), money.digits(sum.total)]
            + (showsChange
              ? [
                change.map { money.digits($0, signed: true) } ?? "", share.map { percentText($0, signed: true) } ?? "",
              ] : [])
            + [sum.roi.map { returns.digits($0.mean) } ?? "-"]
            + (drawCount == 1
              ? [] : [sum.roi.map { "\(returns.digits($0.q05)) to \(returns.digits($0.q95))" } ?? ""])
        })
    }
  }
}

/// A difference of two sums of about `size`, or zero where it is no more than rounding: a billionth.
func withoutDust(_ difference: Double, of size: Double) -> Double {
  difference.magnitude <= 1e-9 * size ? 0 : difference
}
