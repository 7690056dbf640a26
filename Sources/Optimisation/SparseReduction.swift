import NumericKernel

// What an interior point needs of a polytope: room.

extension SparsePolytope {
  /// Variables that the rows, one by one, leave less room than this, in widths of the polytope, have none.
  private static let leastRoom = 1e-11

  /// The same points, but for rounding, with every variable fixed that the rows, one by one, leave no room; nil where they leave no
  /// point: a period after one without spend that may not rise from nothing.
  public func reduced() -> SparsePolytope? {
    let least = SparsePolytope.leastRoom * max(width, .leastNormalMagnitude)
    var reduced = self
    var (lower, upper) = (lower, upper)
    while true {
      guard let narrowed = narrowed(from: lower, to: upper) else { return nil }
      (lower, upper) = narrowed
      var isChanged = false
      for j in lower.indices where upper[j] - lower[j] <= least && reduced.lower[j] < reduced.upper[j] {
        // At a bound of its own where it is next to one.
        let middle = 0.5 * (lower[j] + upper[j])
        let place =
          middle - self.lower[j] <= least
          ? self.lower[j] : self.upper[j] - middle <= least ? self.upper[j] : middle
        (reduced.lower[j], reduced.upper[j]) = (place, place)
        (lower[j], upper[j]) = (place, place)
        isChanged = true
      }
      if !isChanged { return reduced }
    }
  }

  /// The same with every row's ends, but those of equalities, moved outwards by a part of the polytope's width: room for an interior point
  /// where limits leave points, and none inside.
  public func widened(by share: Double) -> SparsePolytope {
    let step = share * width
    return SparsePolytope(
      lower: lower, upper: upper,
      rows: rows.map { row in
        var row = row
        if row.lower < row.upper {
          row.lower -= step
          row.upper += step
        }
        return row
      })
  }

  /// Whether there is a point.
  public enum Room: Sendable, Equatable {
    /// Inside of every limit that leaves room.
    case inside([Double])
    /// It is proved that there is none.
    case empty
    case unknown
  }

  /// A point inside of every limit that leaves room, near another one.
  public func room(near reference: [Double]) -> Room {
    precondition(reference.count == dimension, "A point has one number for each variable.")
    guard let limits = InteriorLimits(self) else { return .empty }
    guard limits.variableCount > 0 else { return .inside(limits.point([])) }
    switch InteriorStart(limits).search(near: limits.freePart(reference), in: self) {
    case .inside(let point): return .inside(limits.point(point))
    case .contradiction: return .empty
    case .unknown: return .unknown
    }
  }
}
