import Foundation
public import ResponseModel

/// A family of curves that can be fitted to points: how far it rises is one number, and its shape at most four more.
///
/// Shapes are coordinates in which a descent goes well: without units, for media are told as shares of the largest, and of
/// ordinary size, where ceilings that the data do not show are far away but not singular.
public protocol FittableSaturation: Saturation {
  /// The coordinates of its shape; none for a family of one shape.
  static var shape: [ShapeCoordinate] { get }
  /// Which coordinate leads to curves without a ceiling within reach of the data; nil where no curve of the family has one.
  static var ceiling: Ceiling? { get }
  /// The curve's value in any unit that does not depend on media, and its derivatives in the coordinates.
  static func curve(at media: FitMedia, _ shape: SIMD4<Double>) -> ShapePoint
  /// What the curve has reached of its ceiling at the largest media, in (0, 1]; nil without one.
  static func ceilingShare(_ shape: SIMD4<Double>) -> Double?
  /// A shape that reaches half its ceiling at this share of the largest media, or the nearest there is to it, for each
  /// steepness that a search should begin with.
  static func starts(halfSaturation: Double) -> [SIMD4<Double>]
  /// The family's parameters, in its order.
  ///
  /// - Parameters:
  ///   - rise: from no media to the largest, in units of the response.
  ///   - bottom: at no media; passed over by families that have none.
  ///   - media: the largest.
  static func parameters(rise: Double, bottom: Double, shape: SIMD4<Double>, largest media: Double) -> [Double]
}

extension FittableSaturation {
  public static var ceiling: Ceiling? { nil }
  public static func ceilingShare(_ shape: SIMD4<Double>) -> Double? { nil }
}

/// One number of a shape: what people call it, and its limits.
public struct ShapeCoordinate: Sendable {
  /// As warnings name it: "slope".
  public var name: String
  /// The least and the greatest it may be.
  public var lower, upper: Double
  /// What a person reads at a limit, of the coordinate there: the slope for its logarithm.
  public var reading: @Sendable (Double) -> Double

  public init(
    _ name: String, _ lower: Double, _ upper: Double, reading: @escaping @Sendable (Double) -> Double = { $0 }
  ) {
    precondition(lower < upper, "A coordinate has room between its limits.")
    self.name = name
    self.lower = lower
    self.upper = upper
    self.reading = reading
  }
}

/// The coordinate along which a ceiling goes out of sight.
public struct Ceiling: Sendable, Equatable {
  /// Which of the shape's coordinates.
  public var coordinate: Int
  /// Whether the ceiling is far away at the coordinate's lower limit; else at its upper one.
  public var isFarAtLower: Bool

  public init(coordinate: Int, isFarAtLower: Bool = true) {
    self.coordinate = coordinate
    self.isFarAtLower = isFarAtLower
  }
}

/// One observation's media, as fits see them.
public struct FitMedia: Sendable {
  /// Of the largest: from 0 to 1.
  public var share: Double
  /// The logarithm of the share; −∞ at none.
  public var logarithm: Double
  /// The largest media, in their unit.
  public var largest: Double

  public init(share: Double, largest: Double) {
    self.share = share
    logarithm = log(share)
    self.largest = largest
  }
}

/// A curve of one shape at one level of media.
public struct ShapePoint: Sendable {
  public var value: Double
  /// One derivative for each coordinate of the shape.
  public var slopes: SIMD4<Double>

  public init(value: Double, slopes: SIMD4<Double> = .zero) {
    self.value = value
    self.slopes = slopes
  }
}

/// The families that can be fitted, by the names that plan files know them by.
public enum FittableCatalogue {
  /// All families of `SaturationCatalogue`, in its order.
  public static let families: [any FittableSaturation.Type] = [
    Hill.self, HillBottom.self, HillSigmoid.self, Logistic.self, InverseScaledLogistic.self, MichaelisMenten.self,
    Tanh.self, TanhBaselined.self, Root.self, Log.self, Exponential.self, Linear.self,
  ]

  /// Nil for a name that none has.
  public static func family(named name: String) -> (any FittableSaturation.Type)? {
    families.first { $0.name == name }
  }
}

/// Of its ceiling, the least that a curve may reach at the largest media: beyond it is a line, or a power, to nine digits.
let leastCeilingShare = 1e-9
