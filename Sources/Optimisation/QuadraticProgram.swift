public import NumericKernel

extension Interference.Routine {
  package static let quadraticProgram = Self("quadratic program")
}

/// Maximises `gradient · p + ½ pᵀ hessian p` over a polytope, the Hessian negative semidefinite: zero, for a linear
/// program, is allowed.
///
/// Flat directions are made curved by a proximal term around a centre, and the centre moves to each solution until it stays
/// (Rockafellar, SIAM J. Control 14, 1976): the answer is that of the program itself. Each strictly concave program is
/// solved by its active set, which the next one starts from, so that a variable at a bound is exactly there.
public struct QuadraticProgram: Sendable {
  /// One component per variable: the slope at `p = 0`.
  public var gradient: [Double]
  /// Its lower triangle is read.
  public var hessian: Matrix
  /// Where `p` may be.
  public var polytope: Polytope

  /// A gradient component, and a Hessian row and column, for each variable of the polytope.
  public init(gradient: [Double], hessian: Matrix, polytope: Polytope) {
    precondition(gradient.count == polytope.dimension, "A gradient component for each variable.")
    precondition(
      hessian.rowCount == polytope.dimension && hessian.columnCount == polytope.dimension,
      "A Hessian row and column for each variable.")
    self.gradient = gradient
    self.hessian = hessian
    self.polytope = polytope
  }

  /// A maximum and the proof that it is one: `gradient + hessian · point` is the rows' coefficients times `rowMultipliers`,
  /// plus `boundMultipliers`; the signs are those of `Solution`.
  public struct Optimum: Sendable {
    /// One number per variable; one that a bound holds is exactly there.
    public var point: [Double]
    /// One per row of the polytope; 0 where the row does not bind.
    public var rowMultipliers: [Double]
    /// One per variable; 0 strictly between its bounds.
    public var boundMultipliers: [Double]
    /// Which limits hold the point: a start for a program much like this one.
    public var activeSet: ActiveSet
  }

  /// The limits that hold a point.
  public struct ActiveSet: Sendable, Equatable {
    var sides: [DualActiveSet.Side] = []
    /// None known.
    public init() {}
  }

  /// The proximal term's weight, in a program scaled to order one: enough to keep the factors accurate, little enough
  /// that two or three centres do.
  static let proximalWeight = 1e-7
  /// A centre that moves less than this many widths of the box changes the gradient by less than rounding does.
  static let settled = 1e-10
  static let centreLimit = 50

  /// Nil where no point is within 1e-9 of every limit, in widths of the box, or arithmetic leaves no numbers.
  ///
  /// A Hessian with positive eigenvalues is taken without them. Where the search for the active set does not end, which
  /// takes limits that agree to rounding, the last point is given.
  public func maximum(from guess: ActiveSet = ActiveSet()) -> Optimum? {
    let count = polytope.dimension
    let widest = zip(polytope.lower, polytope.upper).reduce(0) { max($0, $1.1 - $1.0) }
    let width = widest > 0 ? widest : 1
    let steepest = max(magnitude(gradient) * width, magnitude(hessian.elements) * width * width)
    let scale = steepest > 0 ? steepest : 1

    // Around the point of the box nearest to zero, in widths of the box and in units of the steepest term.
    let origin = polytope.clipped(.zeros(count))
    let slope = gradient.plus(hessian.symmetricTimes(origin)).scaled(by: width / scale)
    let curvature = (-width * width / scale) * hessian
    // Terms so large, or all of them so small, that their ratios are no numbers.
    guard slope.allSatisfy({ $0.isFinite }), curvature.elements.allSatisfy({ $0.isFinite }) else { return nil }
    let norms = polytope.rows.map { dot($0.coefficients, $0.coefficients).squareRoot() }
    let lengths = norms.map { $0 > 0 ? $0 : 1 }
    let rows = zip(polytope.rows, lengths).map { row, length in row.coefficients.scaled(by: 1 / length) }
    let offsets = polytope.rows.map { dot($0.coefficients, origin) }
    func scaled(_ ends: [Double]) -> [Double] { ends.indices.map { (ends[$0] - offsets[$0]) / (width * lengths[$0]) } }

    var search = DualActiveSet(
      basis: QuadraticProgram.basis(of: curvature), rows: rows,
      lower: polytope.lower.minus(origin).scaled(by: 1 / width) + scaled(polytope.rows.map(\.lower)),
      upper: polytope.upper.minus(origin).scaled(by: 1 / width) + scaled(polytope.rows.map(\.upper)),
      guess: guess.sides)
    var centre = [Double].zeros(count)
    for _ in 0..<QuadraticProgram.centreLimit {
      if case .infeasible = search.solve(linear: slope.plus(centre.scaled(by: QuadraticProgram.proximalWeight))) {
        return nil
      }
      let move = magnitude(search.point.minus(centre))
      centre = search.point
      if move <= QuadraticProgram.settled { break }
    }

    var optimum = Optimum(
      point: polytope.clipped(origin.plus(centre.scaled(by: width))),
      rowMultipliers: .zeros(rows.count),
      boundMultipliers: .zeros(count), activeSet: ActiveSet())
    optimum.activeSet.sides = search.working
    // Where limits meet, not all of them are in the active set; a bound met to rounding is met.
    let rounding = DualActiveSet.feasibility * width
    for j in 0..<count {
      if optimum.point[j] - polytope.lower[j] <= rounding { optimum.point[j] = polytope.lower[j] }
      if polytope.upper[j] - optimum.point[j] <= rounding { optimum.point[j] = polytope.upper[j] }
    }
    for (side, multiplier) in zip(search.working, search.multipliers) {
      let signed = (side.isUpper ? multiplier : -multiplier) * scale / width
      if side.limit < count {
        optimum.point[side.limit] = (side.isUpper ? polytope.upper : polytope.lower)[side.limit]
        optimum.boundMultipliers[side.limit] = signed
      } else {
        optimum.rowMultipliers[side.limit - count] = signed / lengths[side.limit - count]
      }
    }
    switch Interference.fault?(.quadraticProgram) {
    case nil: break
    case .failure: return nil
    case .numbers(let change):
      optimum.point = optimum.point.map(change)
      optimum.rowMultipliers = optimum.rowMultipliers.map(change)
      optimum.boundMultipliers = optimum.boundMultipliers.map(change)
    }
    let numbers = [optimum.point, optimum.rowMultipliers, optimum.boundMultipliers]
    return numbers.allSatisfy { $0.allSatisfy(\.isFinite) } ? optimum : nil
  }

  /// J with `Jᵀ (curvature + weight · I) J = I`: the inverse transpose of the Cholesky factor, or where the curvature is
  /// not that of a convex function, its eigenvectors over the roots of its nonnegative eigenvalues.
  private static func basis(of curvature: Matrix) -> Matrix {
    let order = curvature.rowCount
    var basis = Matrix(rowCount: order, columnCount: order)
    do {
      let factor = try Cholesky(curvature + Matrix(diagonal: [Double](repeating: proximalWeight, count: order))).factor
      // Column k of L⁻ᵀ is row k of L⁻¹, solved from its end upwards.
      for k in 0..<order {
        basis[k, k] = 1 / factor[k, k]
        for i in stride(from: k - 1, through: 0, by: -1) {
          var sum = 0.0
          for j in (i + 1)...k { sum += factor[j, i] * basis[j, k] }
          basis[i, k] = -sum / factor[i, i]
        }
      }
    } catch {
      let eigen = SymmetricEigen(curvature)
      for k in 0..<order {
        let root = (max(eigen.values[k], 0) + proximalWeight).squareRoot()
        for i in 0..<order { basis[i, k] = eigen.vectors[i, k] / root }
      }
    }
    return basis
  }
}
