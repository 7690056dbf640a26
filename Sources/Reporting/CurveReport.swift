public import Planning
public import Tables

// What is written of plans by point curves, beside what every plan has: DeepCausalMMM's results by channel.

extension Recommendation {
  /// Whether every cell stands on a point curve.
  public var hasPointCurves: Bool { !cells.isEmpty && cells.allSatisfy { $0.curve != nil } }

  /// `by_channel.csv`: DeepCausalMMM's table of results, those that spend most first. `weekly` is of a period, whatever its length; the response counts
  /// what is paid at no spend, as there; `saturation_point` is a period's money at which the curve is half way to its ceiling, `saturation_pct` the
  /// period's spend in per cent of it. Empty where there is nothing to say: `roi` of nothing spent, `slope` of a curve that is no Hill.
  public var byChannelTable: TextTable {
    let spent = cells.reduce(0) { $0 + $1.total }
    let brought = cells.reduce(0) { $0 + $1.wholeResponse }
    let count = Double(periodCount)
    func share(_ part: Double, of whole: Double) -> Double? { whole > 0 ? 100 * part / whole : nil }
    return marked(
      TextTable(
        header: dims + [
          "total_spend", "weekly_spend", "weekly_response", "total_response", "roi", "spend_pct", "response_pct",
          "saturation_point", "saturation_pct", "slope",
        ],
        records: bySpend.map { cell in
          let response = cell.wholeResponse
          let numbers: [Double?] = [
            cell.total, cell.total / count, response / count, response, cell.total > 0 ? response / cell.total : nil,
            share(cell.total, of: spent), share(response, of: brought), cell.curve?.halfSaturation,
            cell.curve?.halfSaturation.flatMap { share(cell.total / count, of: $0) }, cell.curve?.slope,
          ]
          return cell.labels + numbers.map { field($0) }
        }))
  }

  /// The curves, and how far along them the plan is; nil for draws.
  var curveColumns: TextColumns? {
    guard hasPointCurves else { return nil }
    let spent = cells.reduce(0) { $0 + $1.total }
    let brought = cells.reduce(0) { $0 + $1.wholeResponse }
    let responses = NumberScale(for: cells.map(\.wholeResponse), significantDigits: 5)
    let count = Double(periodCount)
    let money = NumberScale(for: cells.map { $0.total / count }, significantDigits: 5)
    let hasBottoms = cells.contains { ($0.curve?.bottom ?? 0) != 0 }
    let slopes = cells.contains { $0.curve?.slope != nil }
    let fits = cells.contains { $0.curve?.rSquared != nil }
    func heading(_ name: String, _ scale: NumberScale) -> String {
      scale.unit.isEmpty ? name : "\(name) (\(scale.unit))"
    }
    func share(_ part: Double, of whole: Double) -> String { whole > 0 ? percentText(part / whole) : "" }
    let digits = NumberScale(exponent: 0, decimals: 3)
    return TextColumns(
      columns: [
        ("Curves", .left), (heading(hasBottoms ? "Response\nwith bottom" : "Response", responses), .right),
        ("Of all", .right), ("Of\nspend", .right),
        (heading("Spend in\na period", money), .right), ("Half\nsaturation", .right),
        ("Of it", .right),
      ] + (slopes ? [("Slope", .right)] : []) + (fits ? [("R²", .right)] : []),
      rows: bySpend.map { cell in
        let half = cell.curve?.halfSaturation
        return [
          printable(cell.name), responses.digits(cell.wholeResponse), share(cell.wholeResponse, of: brought),
          share(cell.total, of: spent), money.digits(cell.total / count), half.map { amountText($0) } ?? "",
          half.map { share(cell.total / count, of: $0) } ?? "",
        ] + (slopes ? [cell.curve?.slope.map { digits.digits($0) } ?? ""] : [])
          + (fits ? [cell.curve?.rSquared.map { digits.digits($0) } ?? ""] : [])
      })
  }

  private var bySpend: [CellResult] {
    cells.enumerated().sorted { ($1.element.total, $0.offset) < ($0.element.total, $1.offset) }.map(\.element)
  }
}

extension Recommendation.CellResult {
  /// With what is paid at no spend.
  fileprivate var wholeResponse: Double { response.mean + (curve?.bottom ?? 0) }
}

extension Recommendation.PointCurveResult {
  var json: JSONValue {
    .object([
      ("parameters", .object(parameters.map { ($0.name, .number($0.value)) })),
      ("half_saturation", JSONValue(halfSaturation)),
      ("bottom", .number(bottom)),
      ("r_squared", JSONValue(rSquared)),
    ])
  }
}
