public import NumericKernel

/// A curve at one media level: value and first two derivatives in media.
public struct CurvePoint: Sendable, Equatable {
  /// The response.
  public var value: Double
  /// The first derivative, response per unit of media.
  public var slope: Double
  /// The second derivative, response per unit of media squared.
  public var curvature: Double

  public init(value: Double, slope: Double, curvature: Double) {
    self.value = value
    self.slope = slope
    self.curvature = curvature
  }
}

/// A parameter of a curve or of a carryover: its spelling in files, and the numbers it may be.
public struct ModelParameter: Sendable, Equatable {
  /// The numbers a parameter may be.
  public enum Domain: Sendable, Equatable {
    /// Any finite number.
    case real
    /// Finite, zero included.
    case nonnegative
    /// Finite, above zero.
    case positive
    /// From 0 to 1, both included.
    case unitInterval
    /// Above 0, up to 1 included.
    case positiveToOne
    /// Between 0 and 1, both excluded.
    case openUnitInterval

    /// Whether the parameter may be this number; never one that is infinite or not a number.
    public func contains(_ value: Double) -> Bool {
      switch self {
      case .real: value.isFinite
      case .nonnegative: value.isFinite && value >= 0
      case .positive: value.isFinite && value > 0
      case .unitInterval: value >= 0 && value <= 1
      case .positiveToOne: value > 0 && value <= 1
      case .openUnitInterval: value > 0 && value < 1
      }
    }

    /// In words: "a positive number".
    public var description: String {
      switch self {
      case .real: "a finite number"
      case .nonnegative: "a number that is not negative"
      case .positive: "a positive number"
      case .unitInterval: "a number from 0 to 1"
      case .positiveToOne: "a number above 0 and at most 1"
      case .openUnitInterval: "a number between 0 and 1"
      }
    }
  }

  /// As files spell it: `alpha`.
  public var name: String
  /// The numbers it may be, under every draw.
  public var domain: Domain

  public init(_ name: String, _ domain: Domain) {
    self.name = name
    self.domain = domain
  }
}

/// A family of curves from media (not negative, in the unit the model was fitted in) to response.
public protocol Saturation: Sendable {
  /// The spelling in plan files.
  static var name: String { get }
  /// The family's parameters, in the order every function here takes them.
  static var parameters: [ModelParameter] { get }
  /// The curve at `media` ≥ 0.
  static func point(at media: Double, _ parameters: Span<Double>) -> CurvePoint
  /// Where the curve turns from convex to concave; zero where it is concave throughout.
  static func inflection(_ parameters: Span<Double>) -> Double
  /// Media at which the curve has come half way from no media to its ceiling; nil where it has none, or where that is no plain formula.
  static func halfSaturation(_ parameters: Span<Double>) -> Double?
  /// The greatest absolute fourth derivative in `ln b` of the curve at `h + a b`, over all b, a > 0 and h ≥ 0: it says how well
  /// a table with nodes even in `ln b` interpolates the curve. Nil, whatever the parameters, for a family that has none, or
  /// none known: its cells are not tabulated.
  static func fourthLogDerivative(_ parameters: Span<Double>) -> Double?
  /// The family's vector kernel. A family without one runs `point` for each draw and period, and is only slower.
  static var kernel: CurveKernel? { get }
}

extension Saturation {
  public static func halfSaturation(_ parameters: Span<Double>) -> Double? { nil }
  public static func fourthLogDerivative(_ parameters: Span<Double>) -> Double? { nil }
  public static var kernel: CurveKernel? { nil }
}
