/// Why no curve can be fitted to some points.
public enum CurveFitError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A number that is infinite, not a number, or negative media; observations are counted from 0.
  case wrongNumber(observation: Int, expected: String, found: Double)
  /// Fewer observations than a curve of the family takes, with one to spare.
  case tooFewObservations(found: Int, needed: Int)
  /// No media at all.
  case noMedia
  /// Fewer levels of media than the family tells curves apart by.
  case tooFewLevels(found: Int, needed: Int)
  /// The same response at all media.
  case constantResponse(Double)
  /// The curve that fits best does not rise with media.
  case notRising

  /// `expected 4 observations or more, found 1`
  public var description: String {
    switch self {
    case .wrongNumber(let observation, let expected, let found):
      "observation \(observation + 1): expected \(expected), found \(found)"
    case .tooFewObservations(let found, let needed):
      "expected \(needed) observations or more, for a curve and what it misses, found \(found)"
    case .noMedia: "expected spend above zero in some observations, found none"
    case .tooFewLevels(let found, let needed):
      "expected \(needed) different levels of spend or more, found \(found)"
    case .constantResponse(let value): "expected a response that differs with spend, found \(value) throughout"
    case .notRising: "expected a response that rises with spend, found that no rising curve fits better than none"
    }
  }
}
