import CVectorCurves

/// One period's media by the lag at which they are felt: `media[0]` at the lag `first`, the next a lag later; none at others.
public struct LagWindow: Sendable, Hashable {
  /// The lag of the first number.
  public let first: Int
  /// From that lag on: neither the first nor the last is zero.
  public let media: [Double]

  /// Zeros at both ends are left out, so that windows of the same media are equal.
  public init(_ media: [Double], from first: Int = 0) {
    let zeros = media.prefix { $0 == 0 }.count
    self.media = Array(media.reversed().drop { $0 == 0 }.reversed().dropFirst(zeros))
    self.first = self.media.isEmpty ? 0 : first + zeros
  }
}

/// A number for each draw and period: the draw's lag weights times the period's window of media.
public struct CarriedMedia: Sendable {
  /// Draws by lags, from lag 0.
  public let lagWeights: DrawMatrix
  /// Periods: one for each window.
  public var count: Int { firstLags.count }

  private let firstLags: [Int]
  private let starts: [Int]
  private let media: [Double]

  /// - Parameters:
  ///   - windows: one for each period.
  ///   - lagWeights: draws by lags: at least as many as the windows reach over.
  public init(_ windows: [LagWindow], by lagWeights: DrawMatrix) {
    precondition(
      windows.allSatisfy { $0.first >= 0 && $0.first + $0.media.count <= lagWeights.columnCount },
      "Media are felt at lags that have a weight.")
    self.lagWeights = lagWeights
    firstLags = windows.map(\.first)
    starts = windows.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.media.count) }
    media = windows.flatMap(\.media)
  }

  /// One number, computed anew.
  public func value(draw: Int, period: Int) -> Double {
    let start = starts[period]
    return (start..<starts[period + 1]).reduce(0) {
      $0 + media[$1] * lagWeights[draw, firstLags[period] + $1 - start]
    }
  }

  /// Writes some tiles, each one row a period.
  func fill(
    _ out: UnsafeMutablePointer<Double>, tiles: Range<Int>, on loops: UnsafePointer<vc_loops>
  ) {
    var carryover = unsafe vc_carryover(
      tiles: tiles.count, lags: lagWeights.columnCount, stride: lagWeights.stride,
      weights: lagWeights.storage.start + tiles.lowerBound * DrawMatrix.tileSize)
    unsafe firstLags.withUnsafeBufferPointer { firstLags in
      unsafe starts.withUnsafeBufferPointer { starts in
        unsafe media.withUnsafeBufferPointer { media in
          var windows = unsafe vc_windows(
            rows: firstLags.count, first_lag: firstLags.baseAddress, start: starts.baseAddress, media: media.baseAddress
          )
          unsafe loops.pointee.carry(&carryover, &windows, out)
        }
      }
    }
  }
}
