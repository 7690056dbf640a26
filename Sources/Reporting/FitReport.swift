public import CurveFitting
import Foundation
import NumericKernel
import ResponseModel

extension FittedCurves {
  /// The fit for a person: every curve's parameters with their uncertainty, how well it fits, what the data do not say, and how a
  /// plan uses it. Ends in a newline.
  ///
  /// - Parameters:
  ///   - next: what to do with the files, line by line.
  public func textReport(style: TextStyle = .plain, filesWritten: [String] = [], next: [String] = []) -> String {
    let width = style.width ?? 100
    var lines = [style.bold("Curves of \(printable(source)): \(options.family.name), \(cellCount)"), ""]
    lines += parameterColumns.lines(style) + [""] + qualityColumns.lines(style) + [""]
    lines += wrapped(uncertaintySentence, to: width, indent: "")
    if options.hasBottom && !hasBottomParameter {
      lines += wrapped(
        "The bottom, what comes in at no spend, was fitted and is left out of the curves: \(options.family.name) has no parameter for it, hill_bottom has.",
        to: width, indent: "")
    }
    lines += notes.flatMap { wrapped(printable($0) + ".", to: width, indent: "") }
    let warnings = self.warnings + curves.flatMap { curve in curve.warnings.map { "\(curve.name): \($0)" } }
    if !warnings.isEmpty {
      lines.append("")
      for warning in warnings {
        lines += wrapped("Warning: " + printable(warning), to: width, indent: "  ").map(style.warning)
      }
    }
    lines += [""] + wrapped(FittedCurves.caveat, to: width, indent: "").map(style.dim)
    if !filesWritten.isEmpty { lines += ["", style.dim("Written: " + filesWritten.joined(separator: ", "))] }
    if !next.isEmpty { lines += [""] + next }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What every number above rests on.
  static let caveat =
    "Curves approximate what the model that made the contributions knows, and have no carryover: a contribution of earlier spend counts for the spend of its own period."

  private var cellCount: String {
    let groups = dims.dropFirst().map { ", \(countText($0.labels.count)) of \(printable($0.name))" }.joined()
    return "\(countText(dims.first?.labels.count ?? 0)) channels\(groups)"
  }

  var hasBottomParameter: Bool { options.family.parameters.contains { $0.name == "bottom" } }

  private var uncertaintySentence: String {
    let draws = countText(curves.first?.draws.drawCount ?? 0, "draw")
    if hasOwnDraws {
      return
        "Intervals are of \(draws): a curve for each draw of the contributions. Estimates are of their means, with standard errors of the fit alone."
    }
    return switch options.uncertainty {
    case .laplace:
      "Intervals are of \(draws) by Laplace (seed \(options.seed)), the ceiling's own likelihood included, up to \(amountText(CurveFitter.largestCeiling)) times the response to the largest spend; channels are independent of each other."
    case .bootstrap:
      "Intervals are of \(draws) by a wild bootstrap of the residuals (seed \(options.seed)); channels are independent of each other."
    }
  }

  private var heading: String { dims.map(\.name).joined(separator: "/").capitalizedFirst }

  private var parameterColumns: TextColumns {
    TextColumns(
      columns: [
        (heading, .left), ("Parameter", .left), ("Estimate", .right), ("Std. error", .right), ("90 % interval", .right),
      ],
      rows: curves.flatMap { curve in
        let errors = curve.fit.standardErrors
        var rows = options.family.parameters.enumerated().map { index, parameter in
          let draws = curve.summary(ofParameter: index)
          let error = errors.flatMap { $0[index] > 0 ? $0[index] : nil }
          // One scale for what is to be compared, unless that would hide digits.
          let shown = [curve.fit.parameters[index], draws.q05, draws.q95]
          let sizes = shown.map(\.magnitude)
          let isAlike = (sizes.max() ?? 0) < 1e3 * (sizes.min() ?? 0)
          let scale = NumberScale(for: shown, significantDigits: 4)
          func text(_ value: Double) -> String { isAlike ? scale.text(value) : numberText(value) }
          return [
            index == 0 ? printable(curve.name) : "", parameter.name, text(shown[0]),
            error.map { numberText($0, significantDigits: 2) } ?? "-", "\(text(shown[1])) to \(text(shown[2]))",
          ]
        }
        if let bottom = curve.fit.bottom, !hasBottomParameter {
          rows.append([
            "", "(bottom)", numberText(bottom),
            curve.fit.bottomStandardError.map { numberText($0, significantDigits: 2) } ?? "-", "",
          ])
        }
        return rows
      })
  }

  private var qualityColumns: TextColumns {
    TextColumns(
      columns: [
        (heading, .left), ("Observations", .right), ("R2", .right), ("Residual sd", .right), ("Largest spend", .right),
        ("Response to it", .right), ("Half saturation", .right),
      ],
      rows: curves.map { curve in
        [
          printable(curve.name), countText(curve.fit.observationCount),
          NumberScale(exponent: 0, decimals: 4).digits(curve.fit.rSquared),
          numberText(curve.fit.residualStandardDeviation, significantDigits: 3), numberText(curve.fit.largestMedia),
          numberText(curve.fit.rise), curve.fit.halfSaturation.map { numberText($0) } ?? "-",
        ]
      })
  }

  /// The same as JSON: `fit.json`.
  public var jsonReport: String {
    JSONValue.object([
      ("source", .text(source)),
      ("family", .text(options.family.name)),
      ("dims", .array(dims.map { .object([("name", .text($0.name)), ("labels", JSONValue($0.labels))]) })),
      ("bottom_fitted", .bool(options.hasBottom)),
      (
        "uncertainty",
        .object([
          ("method", .text(hasOwnDraws ? "draws" : options.uncertainty.rawValue)),
          ("draws", .integer(curves.first?.draws.drawCount ?? 0)),
          ("seed", hasOwnDraws ? .null : .text(String(options.seed))),
        ])
      ),
      ("notes", JSONValue(notes)),
      ("warnings", JSONValue(warnings)),
      (
        "curves",
        .array(
          curves.map { curve in
            let fit = curve.fit
            return .object(
              zip(dims, curve.labels).map { ($0.name, .text($1)) } + [
                ("parameters", .object(parametersJSON(curve))),
                ("bottom", JSONValue(fit.bottom)),
                ("bottom_standard_error", JSONValue(fit.bottomStandardError)),
                ("observations", .integer(fit.observationCount)),
                ("degrees_of_freedom", .integer(fit.degreesOfFreedom)),
                ("r_squared", .number(fit.rSquared)),
                ("residual_sum_of_squares", .number(fit.residualSumOfSquares)),
                ("residual_sd", .number(fit.residualStandardDeviation)),
                ("smallest_spend", .number(fit.smallestMedia)),
                ("largest_spend", .number(fit.largestMedia)),
                ("response_to_largest_spend", .number(fit.rise)),
                ("half_saturation", JSONValue(fit.halfSaturation)),
                ("flat_draws", .integer(curve.flatCount)),
                ("warnings", JSONValue(curve.warnings)),
              ])
          })
      ),
    ]).document
  }

  private func parametersJSON(_ curve: Curve) -> [(String, JSONValue)] {
    let errors = curve.fit.standardErrors
    return options.family.parameters.enumerated().map { index, parameter in
      let draws = curve.summary(ofParameter: index)
      return (
        parameter.name,
        .object([
          ("estimate", .number(curve.fit.parameters[index])),
          ("standard_error", JSONValue(errors?[index])),
          ("sd", .number(draws.sd)), ("q05", .number(draws.q05)), ("q50", .number(draws.q50)),
          ("q95", .number(draws.q95)),
        ])
      )
    }
  }
}
