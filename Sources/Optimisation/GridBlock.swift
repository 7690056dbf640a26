import NumericKernel

/// One variable's inner functions at some of its points, and what they may be off the chords between these: kept in memory, or
/// computed anew, some functions at a time, whenever they are asked for.
struct GridBlock {
  let objective: any SeparableObjective
  let variable: Int
  let points: [Double]
  /// The largest of the inner functions at each point, whatever their signs.
  private(set) var sizes: [Double]
  /// Nil where they are computed anew.
  private var kept: CurveChords?

  /// Inner functions that are computed together where they are not kept.
  private static let piece = 4096

  init(_ objective: any SeparableObjective, variable: Int, points: [Double], isKept: Bool) {
    self.objective = objective
    self.variable = variable
    self.points = points
    sizes = .zeros(points.count)
    if isKept { kept = objective.chords(of: variable, at: points) }
    forEachPiece { chords, _ in
      for point in points.indices {
        sizes[point] = chords.values.withColumn(point) { values in
          (0..<values.count).reduce(sizes[point]) { max($0, abs(values[$1])) }
        }
      }
    }
  }

  /// What it takes to keep so many points.
  static func bytes(points: Int, innerCount: Int) -> Int { (3 * points - 2) * innerCount * MemoryLayout<Double>.stride }

  private func forEachPiece(_ body: (CurveChords, Range<Int>) -> Void) {
    let count = objective.innerConstant.count
    if let kept { return body(kept, 0..<count) }
    for first in stride(from: 0, to: count, by: Self.piece) {
      let inner = first..<min(first + Self.piece, count)
      body(objective.chords(of: variable, at: points, inner: inner), inner)
    }
  }

  /// A cut's weights, and those above and below zero; none below, nil.
  struct SignedWeights {
    let all: [Double]
    let gains: [Double]
    let losses: [Double]?

    init(_ weights: [Double]) {
      let isSigned = weights.contains { $0 < 0 }
      all = weights
      gains = isSigned ? weights.map { max($0, 0) } : weights
      losses = isSigned ? weights.map { max(-$0, 0) } : nil
    }
  }

  /// What each cut makes of the block.
  func parts(under cuts: [SignedWeights]) -> [ChordGrid.Part] {
    let empty = ChordGrid.Part(values: .zeros(points.count), excess: .zeros(points.count - 1))
    var parts = [ChordGrid.Part](repeating: empty, count: cuts.count)
    forEachPiece { chords, inner in
      for (index, cut) in cuts.enumerated() {
        parts[index].values = parts[index].values.plus(chords.values.transposeTimes(cut.all.within(inner)))
        parts[index].excess = parts[index].excess.plus(chords.above.transposeTimes(cut.gains.within(inner)))
        guard let losses = cut.losses else { continue }
        parts[index].excess = parts[index].excess.plus(chords.below.transposeTimes(losses.within(inner)))
      }
    }
    return parts
  }

  /// Adds a share of the inner functions at one of the points.
  func add(_ share: Double, of point: Int, to inner: inout [Double]) {
    let (matrix, column) =
      kept.map { ($0.values, point) } ?? (objective.chords(of: variable, at: [points[point]]).values, 0)
    matrix.add(share, column: column, to: &inner)
  }
}

extension [Double] {
  /// Some of them; the same array where that is all.
  fileprivate func within(_ range: Range<Int>) -> [Double] { range == indices ? self : Array(self[range]) }
}
