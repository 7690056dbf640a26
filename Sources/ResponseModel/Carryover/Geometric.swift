import Foundation

/// `αˡ`: each period keeps the share α, the retention, of the period before.
public enum Geometric: Carryover {
  public static let name = "geometric"
  public static let parameters = [ModelParameter("alpha", .unitInterval)]

  public static func fill(_ weights: inout MutableSpan<Double>, _ parameters: Span<Double>) {
    var weight = 1.0
    for lag in 0..<weights.count {
      weights[lag] = weight
      weight *= parameters[0]
    }
  }

  /// Lags beyond which less than this share of the whole is left are not felt.
  static let smallestShare = 1e-16
  /// The longest window that stands for one without end.
  static let longestWindow = 4096

  /// The window that stands for one without end: lags from 0 on, until what all the later ones add is at most 1e-16 of the
  /// whole, `αᴸ ≤ 1e-16`. For the draws of a cell it is that of the largest retention.
  ///
  /// Nil for a retention above 0.991, of which 4,096 lags do not come so far, and for 1, of which none ever do.
  public static func unboundedWindow(retention: Double) -> Int? {
    guard retention >= 0 && retention < 1 else { return nil }
    let lags = (log(smallestShare) / log(retention)).rounded(.up)
    return lags <= Double(longestWindow) ? max(1, Int(lags)) : nil
  }
}
