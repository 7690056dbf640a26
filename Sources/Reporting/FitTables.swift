public import CurveFitting
import NumericKernel
import ResponseModel
public import Tables

extension History {
  /// `prepared.csv`: one row an observation, media and contributions as they are fitted, the means of contributions that have draws, and impressions
  /// where they were counted; columns are called as in the files. Dates are empty where rows have none.
  public var table: TextTable {
    let counts = series.contains { $0.impressions != nil }
    return TextTable(
      header: [columnNames.date] + dims.map(\.name) + [columnNames.spend] + (counts ? ["impressions"] : [])
        + [columnNames.contribution],
      records: series.flatMap { series in
        series.media.indices.map { index in
          [series.dates.isEmpty ? "" : series.dates[index]] + series.labels
            + [field(series.media[index])] + (counts ? [field(series.impressions?[index])] : [])
            + [field(series.response[index])]
        }
      })
  }
}

extension FittedCurves {
  /// `curves.csv`: one row a cell, the best curve's parameters and how well it fits; empty where there is nothing to say.
  ///
  /// - Parameter parameterNames: the parameters' columns, in the family's order; by default as the family has them.
  public func curvesTable(parameterNames: [String]? = nil) -> TextTable {
    TextTable(
      header: dims.map(\.name) + (parameterNames ?? options.family.parameters.map(\.name)) + [
        "r_squared", "half_saturation", "largest_spend", "observations", "warnings",
      ],
      records: curves.map { curve in
        curve.labels + curve.fit.parameters.map { field($0) } + [
          field(curve.fit.rSquared), field(curve.fit.halfSaturation), field(curve.fit.largestMedia),
          String(curve.fit.observationCount), curve.warnings.joined(separator: "; "),
        ]
      })
  }

  /// `draws.csv`: the draws of every cell's parameters, as `posterior.format: csv` reads them: a row for each draw and a column
  /// for each parameter of each cell, `beta[tv,north]`; where a name has a comma in it, a row for each number instead.
  public var drawsTable: TextTable {
    let parameters = options.family.parameters.map(\.name)
    let drawCount = curves.first?.draws.drawCount ?? 0
    let drawsPerChain = max(1, drawCount / max(1, chainCount))
    let isPlain = curves.allSatisfy { $0.labels.allSatisfy { !$0.contains(",") } }
    guard isPlain else {
      return TextTable(
        header: ["chain", "draw", "variable"] + dims.map(\.name) + ["value"],
        records: curves.flatMap { curve in
          parameters.indices.flatMap { parameter in
            (0..<drawCount).map { draw in
              ["\(draw / drawsPerChain + 1)", "\(draw % drawsPerChain + 1)", parameters[parameter]] + curve.labels
                + [field(curve.draws[draw, parameter])]
            }
          }
        })
    }
    return TextTable(
      header: [".chain", ".iteration", ".draw"]
        + parameters.flatMap { name in curves.map { "\(name)[\($0.labels.joined(separator: ","))]" } },
      records: (0..<drawCount).map { draw in
        ["\(draw / drawsPerChain + 1)", "\(draw % drawsPerChain + 1)", "\(draw + 1)"]
          + parameters.indices.flatMap { parameter in curves.map { field($0.draws[draw, parameter]) } }
      })
  }
}

extension FittedCurves.Curve {
  /// What the data do not say of it, in sentences.
  public var warnings: [String] {
    var sentences = fit.warnings.map { $0.sentence(fit.family.name) }
    if flatCount > 0 {
      sentences.append(
        "in \(countText(flatCount)) of \(countText(draws.drawCount)) draws the contribution does not rise with spend, and the curve is flat"
      )
    }
    return sentences
  }

  /// A parameter's mean, standard deviation and quantiles over the draws.
  func summary(ofParameter index: Int) -> (sd: Double, q05: Double, q50: Double, q95: Double) {
    draws.withColumn(index) { values in
      (
        variance(values).squareRoot(), quantile(values, level: 0.05).value, quantile(values, level: 0.5).value,
        quantile(values, level: 0.95).value
      )
    }
  }
}

extension CurveWarning {
  fileprivate func sentence(_ family: String) -> String {
    switch self {
    case .ceilingNotIdentified(let probability):
      "the data do not tell the ceiling: a curve that never levels off fits "
        + (probability > 0.999 ? "best" : "as well (p = \(NumberScale(exponent: 0, decimals: 2).digits(probability)))")
        + ", so what lies beyond the spend seen is an assumption"
    case .halfSaturationBeyondData(let half, let largest):
      "half the ceiling is reached at a spend of \(amountText(half)), beyond the largest seen, \(amountText(largest))"
    case .halfSaturationBelowData(let half, let smallest):
      "half the ceiling is reached at a spend of \(amountText(half)), below the smallest seen, \(amountText(smallest)): the data do not show the rise"
    case .atLimit(let name, let value): "the \(name) sits at its limit, \(amountText(value)), and counts as known there"
    case .nearlySingular: "the data hardly tell the parameters apart: other values make the same curve where spend was"
    case .notConverged: "the search ended before it had converged"
    case .unevenNoise(let ratio):
      "what the curve misses is \(amountText((ratio * 10).rounded() / 10)) times as large in the upper half of responses as in the lower: standard errors and draws by Laplace know one size only, and are too narrow; --uncertainty bootstrap does better"
    case .poorFit(let share): "the curve explains only \(percentText(max(0, share))) of the contribution's variance"
    }
  }
}
