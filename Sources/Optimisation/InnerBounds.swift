import NumericKernel

extension SeparableObjective {
  /// A bound on each inner function over a polytope, each at its own best point: between given points of each variable it is
  /// replaced by chords and what it may be above them, and of the polytope's rows the first counts that weighs every variable.
  ///
  /// An outer function that never falls is nowhere above what it makes of these bounds, whatever its shape. For each inner
  /// function: `r₀ + y b + Σ_j max_{x_j} (r_j(x_j) − y a_j x_j)`, y any number.
  public func innerBounds(over polytope: Polytope, points: [[Double]]) -> [Double] {
    let row = polytope.rows.first { row in row.coefficients.allSatisfy { $0 > 0 } }
    let constant = innerConstant
    let piece = 1024
    let firsts = Array(stride(from: 0, to: constant.count, by: piece))
    return Parallel.map(firsts.count) { index -> [Double] in
      let inner = firsts[index]..<min(firsts[index] + piece, constant.count)
      let chords = points.indices.map { self.chords(of: $0, at: points[$0], inner: inner) }
      return inner.map { place in
        let curves = points.indices.map { variable in
          Majorant(
            chords[variable], place - inner.lowerBound,
            costs: points[variable].scaled(by: row?.coefficients[variable] ?? 0))
        }
        return constant[place] + bound(curves, under: row, size: abs(constant[place]))
      }
    }.flatMap(\.self)
  }

  private func bound(_ curves: [Majorant], under row: Polytope.Row?, size: Double) -> Double {
    let price = row.map { Majorant.price(of: curves, lower: $0.lower, upper: $0.upper) } ?? 0
    let end = price > 0 ? row?.upper ?? 0 : price < 0 ? row?.lower ?? 0 : 0
    var (value, size) = (price == 0 ? 0 : price * end, size)
    size += abs(value)
    for curve in curves {
      value += curve.best(at: price)
      size += curve.size
    }
    return value + provedRounding * size
  }
}

/// Points that are above one variable's part of one inner function, and so are the chords between them.
private struct Majorant {
  /// What the row counts at each point.
  var costs: [Double]
  var values: [Double]

  init(_ chords: CurveChords, _ draw: Int, costs: [Double]) {
    self.costs = costs
    values = chords.spends.indices.map { point in
      let before = point > 0 ? chords.above[draw, point - 1] : 0
      let after = point < chords.spends.count - 1 ? chords.above[draw, point] : 0
      return chords.values[draw, point] + max(before, after)
    }
  }

  var size: Double { values.reduce(0) { max($0, abs($1)) } }

  func best(at price: Double) -> Double {
    costs.indices.reduce(-.infinity) { max($0, values[$1] - price * costs[$1]) }
  }

  /// The price of the row at which the sum of the envelopes is greatest: segments are bought in the order of what they yield.
  static func price(of curves: [Majorant], lower: Double, upper: Double) -> Double {
    var spent = curves.reduce(0) { $0 + $1.costs[0] }
    var segments = curves.flatMap(\.envelope)
    segments.sort { $0.yield > $1.yield }
    for segment in segments {
      let limit = segment.yield > 0 ? upper : lower
      if spent + segment.cost >= limit { return limit.isFinite && spent <= limit ? segment.yield : 0 }
      spent += segment.cost
    }
    return 0
  }

  private var envelope: [(yield: Double, cost: Double)] {
    func yield(_ a: Int, _ b: Int) -> Double { (values[b] - values[a]) / (costs[b] - costs[a]) }
    var hull: [Int] = []
    for point in costs.indices {
      while hull.count > 1, yield(hull[hull.count - 2], hull[hull.count - 1]) <= yield(hull[hull.count - 1], point) {
        hull.removeLast()
      }
      hull.append(point)
    }
    return zip(hull, hull.dropFirst()).map { (yield($0, $1), costs[$1] - costs[$0]) }
  }
}
