import CVectorCurves

/// A cell's curve at rising spends under every draw, and how far it may be from the chords between them.
public struct CurveChords: Sendable {
  /// Rising.
  public let spends: [Double]
  /// Draws by spends.
  public var values: DrawMatrix
  /// Draws by intervals: between two spends the curve is above the chord by no more than this.
  public var above: DrawMatrix
  /// Draws by intervals: and below it by no more than this.
  public var below: DrawMatrix

  /// Zeros, for one or more spends.
  public init(spends: [Double], drawCount: Int) {
    precondition(!spends.isEmpty && zip(spends, spends.dropFirst()).allSatisfy { $0 < $1 }, "Spends rise.")
    self.spends = spends
    values = DrawMatrix(drawCount: drawCount, columnCount: spends.count)
    above = DrawMatrix(drawCount: drawCount, columnCount: spends.count - 1)
    below = above
  }

  /// The same draws, if there are any, and one more whose curve is a straight line.
  package init(_ draws: CurveChords?, spends: [Double], line: [Double]) {
    let flat = spends.dropFirst().map { _ in 0.0 }
    self.spends = spends
    guard let draws else {
      values = DrawMatrix(columns: line.map { [$0] }, drawCount: 1)
      above = DrawMatrix(drawCount: 1, columnCount: flat.count)
      below = above
      return
    }
    values = draws.values.withRow(line)
    above = draws.above.withRow(flat)
    below = draws.below.withRow(flat)
  }
}

extension CurveTiles {
  /// The curve's values at spends, and bounds on it between them.
  ///
  /// - Parameters:
  ///   - spends: rising, at least one.
  ///   - inflections: the media at which each draw's curve turns from convex to concave; 0 where it is concave throughout.
  ///   - draws: those whose curves are wanted, the first of them a whole number of tiles from the start.
  public func chords(at spends: [Double], inflections: [Double], draws: Range<Int>) -> CurveChords {
    precondition(inflections.count == drawCount, "An inflection for each draw.")
    precondition(
      draws.lowerBound % DrawMatrix.tileSize == 0 && draws.lowerBound >= 0 && draws.upperBound <= drawCount,
      "Draws of whole tiles.")
    var chords = CurveChords(spends: spends, drawCount: draws.count)
    let turns = DrawMatrix(columns: [inflections], drawCount: drawCount)
    let loops = unsafe Loops.chosen
    guard let kernel, let bound = unsafe vc_chords_of(loops, kernel.family) else {
      preconditionFailure("A curve without a kernel is evaluated by its caller.")
    }
    let before = draws.lowerBound
    let (firstTile, rows) = (before / DrawMatrix.tileSize, chords.values.stride)
    let lastTile = firstTile + rows / DrawMatrix.tileSize
    let pieces = stride(from: firstTile, to: lastTile, by: CurveTiles.tilesPerPiece).map {
      $0..<min($0 + CurveTiles.tilesPerPiece, lastTile)
    }
    let periods = periodCount
    // Each piece writes its own draws of every column.
    nonisolated(unsafe) let (values, above, below) = unsafe (
      chords.values.paddedStart(), chords.above.paddedStart(), chords.below.paddedStart()
    )
    nonisolated(unsafe) let (chosen, chord) = unsafe (loops, bound)
    Parallel.perform(pieces.count) { piece in
      let scratch = AlignedBuffer(count: 2 * DrawMatrix.tileSize * max(periods, 1), isZeroed: false)
      unsafe withCells(pieces[piece], on: chosen, power: nil) { cell, first in
        unsafe spends.withUnsafeBufferPointer { spends in
          var nodes = unsafe vc_nodes(
            count: spends.count, spend: spends.baseAddress, inflection: turns.storage.start + first, stride: rows,
            value: values + (first - before), above: above + (first - before), below: below + (first - before))
          unsafe chord(cell, &nodes, scratch.start)
        }
      }
    }
    return chords
  }
}
