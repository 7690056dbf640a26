import NumericKernel

/// Maximises `m(p) + ½ pᵀCp` over a polytope of steps, m a concave model with kinks, by cutting planes: the least of the
/// cuts made so far is maximised as a quadratic program, and m is cut again at its answer, until the two agree (Kelley,
/// SIAM J. 8, 1960; Lemaréchal, Nemirovskii and Nesterov, Math. Programming 69, 1995).
struct Bundle {
  /// `m(p) ≤ value + gradient · (p − step)`, values counted from m(0).
  private struct Cut {
    var step: [Double]
    var value: Double
    var gradient: [Double]
  }

  /// A step, and what shows how good it is.
  struct Ascent {
    var step: [Double]
    /// The increase of `m(p) + ½ pᵀCp`.
    var predicted: Double
    /// The supergradient of m at the step that makes it optimal, and C's share: a convex combination of cuts.
    var gradient: [Double]
    /// The curvature under the weights of that combination.
    var curvature: Matrix
    /// Where the cuts that hold the step were made, and their parts in the combination.
    var supports: [TangentBound.Support]
  }

  /// The part of the promised increase that may be missing: less would not change which step is taken.
  static let slack = 0.01
  static let cutLimit = 300

  private let model: any LocalModel
  private let origin: Double
  private var cuts: [Cut] = []
  private var activeSet = QuadraticProgram.ActiveSet()

  /// `first` is the model at step zero; cuts are also made at the `hints`.
  init(model: any LocalModel, first: (value: Double, gradient: [Double]), hints: [[Double]] = []) {
    self.model = model
    origin = first.value
    cuts = [Cut(step: .zeros(first.gradient.count), value: 0, gradient: first.gradient)]
    for step in hints { cut(at: step) }
  }

  @discardableResult
  private mutating func cut(at step: [Double]) -> Double {
    let (value, gradient) = model.value(at: step)
    cuts.append(Cut(step: step, value: value - origin, gradient: gradient))
    return value - origin
  }

  /// Nil where no step rises: where the first cut is flat, or the model is not finite at a step.
  mutating func maximum(curvature: Matrix, over steps: Polytope) -> Ascent? {
    while true {
      guard let (step, promised, weights) = maximumOfCuts(curvature: curvature, over: steps) else { return nil }
      let bend = 0.5 * dot(step, curvature.symmetricTimes(step))
      // Where the model was cut already it is as it was: what is missing there is rounding, which no cut takes away.
      let isRepeated = cuts.contains { $0.step == step }
      let value = cut(at: step)
      guard value.isFinite else { return nil }
      let predicted = promised + bend
      let missing = promised - value
      if isRepeated || missing <= max(Bundle.slack * predicted, 0.1 * rounding(of: origin))
        || cuts.count >= Bundle.cutLimit
      {
        return ascent(step, predicted: value + bend, weights, curvature)
      }
    }
  }

  private func ascent(_ step: [Double], predicted: Double, _ weights: [Double], _ curvature: Matrix) -> Ascent {
    var gradient = curvature.symmetricTimes(step)
    var aggregate = 0.0 * curvature
    var held: [TangentBound.Support] = []
    for (weight, cut) in zip(weights, cuts) where weight > 0 {
      gradient = gradient.plus(cut.gradient.scaled(by: weight))
      aggregate = aggregate + weight * model.curvature(at: cut.step)
      held.append(TangentBound.Support(step: cut.step, weight: weight))
    }
    return Ascent(step: step, predicted: predicted, gradient: gradient, curvature: aggregate, supports: held)
  }

  /// Maximises `t + ½ pᵀCp` under `t ≤` every cut, in widths of the box and in the most that the first cut can rise.
  private mutating func maximumOfCuts(
    curvature: Matrix, over steps: Polytope
  ) -> (step: [Double], promised: Double, weights: [Double])? {
    let count = steps.dimension
    let reach = max(magnitude(steps.lower), magnitude(steps.upper))
    let height = reach * cuts[0].gradient.reduce(0) { $0 + abs($1) }
    guard reach > 0, height > 0, height.isFinite else { return nil }
    var scaled = Polytope(
      lower: steps.lower.scaled(by: 1 / reach) + [-1], upper: steps.upper.scaled(by: 1 / reach) + [2],
      rows: steps.rows.map {
        Polytope.Row(
          label: $0.label, coefficients: $0.coefficients + [0], lower: $0.lower / reach, upper: $0.upper / reach)
      })
    for cut in cuts {
      scaled.rows.append(
        Polytope.Row(
          label: "cut", coefficients: cut.gradient.scaled(by: -reach / height) + [1], lower: -.infinity,
          upper: (cut.value - dot(cut.gradient, cut.step)) / height))
    }
    var hessian = Matrix(rowCount: count + 1, columnCount: count + 1)
    for row in 0..<count {
      for column in 0..<count { hessian[row, column] = curvature[row, column] * reach * reach / height }
    }
    let program = QuadraticProgram(
      gradient: [Double].zeros(count) + [1], hessian: hessian, polytope: scaled)
    guard let optimum = program.maximum(from: activeSet) else { return nil }
    activeSet = optimum.activeSet
    // A bound of the box is met exactly, here as in its own units.
    let step = (0..<count).map { j in
      if optimum.point[j] == scaled.lower[j] { return steps.lower[j] }
      if optimum.point[j] == scaled.upper[j] { return steps.upper[j] }
      return reach * optimum.point[j]
    }
    return (step, height * optimum.point[count], Array(optimum.rowMultipliers[steps.rows.count...]))
  }
}
