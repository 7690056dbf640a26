import NumericKernel

/// A way up from a point where the gradient shows none: the direction along which the function curves upward most, among
/// those that leave every binding limit where it is; nil where it curves upward along none.
///
/// A function that is not concave may be stationary at a saddle, or at the bottom of a valley: equal shares between equals
/// are the usual case.
func ascentByCurvature(
  at x: [Double], gradient: [Double], hessian: Matrix, in polytope: Polytope
) -> [Double]? {
  let free = x.indices.filter { x[$0] > polytope.lower[$0] && x[$0] < polytope.upper[$0] }
  var normals: [[Double]] = []
  for row in polytope.rows {
    let activity = dot(row.coefficients, x)
    let size = zip(row.coefficients, x).reduce(0) { $0 + abs($1.0 * $1.1) }
    // A row met to within a hundred roundings of its sum binds.
    let margin = 100 * Double.ulpOfOne * size
    guard activity <= row.lower + margin || activity >= row.upper - margin else { continue }
    let normal = free.map { row.coefficients[$0] }
    let rest = without(normals, in: normal)
    let length = dot(rest, rest).squareRoot()
    if length > 1e-9 * magnitude(normal) { normals.append(rest.scaled(by: 1 / length)) }
  }
  guard free.count > normals.count else { return nil }

  // The Hessian between projections on the face, column by column.
  var face = Matrix(rowCount: free.count, columnCount: free.count)
  var reduced = face
  for column in free.indices {
    var unit = [Double].zeros(free.count)
    unit[column] = 1
    for (row, value) in without(normals, in: unit).enumerated() { face[row, column] = value }
  }
  for column in free.indices {
    var curved = [Double].zeros(free.count)
    for row in free.indices {
      for inner in free.indices {
        let (high, low) = (max(free[row], free[inner]), min(free[row], free[inner]))
        curved[row] += hessian[high, low] * face[inner, column]
      }
    }
    for (row, value) in without(normals, in: curved).enumerated() { reduced[row, column] = value }
  }
  let eigen = SymmetricEigen(reduced)
  // Below this share of the Hessian's size an eigenvalue may be rounding.
  guard let largest = eigen.values.last, largest > 1e-9 * magnitude(hessian.elements) else { return nil }
  var direction = [Double].zeros(x.count)
  for (row, j) in free.enumerated() { direction[j] = eigen.vectors[row, free.count - 1] }
  return dot(direction, gradient) < 0 ? direction.scaled(by: -1) : direction
}

/// What is left of a vector without its components along orthonormal normals.
private func without(_ normals: [[Double]], in vector: [Double]) -> [Double] {
  var rest = vector
  // Twice is enough for orthogonality to rounding.
  for _ in 0..<2 {
    for normal in normals { rest = rest.minus(normal.scaled(by: dot(rest, normal))) }
  }
  return rest
}
