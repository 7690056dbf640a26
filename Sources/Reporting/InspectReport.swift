import NumericKernel
import Planning
public import ResponseModel
public import Tables

/// Numbers over the draws.
struct DrawSummary {
  var mean, sd, q05, q50, q95: Double

  init(_ draws: Span<Double>) {
    mean = NumericKernel.mean(draws)
    sd = variance(draws).squareRoot()
    q05 = quantile(draws, level: 0.05).value
    q50 = quantile(draws, level: 0.5).value
    q95 = quantile(draws, level: 0.95).value
  }

  static let header = ["mean", "sd", "q05", "q50", "q95"]
  var fields: [String] { [mean, sd, q05, q50, q95].map { field($0) } }
  var json: JSONValue {
    .object(zip(DrawSummary.header, [mean, sd, q05, q50, q95]).map { ($0, .number($1)) })
  }

  /// The mean, and where there is more than one draw the interval that holds nine tenths of them.
  func columns(isPointEstimate: Bool) -> [String] {
    let scale = NumberScale(for: [mean, q05, q95], significantDigits: 4)
    return [scale.text(mean)] + (isPointEstimate ? [] : ["\(scale.text(q05)) to \(scale.text(q95))"])
  }
  static func columns(isPointEstimate: Bool) -> [(heading: String, alignment: TextColumns.Alignment)] {
    [(isPointEstimate ? "Value" : "Mean", .right)] + (isPointEstimate ? [] : [("90 % interval", .right)])
  }
}

/// A parameter of one cell's curve or carryover, over the draws.
private struct ParameterSummary {
  var labels: [String]
  var family: String
  var name: String
  var draws: DrawSummary
}

extension Posterior {
  /// What is in the file, for a person: where it came from, its dims, how well it was sampled, what each channel spent and the
  /// parameters of its curves. Ends in a newline.
  public func textReport(style: TextStyle = .plain) -> String {
    let lines =
      [style.bold("\(printable(source)) (\(format))"), ""] + facts.lines(style)
      + ["", style.bold("Sampling")] + sampling.lines(style)
      + (hasHistory ? ["", style.bold("Observed media, per period")] + historyColumns.lines(style) : [])
      + ["", style.bold("Parameters")] + parameterColumns.lines(style)
    return lines.joined(separator: "\n") + "\n"
  }

  /// The same as JSON.
  public var jsonReport: String {
    JSONValue.object([
      ("source", .text(source)),
      ("format", .text(format)),
      (
        "dims",
        .array(dims.map { .object([("name", .text($0.name)), ("labels", JSONValue($0.labels))]) })
      ),
      ("draws_per_chain", .integer(drawsPerChain)),
      ("dates", JSONValue(dates)),
      ("contiguous", .bool(isContiguous)),
      ("notes", .object(notes.map { ($0.name, .text($0.text)) })),
      ("diagnostics", diagnostics.json(chainCount: chainCount, drawCount: drawCount)),
      (
        "cells",
        .array(
          cells.map { cell in
            .object(
              zip(dims, cell.labels).map { ($0.name, .text($1)) } + [
                ("saturation", .text(cell.saturation.name)),
                ("carryover", .text(cell.carryover.name)),
                ("window", .integer(cell.window)),
                ("normalized", .bool(cell.isNormalized)),
                ("media_scale", .number(cell.mediaScale)),
                ("outcome_scale", .number(cell.outcomeScale)),
                ("observed", cell.historyJSON),
                (
                  "parameters",
                  .object(
                    cell.parameterSummaries.map {
                      ("\($0.family).\($0.name)", $0.draws.json)
                    })
                ),
              ])
          })
      ),
    ]).document
  }

  /// The parameters, one row a cell and parameter: mean, standard deviation and quantiles over the draws.
  public var parameterTable: TextTable {
    TextTable(
      header: dims.map(\.name) + ["family", "parameter"] + DrawSummary.header,
      records: cells.flatMap(\.parameterSummaries).map { summary in
        summary.labels + [summary.family, summary.name] + summary.draws.fields
      })
  }

  /// Sampling and parameters alone: what a mapping makes of draws.
  func mappedLines(_ style: TextStyle) -> [String] {
    (isPointEstimate ? [] : sampling.lines(style) + [""]) + parameterColumns.lines(style)
  }

  private var hasHistory: Bool { cells.contains { !$0.history.isEmpty } }

  private var facts: TextColumns {
    var rows = dims.map(\.row)
    if let first = dates.first, let last = dates.last {
      rows.append(["Observed", "\(counted(dates.count, "period")), \(first) to \(last)\(step.map { ", \($0)" } ?? "")"])
    } else {
      rows.append(["Observed", "no history in the file"])
    }
    let silent = cells.filter { $0.outcomeScale == 0 }.map { printable($0.name) }
    if !silent.isEmpty {
      let shown = silent.prefix(12).joined(separator: ", ") + (silent.count > 12 ? ", …" : "")
      rows.append(["No response", "\(shown): a scale is 0, as where the data have none of the channel"])
    }
    rows += notes.map { [printable($0.name).capitalizedFirst, printable($0.text)] }
    return TextColumns(columns: [("", .left), ("", .left)], rows: rows)
  }

  private var isPointEstimate: Bool { drawCount == 1 }

  private var sampling: SamplingReport {
    SamplingReport(
      chainCount: chainCount, drawsPerChain: drawsPerChain, drawCount: drawCount, diagnostics: diagnostics)
  }

  /// "weekly", "monthly", "every 14 days", "with holes"; nil where there is one period.
  private var step: String? {
    guard isContiguous else { return "with holes" }
    let days = dates.compactMap { CalendarDate(String($0.prefix(10))) }
    let steps = zip(days.dropFirst(), days).map { $0.days(since: $1) }
    guard let first = steps.first, days.count == dates.count else { return nil }
    guard steps.allSatisfy({ $0 == first }) else { return "monthly" }
    return [1: "daily", 7: "weekly"][first] ?? "every \(first) days"
  }

  private var historyColumns: TextColumns {
    let histories = cells.filter { !$0.history.isEmpty }
    let scale = NumberScale(for: histories.flatMap { [$0.history.max() ?? 0] }, significantDigits: 5)
    let unit = scale.unit.isEmpty ? "" : " (\(scale.unit))"
    return TextColumns(
      columns: [
        (cellHeading, .left), ("Mean" + unit, .right), ("Smallest" + unit, .right), ("Largest" + unit, .right),
        ("Periods with none", .right),
      ],
      rows: histories.map { cell in
        [
          printable(cell.name), scale.digits(mean(cell.history.span)), scale.digits(cell.history.min() ?? 0),
          scale.digits(cell.history.max() ?? 0), countText(cell.history.count { $0 == 0 }),
        ]
      })
  }

  private var parameterColumns: TextColumns {
    TextColumns(
      columns: [(cellHeading, .left), ("Family", .left), ("Parameter", .left)]
        + DrawSummary.columns(isPointEstimate: isPointEstimate),
      rows: cells.flatMap { cell in
        cell.parameterSummaries.enumerated().map { position, summary in
          [position == 0 ? printable(cell.name) : "", summary.family, summary.name]
            + summary.draws.columns(isPointEstimate: isPointEstimate)
        }
      })
  }

  private var cellHeading: String { dims.map(\.name).joined(separator: "/").capitalizedFirst }
}

extension Posterior.Dim {
  /// Its name, and a dozen of its labels.
  var row: [String] {
    let names = labels.prefix(12).map(printable).joined(separator: ", ")
    return [name.capitalizedFirst, "\(countText(labels.count)): \(names)\(labels.count > 12 ? ", …" : "")"]
  }
}

extension Cell {
  fileprivate var parameterSummaries: [ParameterSummary] {
    func summaries(_ family: String, _ parameters: [ModelParameter], _ draws: DrawMatrix) -> [ParameterSummary] {
      parameters.enumerated().map { column, parameter in
        draws.withColumn(column) { values in
          ParameterSummary(labels: labels, family: family, name: parameter.name, draws: DrawSummary(values))
        }
      }
    }
    return summaries(carryover.name, carryover.parameters, carryoverParameters)
      + summaries(saturation.name, saturation.parameters, saturationParameters)
  }

  fileprivate var historyJSON: JSONValue {
    guard let smallest = history.min(), let largest = history.max() else { return .null }
    return .object([
      ("periods", .integer(history.count)), ("total", .number(blockSum(count: history.count) { history[$0] })),
      ("mean", .number(mean(history.span))), ("min", .number(smallest)), ("max", .number(largest)),
      ("periods_with_none", .integer(history.count { $0 == 0 })),
    ])
  }
}
