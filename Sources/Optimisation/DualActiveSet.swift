import NumericKernel

/// Minimises `½ xᵀG x − linear · x`, G positive definite, over limits on the variables and on rows of unit norm, by the
/// dual method of Goldfarb and Idnani (Math. Programming 27, 1983).
///
/// It starts at the minimum over no inequality at all and takes in the most violated limit, one after another, giving up
/// those whose multiplier would turn negative. Every step raises the dual objective, so degenerate, redundant and repeated
/// limits need no care of their own. Dictionary to the paper: `basis` is `J = L⁻ᵀQ` with `JᵀGJ = I`, `triangle` is `R`, the
/// first columns of `JᵀN`, N the normals of the `working` set; `d = Jᵀn`, `r = R⁻¹d`.
struct DualActiveSet {
  /// One end of one limit; the variables' limits come first, then the rows'.
  struct Side: Hashable, Sendable {
    var limit: Int
    var isUpper: Bool
  }

  enum Outcome {
    case optimal
    case infeasible
    case iterationLimit
  }

  /// A limit may be exceeded by this much before it is taken in: the rounding of variables of order one.
  static let feasibility = 1e-14
  /// A dependent limit exceeded by more than this contradicts the others.
  static let contradiction = 1e-9
  /// A normal whose part outside the working set is this small is taken for dependent: rounding of a basis whose columns differ in length by
  /// the root of the proximal weight, three-thousandfold, and a hundred times that.
  static let dependence = 1e-10

  private let order: Int
  private let lower: [Double]
  private let upper: [Double]
  /// Coefficients of the rows.
  private let rows: [[Double]]
  private var basis: [Double]
  private var triangle: [Double]
  private var isWorking: [Bool]

  private(set) var working: [Side] = []
  /// One per member of the working set: nonnegative but at equalities.
  private(set) var multipliers: [Double] = []
  private(set) var point: [Double]

  /// `basis` is any square matrix J with `JᵀGJ = I`; `lower` and `upper` hold the variables' limits and then the rows'.
  init(basis: Matrix, rows: [[Double]], lower: [Double], upper: [Double], guess: [Side]) {
    order = basis.rowCount
    self.basis = basis.elements
    self.rows = rows
    self.lower = lower
    self.upper = upper
    point = .zeros(order)
    isWorking = [Bool](repeating: false, count: lower.count)
    triangle = .zeros(order * order)
    let equalities = lower.indices.filter { lower[$0] == upper[$0] }.map { Side(limit: $0, isUpper: false) }
    for side in equalities + guess.filter({ $0.limit < lower.count && limit($0).isFinite }) {
      takeInIfIndependent(side)
    }
  }

  /// The minimum for one linear term. The working set is kept for the next.
  mutating func solve(linear: [Double]) -> Outcome {
    recompute(linear)
    while let worst = multipliers.indices.filter({ !isEquality(working[$0]) && multipliers[$0] < 0 })
      .min(by: { multipliers[$0] < multipliers[$1] })
    {
      giveUp(worst)
      recompute(linear)
    }
    // Each limit enters a few times at most in practice; far beyond that only rounding keeps the search going.
    for _ in 0..<(200 + 20 * lower.count) {
      guard let (side, violation) = mostViolated() else { return .optimal }
      let before = self
      guard takeIn(side, violation: violation) else {
        if violation > DualActiveSet.contradiction { return .infeasible }
        // A repeated limit that rounding exceeds: what was walked on the way to nowhere is taken back.
        self = before
        return .optimal
      }
      recompute(linear)
    }
    return .iterationLimit
  }

  // MARK: - The method

  private func mostViolated() -> (Side, Double)? {
    var worst = DualActiveSet.feasibility
    var found: Side?
    for index in lower.indices where !isWorking[index] {
      let activity = index < order ? point[index] : dot(rows[index - order], point)
      let slack = DualActiveSet.feasibility * abs(activity)
      if lower[index] - activity - slack > worst {
        worst = lower[index] - activity - slack
        found = Side(limit: index, isUpper: false)
      }
      if activity - upper[index] - slack > worst {
        worst = activity - upper[index] - slack
        found = Side(limit: index, isUpper: true)
      }
    }
    return found.map { ($0, worst) }
  }

  /// Walks the dual until the limit holds, giving up others on the way; false where they contradict it.
  private mutating func takeIn(_ side: Side, violation: Double) -> Bool {
    var violation = violation
    while true {
      let d = transform(side)
      let r = solveTriangle(Array(d[..<working.count]))
      let outside = d[working.count...].reduce(0) { $0 + $1 * $1 }
      let isIndependent = outside > DualActiveSet.dependence * DualActiveSet.dependence * dot(d, d)
      let full = isIndependent ? violation / outside : .infinity
      var partial = Double.infinity
      var leaving = -1
      let significant = DualActiveSet.dependence * magnitude(r)
      for (index, rate) in r.enumerated() where rate > significant && !isEquality(working[index]) {
        let ratio = max(0, multipliers[index]) / rate
        if ratio < partial {
          partial = ratio
          leaving = index
        }
      }
      if full <= partial {
        guard full.isFinite else { return false }
        append(side, d)
        return true
      }
      for (index, rate) in r.enumerated() { multipliers[index] -= partial * rate }
      if isIndependent { violation -= partial * outside }
      giveUp(leaving)
    }
  }

  /// The minimum on the working set and its multipliers, afresh: no error is carried along.
  private mutating func recompute(_ linear: [Double]) {
    let count = working.count
    let transformed = transposeTimesBasis(linear)
    let inside = solveTransposedTriangle(working.map { $0.isUpper ? -limit($0) : limit($0) })
    multipliers = solveTriangle(inside.minus(Array(transformed[..<count])))
    let y = inside + transformed[count...]
    point = .zeros(order)
    for column in 0..<order where y[column] != 0 {
      for i in 0..<order { point[i] += y[column] * basis[column * order + i] }
    }
  }

  private func limit(_ side: Side) -> Double { side.isUpper ? upper[side.limit] : lower[side.limit] }

  private func isEquality(_ side: Side) -> Bool { lower[side.limit] == upper[side.limit] }

  // MARK: - The factors

  /// `Jᵀn`, n pointing into the feasible side.
  private func transform(_ side: Side) -> [Double] {
    let sign = side.isUpper ? -1.0 : 1.0
    if side.limit < order { return (0..<order).map { sign * basis[$0 * order + side.limit] } }
    return transposeTimesBasis(rows[side.limit - order]).scaled(by: sign)
  }

  private func transposeTimesBasis(_ vector: [Double]) -> [Double] {
    (0..<order).map { column in
      var sum = 0.0
      for i in 0..<order { sum += basis[column * order + i] * vector[i] }
      return sum
    }
  }

  private mutating func takeInIfIndependent(_ side: Side) {
    guard !isWorking[side.limit], working.count < order else { return }
    let d = transform(side)
    // A guess is only taken where it is far from dependent; the rest come by themselves.
    let outside = d[working.count...].reduce(0) { $0 + $1 * $1 }
    if outside > 1e-16 * dot(d, d) { append(side, d) }
  }

  /// Adds a member: a Householder reflection of the columns outside the working set turns `d` onto the first of them.
  private mutating func append(_ side: Side, _ d: [Double]) {
    let count = working.count
    let length = d[count...].reduce(0) { $0 + $1 * $1 }.squareRoot()
    let diagonal = d[count] > 0 ? -length : length
    var reflector = Array(d[count...])
    reflector[0] -= diagonal
    let square = dot(reflector, reflector)
    if square > 0 {
      var combination = [Double].zeros(order)
      for (offset, weight) in reflector.enumerated() where weight != 0 {
        let start = (count + offset) * order
        for i in 0..<order { combination[i] += weight * basis[start + i] }
      }
      for (offset, weight) in reflector.enumerated() where weight != 0 {
        let start = (count + offset) * order
        let factor = 2 * weight / square
        for i in 0..<order { basis[start + i] -= factor * combination[i] }
      }
    }
    for i in 0..<count { triangle[count * order + i] = d[i] }
    triangle[count * order + count] = diagonal
    working.append(side)
    multipliers.append(0)
    isWorking[side.limit] = true
  }

  /// Removes a member: Givens rotations bring the triangle back to shape.
  private mutating func giveUp(_ index: Int) {
    isWorking[working[index].limit] = false
    working.remove(at: index)
    multipliers.remove(at: index)
    let count = working.count
    for column in index..<count {
      for i in 0...(column + 1) { triangle[column * order + i] = triangle[(column + 1) * order + i] }
    }
    for k in index..<count {
      let a = triangle[k * order + k]
      let b = triangle[k * order + k + 1]
      let length = (a * a + b * b).squareRoot()
      guard length > 0 else { continue }
      let (cosine, sine) = (a / length, b / length)
      for column in k..<count { rotate(&triangle, column * order + k, column * order + k + 1, cosine, sine) }
      for i in 0..<order { rotate(&basis, k * order + i, (k + 1) * order + i, cosine, sine) }
    }
  }

  private func rotate(_ values: inout [Double], _ first: Int, _ second: Int, _ cosine: Double, _ sine: Double) {
    let (a, b) = (values[first], values[second])
    values[first] = cosine * a + sine * b
    values[second] = cosine * b - sine * a
  }

  /// `R⁻¹ b`.
  private func solveTriangle(_ b: [Double]) -> [Double] {
    var x = b
    for column in stride(from: x.count - 1, through: 0, by: -1) {
      x[column] /= triangle[column * order + column]
      for i in 0..<column { x[i] -= x[column] * triangle[column * order + i] }
    }
    return x
  }

  /// `R⁻ᵀ b`.
  private func solveTransposedTriangle(_ b: [Double]) -> [Double] {
    var x = b
    for column in x.indices {
      for i in 0..<column { x[column] -= triangle[column * order + i] * x[i] }
      x[column] /= triangle[column * order + column]
    }
    return x
  }
}
