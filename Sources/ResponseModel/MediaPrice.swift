import Foundation

/// What media cost in one period, as money of that period becomes units of media.
public enum MediaPrice: Sendable, Hashable {
  /// `u(s) = s / p`: the same for every unit.
  case constant(Double)
  /// A price that rises as a power of the money spent.
  case power(PowerPrice)
  /// A price for each tier of money.
  case tiers(PriceTiers)

  /// `u(s)`, and its derivatives in the money.
  public func units(at spend: Double) -> CurvePoint {
    switch self {
    case .constant(let price): CurvePoint(value: spend / price, slope: 1 / price, curvature: 0)
    case .power(let price): price.units(at: spend)
    case .tiers(let tiers): tiers.units(at: spend)
    }
  }

  /// Whether every unit costs the same.
  var isConstant: Bool {
    switch self {
    case .constant: true
    case .power, .tiers: false
    }
  }

  /// Whether every unit costs at least what the one before it does.
  var isConcave: Bool {
    switch self {
    case .constant, .power: true
    case .tiers(let tiers): tiers.isConcave
    }
  }

  /// How far `u` may be above and below its chord between two amounts of money.
  func excess(from a: Double, to b: Double) -> (above: Double, below: Double) {
    let (start, end) = (units(at: a), units(at: b))
    let chord = (end.value - start.value) / (b - a)
    switch self {
    case .constant: return (0, 0)
    case .power:
      // The tangents at both ends meet above the curve.
      let (rise, fall) = (max(start.slope - chord, 0), max(chord - end.slope, 0))
      return (rise + fall > 0 ? rise / (rise + fall) * fall * (b - a) : 0, 0)
    case .tiers(let tiers):
      // Straight between the tiers' ends: furthest from the chord at one of them.
      let distances = tiers.ends.filter { a < $0 && $0 < b }.map {
        tiers.units(at: $0).value - start.value - chord * ($0 - a)
      }
      return (max(0, distances.max() ?? 0), max(0, -(distances.min() ?? 0)))
    }
  }
}

/// `u(s) = r^γ s^(1−γ) / p` for money s of at least `f`, and `(a s + c s²) / p` below: the price of a unit is p at the reference
/// spend r, and rises with the elasticity γ of what is spent.
///
/// Below f a parabola with u(0) = 0, value and slope at f those of the power, keeps the slope at no spend finite: 100 times that
/// at the reference, or less. The form is PyMC-Marketing's `PowerPriceResponse`: f = r max((100 (1 − γ) / (1 + γ))^(−1/γ), 1e-12),
/// a = (1 + γ) r^γ f^(−γ), c = −γ r^γ f^(−γ−1).
public struct PowerPrice: Sendable, Hashable {
  /// The greatest elasticity: with more the parabola would reach beyond the reference.
  public static let greatestElasticity = 0.98
  private static let slopeRatio = 100.0
  private static let leastFloor = 1e-12

  /// Money for a unit at the reference spend, above 0.
  public let price: Double
  /// γ, from 0 to `greatestElasticity`.
  public let elasticity: Double
  /// r, in money of one period, above 0.
  public let referenceSpend: Double
  /// f, in money of one period.
  public let floor: Double

  /// A price and a reference above zero, an elasticity as above.
  public init(price: Double, elasticity: Double, referenceSpend: Double) {
    precondition(price > 0 && price.isFinite && referenceSpend > 0 && referenceSpend.isFinite, "Money is above zero.")
    precondition(elasticity >= 0 && elasticity <= PowerPrice.greatestElasticity, "An elasticity is below one.")
    self.price = price
    self.elasticity = elasticity
    self.referenceSpend = referenceSpend
    let share = pow(PowerPrice.slopeRatio * (1 - elasticity) / (1 + elasticity), -1 / elasticity)
    floor = elasticity == 0 ? 0 : referenceSpend * max(share, PowerPrice.leastFloor)
  }

  func units(at spend: Double) -> CurvePoint {
    if elasticity == 0 { return CurvePoint(value: spend / price, slope: 1 / price, curvature: 0) }
    if spend >= floor {
      // Per unit of money, as a power of what is spent by the reference: no factor leaves the numbers.
      let mean = pow(spend / referenceSpend, -elasticity) / price
      return CurvePoint(
        value: mean * spend, slope: (1 - elasticity) * mean, curvature: -elasticity * (1 - elasticity) * mean / spend)
    }
    let mean = pow(floor / referenceSpend, -elasticity) / price
    return CurvePoint(
      value: mean * spend * (1 + elasticity - elasticity * spend / floor),
      slope: mean * (1 + elasticity - 2 * elasticity * spend / floor), curvature: -2 * elasticity * mean / floor)
  }
}

/// Prices by tiers: the money from each tier's start to the next one's buys at its price.
public struct PriceTiers: Sendable, Hashable {
  /// One tier.
  public struct Tier: Sendable, Hashable {
    /// Money of one period from which the price holds; 0 for the first.
    public var start: Double
    /// Money for a unit, above 0.
    public var price: Double

    public init(start: Double, price: Double) {
      self.start = start
      self.price = price
    }
  }

  /// By start, the first at 0.
  public let tiers: [Tier]
  /// Units that the tiers before each one buy.
  private let bought: [Double]

  /// At least one tier, the first from 0, starts rising, prices above zero.
  public init(_ tiers: [Tier]) {
    precondition(
      tiers.first?.start == 0 && zip(tiers, tiers.dropFirst()).allSatisfy { $0.start < $1.start }
        && tiers.allSatisfy { $0.price > 0 && $0.price.isFinite && $0.start.isFinite }, "Tiers rise from zero.")
    self.tiers = tiers
    bought = zip(tiers, tiers.dropFirst()).reduce(into: [0.0]) { sums, pair in
      sums.append(sums[sums.count - 1] + (pair.1.start - pair.0.start) / pair.0.price)
    }
  }

  /// Where one price ends and the next begins.
  var ends: [Double] { tiers.dropFirst().map(\.start) }

  var isConcave: Bool { zip(tiers, tiers.dropFirst()).allSatisfy { $0.price <= $1.price } }

  /// At a tier's end the derivative is that of the money that comes next.
  func units(at spend: Double) -> CurvePoint {
    let index = (tiers.lastIndex { $0.start <= spend }) ?? 0
    return CurvePoint(
      value: bought[index] + (spend - tiers[index].start) / tiers[index].price, slope: 1 / tiers[index].price,
      curvature: 0)
  }
}
