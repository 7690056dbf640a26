import NumericKernel

// Cells by period with straight lines in place of a part of their curves, between two amounts of money in each period.

extension PeriodCell {
  /// A cell that is concave and nowhere below this one where each period's money is between two amounts; nil where that is not known: of
  /// curves that fall, of periods that count against the response, and of prices that fall.
  ///
  /// Between the least and the most media that a period of the curve may be fed, the curve's concave envelope is a straight line
  /// from the least, up to where it touches the curve, or to the most.
  func overestimator(from lower: ArraySlice<Double>, to upper: ArraySlice<Double>) -> PeriodCell? {
    guard prices.allSatisfy(\.isConcave) else { return nil }
    return straightened(saturation, from: lower, to: upper, isAbove: true)
  }

  /// A cell that is a straight line in each period's money, and nowhere above this one where that is between two amounts; nil where that is
  /// not known: of curves that fall, of periods that count against the response, and of prices that change with what is spent.
  ///
  /// The line goes through the curve at the most media that a period of it may be fed, and touches it from below: at the least, or where the curve
  /// still bends upward.
  func underestimator(from lower: ArraySlice<Double>, to upper: ArraySlice<Double>) -> PeriodCell? {
    guard prices.allSatisfy(\.isConstant) else { return nil }
    return straightened(saturation, from: lower, to: upper, isAbove: false)
  }

  /// The same with a line up to some media in each draw and period; nil where a curve falls, or a unit of it counts against the response.
  private func straightened<Family: Saturation>(
    _ family: Family.Type, from lower: ArraySlice<Double>, to upper: ArraySlice<Double>, isAbove: Bool
  ) -> PeriodCell? {
    guard isWorthSomething else { return nil }
    let (lower, upper) = (media(lower).map(\.value), media(upper).map(\.value))
    var joints = DrawMatrix(drawCount: tiles.drawCount, columnCount: tiles.feltCount)
    var slopes = joints
    for draw in 0..<tiles.drawCount {
      let parameters = tiles.parameters.row(draw)
      let (least, most) = (tiles.carried(lower, draw: draw), tiles.carried(upper, draw: draw))
      for period in least.indices {
        let stretch = Stretch<Family>(parameters, from: least[period], to: most[period])
        guard !stretch.falls else { return nil }
        (joints[draw, period], slopes[draw, period]) = isAbove ? stretch.envelope : stretch.floor
      }
    }
    return straightened(below: joints, slopes: slopes)
  }
}

/// One draw's curve between the least and the most media of a period.
private struct Stretch<Family: Saturation> {
  let parameters: [Double]
  let least: Double
  let most: Double
  let start: CurvePoint
  let end: CurvePoint
  /// Where it turns from convex to concave.
  let turn: Double

  init(_ parameters: [Double], from least: Double, to most: Double) {
    self.parameters = parameters
    // Rounding may put media a little outside.
    self.least = max(0, least * (1 - 1e-12))
    self.most = most * (1 + 1e-12)
    turn = Family.inflection(parameters.span)
    start = Family.point(at: self.least, parameters.span)
    end = Family.point(at: self.most, parameters.span)
  }

  /// A saturated curve may fall by rounding, as a share of itself.
  var falls: Bool { !(end.value >= start.value - 1e-13 * abs(start.value)) }

  private var chord: Double { max(0, end.value - start.value) / (most - least) }

  /// The lowest concave function above it is a line up to the joint, and then the curve.
  var envelope: (joint: Double, slope: Double) {
    guard most > least, least < turn else { return (least, start.slope) }
    guard most > turn, end.slope < chord else { return (most, chord) }
    // The tangent at `high` is above the start, and so above the curve.
    return touching(from: max(turn, least), to: most) { $0.value - $0.slope * ($1 - least) >= start.value }
  }

  /// A line below it that goes through its end.
  var floor: (joint: Double, slope: Double) {
    guard most > least else { return (most, 0) }
    guard least < turn, start.slope < chord else { return (most, chord) }
    // The line from the end that touches it at `high` or before is the steepest of all from there.
    return (most, touching(from: least, to: min(turn, most)) { $0.slope * (most - $1) >= end.value - $0.value }.slope)
  }

  /// The least media from which on something holds of the tangent, to nine digits and on the side where it does, and the slope there. It holds at `high`.
  private func touching(
    from low: Double, to high: Double, _ holds: (CurvePoint, Double) -> Bool
  ) -> (joint: Double, slope: Double) {
    var (low, high) = (low, high)
    var slope = Family.point(at: high, parameters.span).slope
    for _ in 0..<60 {
      let middle = 0.5 * (low + high)
      let point = Family.point(at: middle, parameters.span)
      if holds(point, middle) { (high, slope) = (middle, point.slope) } else { low = middle }
      if high - low <= 1e-9 * high { break }
    }
    return (high, slope)
  }
}
