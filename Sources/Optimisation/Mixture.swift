import NumericKernel

/// For each variable some of its points, each with a share; the shares of a variable sum to one, or nearly.
///
/// Where every variable has one point it is that point. Elsewhere inner functions are the sums of what they are at the points,
/// times the shares: what no single point may come to.
public struct Mixture: Sendable, Equatable {
  /// A share of one point of one variable.
  public struct Share: Sendable, Equatable {
    public var x: Double
    public var share: Double

    public init(x: Double, share: Double) {
      self.x = x
      self.share = share
    }
  }

  /// By variable.
  public var shares: [[Share]]

  public init(_ shares: [[Share]]) { self.shares = shares }

  /// A single point.
  init(at x: [Double]) { shares = x.map { [Share(x: $0, share: 1)] } }

  /// One number per variable.
  var mean: [Double] { shares.map { $0.reduce(0) { $0 + $1.share * $1.x } } }

  /// Of each variable the point of the largest share.
  var mode: [Double] { shares.map { $0.max { $0.share < $1.share }?.x ?? 0 } }

  /// A share of another one in place of as much of this; points of next to no share are left out.
  func mixed(with other: Mixture, share: Double) -> Mixture {
    Mixture(
      zip(shares, other.shares).map { own, others in
        var sums: [Double: Double] = [:]
        for part in own { sums[part.x, default: 0] += (1 - share) * part.share }
        for part in others { sums[part.x, default: 0] += share * part.share }
        return sums.filter { $0.value > 1e-6 }.sorted { $0.key < $1.key }.map { Share(x: $0.key, share: $0.value) }
      })
  }

  /// What stands outside of a box goes to its nearer end.
  func clipped(from lower: [Double], to upper: [Double]) -> Mixture {
    let inside = Mixture(
      shares.indices.map { j in
        shares[j].map { Share(x: min(max($0.x, lower[j]), upper[j]), share: $0.share) }
      })
    // One share for each point again.
    return inside.mixed(with: inside, share: 0.5)
  }

  /// Moved into a box: what stands outside goes to the nearer end, and where that breaks a row of the polytope all goes some way
  /// towards the least, or the most, that the box allows; nil where that does not mend it.
  func moved(into lower: [Double], _ upper: [Double], of polytope: Polytope) -> Mixture? {
    var inside = clipped(from: lower, to: upper)
    for row in polytope.rows {
      let sum = dot(row.coefficients, inside.mean)
      let missing = sum > row.upper ? row.upper - sum : sum < row.lower ? row.lower - sum : 0
      guard missing != 0 else { continue }
      let corner = zip(row.coefficients, zip(lower, upper)).map { $0 * missing < 0 ? $1.0 : $1.1 }
      let part = missing / (dot(row.coefficients, corner) - sum)
      guard part > 0, part <= 1 else { return nil }
      inside = inside.mixed(with: Mixture(at: corner), share: part)
    }
    return inside
  }
}
