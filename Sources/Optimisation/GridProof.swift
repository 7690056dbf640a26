import NumericKernel

/// What branch and bound has proved, in numbers that prove it again without a solver: points of each variable, where the outer
/// cuts touch, and a tree of boxes whose leaves carry the multipliers of their bounds.
///
/// `ChordGrid.bound` is the bound on a leaf; the greatest over the leaves is the bound on the polytope. It holds for any points,
/// cuts, splits and multipliers.
public struct GridProof: Sendable, Equatable {
  /// A box of the tree.
  public enum Node: Sendable, Equatable {
    /// Split in two where a variable is `at`, a point of it: two further nodes, below and above. Where the polytope leaves out all
    /// that is between the variable's lower bound and `at`, the lower box is that bound alone.
    case split(variable: Int, at: Double, below: Int, above: Int)
    /// Bounded with these multipliers: one for each of the first so many cuts, and one for each row of the polytope.
    case leaf(cuts: [Double], rows: [Double])
  }

  /// By variable, rising; the first and last are its bounds.
  public var points: [[Double]]
  /// By cut: the mixture of inner functions at which the outer function is cut.
  public var cuts: [Mixture]
  /// The first is the whole box; a node comes after the one that splits into it.
  public var tree: [Node]

  public init(points: [[Double]], cuts: [Mixture], tree: [Node]) {
    self.points = points
    self.cuts = cuts
    self.tree = tree
  }

  /// The same without cuts that no leaf rests on.
  func trimmed() -> GridProof {
    var used: Set<Int> = []
    for case .leaf(let weights, _) in tree { used.formUnion(weights.indices.filter { weights[$0] > 0 }) }
    let kept = cuts.indices.filter(used.contains)
    return GridProof(
      points: points, cuts: kept.map { cuts[$0] },
      tree: tree.map { node in
        guard case .leaf(let weights, let rows) = node else { return node }
        let own = kept.map { $0 < weights.count ? max(weights[$0], 0) : 0 }
        return .leaf(cuts: Array(own.prefix((own.lastIndex { $0 > 0 } ?? -1) + 1)), rows: rows)
      })
  }

  /// The same in other units: points times one factor, what a row's price is worth times another.
  public func scaled(points factor: Double, prices: Double) -> GridProof {
    GridProof(
      points: points.map { $0.map { $0 * factor } },
      cuts: cuts.map { Mixture($0.shares.map { $0.map { Mixture.Share(x: $0.x * factor, share: $0.share) } }) },
      tree: tree.map { node in
        switch node {
        case .split(let variable, let at, let below, let above):
          .split(variable: variable, at: at * factor, below: below, above: above)
        case .leaf(let cuts, let rows): .leaf(cuts: cuts, rows: rows.map { $0 * prices })
        }
      })
  }

  /// Makes up for what a change of units has rounded: ends and thresholds are the polytope's, and mixtures are within them. False where more
  /// than rounding would have to be made up for. Other splits are left: they stand at points, and both are rounded alike.
  public mutating func settle(in polytope: Polytope) -> Bool {
    guard points.count == polytope.dimension else { return false }
    func isNear(_ a: Double, _ b: Double, _ j: Int) -> Bool {
      abs(a - b) <= 1e-12 * max(abs(polytope.lower[j]), abs(polytope.upper[j]))
    }
    for j in points.indices {
      guard let first = points[j].first, let last = points[j].last, isNear(first, polytope.lower[j], j),
        isNear(last, polytope.upper[j], j)
      else { return false }
      points[j][0] = polytope.lower[j]
      points[j][points[j].count - 1] = polytope.upper[j]
      guard let place = points[j].firstIndex(where: { isNear($0, polytope.thresholds[j], j) }) else { continue }
      let rounded = points[j][place]
      points[j][place] = polytope.thresholds[j]
      for node in tree.indices {
        if case .split(j, rounded, let below, let above) = tree[node] {
          tree[node] = .split(variable: j, at: polytope.thresholds[j], below: below, above: above)
        }
      }
    }
    for cut in cuts.indices {
      guard cuts[cut].shares.count == points.count else { return false }
      for j in points.indices {
        for share in cuts[cut].shares[j].indices {
          let x = cuts[cut].shares[j][share].x
          cuts[cut].shares[j][share].x = min(max(x, polytope.lower[j]), polytope.upper[j])
        }
      }
    }
    return true
  }

  /// The bound on the objective over the polytope, computed anew; nil where these numbers prove none.
  public func value(of objective: any SeparableObjective, over polytope: Polytope) -> Double? {
    guard isComplete(for: polytope) else { return nil }
    var grid = ChordGrid(objective, over: polytope, points: points)
    for mixture in cuts {
      var inner = objective.innerConstant
      for (variable, shares) in mixture.shares.enumerated() {
        for share in shares {
          let values = objective.chords(of: variable, at: [share.x]).values
          values.withColumn(0) { values in
            for index in inner.indices { inner[index] += share.share * values[index] }
          }
        }
      }
      guard inner.allSatisfy(\.isFinite), let cut = objective.outerCut(at: inner) else { return nil }
      grid.add(cut)
    }
    return bound(on: grid, over: polytope)
  }

  /// The greatest bound over the leaves; nil where one has none, or the tree is no tree.
  func bound(on grid: ChordGrid, over polytope: Polytope) -> Double? {
    var bound = -Double.infinity
    var open = [(node: 0, lower: polytope.lower, upper: polytope.upper)]
    var met: Set<Int> = []
    while let (node, lower, upper) = open.popLast() {
      guard tree.indices.contains(node), met.insert(node).inserted else { return nil }
      switch tree[node] {
      case .split(let variable, let at, let below, let above):
        guard lower.indices.contains(variable), at > lower[variable],
          at < upper[variable] || at == upper[variable] && polytope.endBelow(at, of: variable) < at,
          grid.axes[variable].points[grid.place(of: at, on: variable)] == at
        else { return nil }
        var (left, right) = (upper, lower)
        left[variable] = polytope.endBelow(at, of: variable)
        right[variable] = at
        open.append((below, lower, left))
        open.append((above, right, upper))
      case .leaf(let cuts, let rows):
        guard !polytope.isEmpty(from: lower, to: upper) else { continue }
        let multipliers = BoundMultipliers(cuts: cuts, rows: rows).padded(to: grid.cuts.count)
        guard cuts.count <= grid.cuts.count, rows.count == polytope.rows.count,
          let leaf = grid.bound(multipliers, over: grid.box(from: lower, to: upper), of: polytope)
        else { return nil }
        bound = max(bound, leaf)
      }
    }
    return bound.isFinite ? bound : nil
  }

  /// Whether the numbers are such that a bound can be computed from them. Whether shares sum to one matters not: a cut holds
  /// wherever it touches.
  private func isComplete(for polytope: Polytope) -> Bool {
    points.count == polytope.dimension && !tree.isEmpty
      && points.indices.allSatisfy { j in
        let axis = points[j]
        return axis.first == polytope.lower[j] && axis.last == polytope.upper[j]
          && zip(axis, axis.dropFirst()).allSatisfy { $0 < $1 }
      }
      && cuts.allSatisfy { cut in
        cut.shares.count == polytope.dimension
          && cut.shares.indices.allSatisfy { j in
            cut.shares[j].allSatisfy { $0.share.isFinite && $0.x >= polytope.lower[j] && $0.x <= polytope.upper[j] }
          }
      }
  }
}

extension BoundMultipliers {
  /// Cuts made later have no weight.
  func padded(to count: Int) -> BoundMultipliers {
    BoundMultipliers(cuts: cuts + .zeros(max(0, count - cuts.count)), rows: rows)
  }
}

extension ChordGrid {
  /// The box between ends that are points of the grid.
  func box(from lower: [Double], to upper: [Double]) -> GridBox {
    GridBox(ranges: lower.indices.map { place(of: lower[$0], on: $0)...place(of: upper[$0], on: $0) })
  }
}

extension Polytope {
  /// Where a box ends that is split off below `x`: there, or at the variable's lower bound where all between the two is left out.
  func endBelow(_ x: Double, of variable: Int) -> Double {
    thresholds[variable] > lower[variable] && x <= thresholds[variable] ? lower[variable] : x
  }

  /// Whether a row cannot hold anywhere in a box, by more than rounding.
  func isEmpty(from lower: [Double], to upper: [Double]) -> Bool {
    rows.contains { row in
      var (least, most, size) = (0.0, 0.0, 0.0)
      for (j, coefficient) in row.coefficients.enumerated() {
        let (a, b) = (coefficient * lower[j], coefficient * upper[j])
        least += min(a, b)
        most += max(a, b)
        size += max(abs(a), abs(b))
      }
      return least > row.upper + 1e-9 * size || most < row.lower - 1e-9 * size
    }
  }
}
