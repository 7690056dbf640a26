public import CurveFitting
import NumericKernel
import ResponseModel

// Pictures of fitted curves, over what they were fitted to.

extension FittedCurves {
  /// `fitted_curves`: every curve in a panel of its own, with 50 and 90 % of its draws and the observations; the first of more than
  /// `Figure.mostPanels`.
  ///
  /// - Parameter history: what was fitted.
  public func overviewFigure(_ history: History) -> Figure {
    let count = min(curves.count, Figure.mostPanels)
    return figure(
      FittedCurves.overviewName, title: "\(options.family.name) curves of \(countText(curves.count, "channel"))",
      notes: [
        "Each panel has its own scale" + (count < curves.count ? "; the first \(countText(count)) are shown" : "")
      ],
      panels: Parallel.map(count) { panel(curves[$0], history.series[$0]) })
  }

  /// `fitted_curve_…`: a picture for each curve.
  ///
  /// - Parameter history: what was fitted.
  public func curveFigures(_ history: History) -> [Figure] {
    let names = curveFigureNames
    return Parallel.map(curves.count) { index in
      let curve = curves[index]
      var panel = panel(curve, history.series[index])
      panel.title = ""
      return figure(
        names[index], title: "\(shown(curve.name)): \(options.family.name), R² \(rSquaredText(curve))",
        notes: curve.warnings.isEmpty
          ? [] : ["\(countText(curve.warnings.count, "warning")) of this fit: see fit.json"], panels: [panel])
    }
  }

  /// Of `curveFigures`: as files may be named, whatever the channel is called, and no two alike.
  public var curveFigureNames: [String] {
    var seen: Set<String> = []
    return curves.enumerated().map { index, curve in
      let plain = String(
        curve.name.prefix(60).map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "_" })
      let name = "fitted_curve_\(plain)"
      return seen.insert(name.lowercased()).inserted ? name : "\(name)_\(index + 1)"
    }
  }

  public static let overviewName = "fitted_curves"

  private func figure(_ name: String, title: String, notes: [String], panels: [Figure.Panel]) -> Figure {
    Figure(
      name: name, title: title, notes: notes,
      legend: [
        Figure.LegendEntry(.stroke, .recommended, "best fit, 50 and 90 % of draws"),
        Figure.LegendEntry(
          .dot, .current, hasOwnDraws ? "observed, the mean of draws" : "observed"),
        Figure.LegendEntry(.box, .observed, "within what was observed"),
      ],
      panels: panels, columnWidths: Figure.grid(of: panels.count), xLabel: "Spend in a period",
      yLabel: "Contribution in a period")
  }

  private func rSquaredText(_ curve: Curve) -> String {
    NumberScale(exponent: 0, decimals: 2).digits(curve.fit.rSquared)
  }

  /// A bottom that the family has no parameter for lifts best curve and draws alike: its own error is not in the band.
  private func panel(_ curve: Curve, _ series: History.Series) -> Figure.Panel {
    let fit = curve.fit
    let most = FittedCurves.reach * fit.largestMedia
    let places = (0...FittedCurves.steps).map { most * Double($0) / Double(FittedCurves.steps) }
    let lift = hasBottomParameter ? 0 : fit.bottom ?? 0
    let best = places.map { fit.response(at: $0) }
    // What draws take a curve to beyond the data may be any number of times what was seen.
    let highest = 1.5 * max(series.response.max() ?? 0, best.max() ?? 0)
    let bands = curve.bands(atMedia: places).map { $0.map { min($0 + lift, highest) } }
    let rows = max(places.count, series.media.count)
    func column(_ values: [Double]) -> [Double] { values + [Double](repeating: .nan, count: rows - values.count) }
    let y = Figure.Axis.amounts("", bands[0] + bands[3] + best + series.response, ticks: 3, isTight: true)
    return Figure.Panel(
      title: "\(shown(curve.name)), R² \(rSquaredText(curve))", x: .spanning("", 0...most, ticks: 3), y: y,
      columns: [
        ("spend", column(places)), ("best", column(best)), ("q05", column(bands[0])), ("q25", column(bands[1])),
        ("q75", column(bands[2])), ("q95", column(bands[3])), ("observed_spend", column(series.media)),
        ("observed", column(series.response)), ("observed_from", column([fit.smallestMedia])),
        ("observed_to", column([fit.largestMedia])), ("bottom", column([y.range.lowerBound])),
        ("top", column([y.range.upperBound])),
      ],
      layers: [
        Figure.Layer(
          .boxes(left: "observed_from", right: "observed_to", low: "bottom", high: "top"), .observed, opacity: 0.5),
        Figure.Layer(.band(x: "spend", low: "q05", high: "q95"), .recommended, opacity: 0.18),
        Figure.Layer(.band(x: "spend", low: "q25", high: "q75"), .recommended, opacity: 0.30),
        Figure.Layer(.dots(x: "observed_spend", y: "observed"), .current),
        Figure.Layer(.line(x: "spend", y: "best"), .recommended),
      ])
  }

  /// Times the largest observed media: how far curves are shown.
  private static let reach = 1.25
  private static let steps = 60
}

extension FittedCurves.Curve {
  /// The 5, 25, 75 and 95 % quantiles over draws of the response, each at all of these media.
  fileprivate func bands(atMedia places: [Double]) -> [[Double]] {
    let rows = (0..<draws.drawCount).map { draw in (0..<draws.columnCount).map { draws[draw, $0] } }
    let quantiles = places.map { media in
      let values = rows.map { fit.family.point(at: media, $0.span).value }
      return [0.05, 0.25, 0.75, 0.95].map { quantile(values.span, level: $0).value }
    }
    return (0..<4).map { level in quantiles.map { $0[level] } }
  }
}
