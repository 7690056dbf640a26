import NumericKernel
public import ResponseModel
public import Tables

/// A parameter of one cell's curve or carryover, over the draws.
private struct ParameterSummary {
  var labels: [String]
  var family: String
  var name: String
  var mean, sd, q05, q50, q95: Double
}

extension Posterior {
  /// What is in the file, for a person: where it came from, its dims, how well it was sampled, what each channel spent and the
  /// parameters of its curves. Ends in a newline.
  public func textReport(style: TextStyle = .plain) -> String {
    let lines =
      [style.bold("\(printable(source)) (\(format))"), ""] + facts.lines(style)
      + ["", style.bold("Sampling")] + sampling.lines(style)
      + doubtful.map { style.warning("  " + $0) }
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
                      (
                        "\($0.family).\($0.name)",
                        .object([
                          ("mean", .number($0.mean)), ("sd", .number($0.sd)), ("q05", .number($0.q05)),
                          ("q50", .number($0.q50)), ("q95", .number($0.q95)),
                        ])
                      )
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
      header: dims.map(\.name) + ["family", "parameter", "mean", "sd", "q05", "q50", "q95"],
      records: cells.flatMap(\.parameterSummaries).map { summary in
        summary.labels + [summary.family, summary.name]
          + [summary.mean, summary.sd, summary.q05, summary.q50, summary.q95].map { field($0) }
      })
  }

  /// Sampling and parameters alone: what a mapping makes of draws.
  func mappedLines(_ style: TextStyle) -> [String] {
    (isPointEstimate ? [] : sampling.lines(style) + doubtful.map { style.warning("  " + $0) } + [""])
      + parameterColumns.lines(style)
  }

  private var hasHistory: Bool { cells.contains { !$0.history.isEmpty } }

  private var facts: TextColumns {
    var rows = dims.map { dim in
      let names = dim.labels.prefix(12).map(printable).joined(separator: ", ")
      return [
        dim.name.capitalizedFirst, "\(countText(dim.labels.count)): \(names)\(dim.labels.count > 12 ? ", …" : "")",
      ]
    }
    if let first = dates.first, let last = dates.last {
      let hole = isContiguous ? "" : ", with holes"
      rows.append(["Observed", "\(countText(dates.count)) periods, \(first) to \(last)\(hole)"])
    } else {
      rows.append(["Observed", "no history in the file"])
    }
    rows += notes.map { [printable($0.name).capitalizedFirst, printable($0.text)] }
    return TextColumns(columns: [("", .left), ("", .left)], rows: rows)
  }

  private var isPointEstimate: Bool { drawCount == 1 }

  private var sampling: TextColumns {
    if isPointEstimate {
      return TextColumns(columns: [("", .left), ("", .left)], rows: [["Draws", "1: a point estimate"]])
    }
    if let caveat = diagnostics.caveat {
      return TextColumns(columns: [("", .left), ("", .left)], rows: [["Draws", printable(caveat)]])
    }
    let chains = chainCount == 1 ? "1 chain" : "\(countText(chainCount)) chains"
    return TextColumns(
      columns: [("", .left), ("", .left)],
      rows: [
        ["Draws", "\(countText(drawCount)) (\(chains) of \(countText(drawsPerChain)))"],
        ["Largest R-hat", diagnostics.largestRHat.map { rHatText($0) } ?? "too few draws to say"],
        [
          "Smallest effective sample size",
          diagnostics.smallestEffectiveSampleSize.map { countText(Int($0.rounded())) } ?? "too few draws to say",
        ],
        ["Divergences", diagnostics.divergences.map { countText($0) } ?? "the file does not say"],
      ])
  }

  /// Parameters that the sampler may not have got right: R-hat above 1.01, or fewer than 400 effective draws (Vehtari et al.,
  /// Bayesian Analysis 2021).
  private var doubtful: [String] {
    diagnostics.parameters.filter { ($0.rHat ?? 1) > 1.01 || ($0.effectiveSampleSize ?? 400) < 400 }.map {
      let rHat = $0.rHat.map { "R-hat \(rHatText($0))" }
      let size = $0.effectiveSampleSize.map { "effective sample size \(countText(Int($0.rounded())))" }
      return "\(printable($0.name)): \([rHat, size].compactMap { $0 }.joined(separator: ", "))"
    }
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
      columns: [
        (cellHeading, .left), ("Family", .left), ("Parameter", .left), (isPointEstimate ? "Value" : "Mean", .right),
      ] + (isPointEstimate ? [] : [("90 % interval", .right)]),
      rows: cells.flatMap { cell in
        cell.parameterSummaries.enumerated().map { position, summary in
          let scale = NumberScale(for: [summary.mean, summary.q05, summary.q95], significantDigits: 4)
          return [
            position == 0 ? printable(cell.name) : "", summary.family, summary.name, scale.text(summary.mean),
          ] + (isPointEstimate ? [] : ["\(scale.text(summary.q05)) to \(scale.text(summary.q95))"])
        }
      })
  }

  private var cellHeading: String { dims.map(\.name).joined(separator: "/").capitalizedFirst }
}

private func rHatText(_ value: Double) -> String { NumberScale(exponent: 0, decimals: 3).digits(value) }

extension Cell {
  fileprivate var parameterSummaries: [ParameterSummary] {
    func summaries(_ family: String, _ parameters: [ModelParameter], _ draws: DrawMatrix) -> [ParameterSummary] {
      parameters.enumerated().map { column, parameter in
        draws.withColumn(column) { values in
          ParameterSummary(
            labels: labels, family: family, name: parameter.name, mean: mean(values), sd: variance(values).squareRoot(),
            q05: quantile(values, level: 0.05).value, q50: quantile(values, level: 0.5).value,
            q95: quantile(values, level: 0.95).value)
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
