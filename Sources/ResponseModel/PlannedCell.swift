public import NumericKernel

/// One of the model's cells in a plan: what its media are for some money, and what its response is worth when it is felt.
public struct PlannedCell: Sendable {
  /// The model's.
  public var cell: Cell
  /// By planned period: the money that is spent in it of one unit of money over the horizon.
  public var shares: [Double]
  /// By planned period: how that money becomes media.
  public var prices: [MediaPrice]
  /// Media observed before the plan that are still felt in it, oldest first, the last right before the first planned period;
  /// empty where none are carried in.
  public var carriedIn: [Double]
  /// One for each period from the first that is carried in to the last in which the plan is felt.
  public var worths: PeriodWorths

  /// A price for each period. Worth 1 in every period, unless it says otherwise.
  public init(
    _ cell: Cell, shares: [Double], prices: [MediaPrice], carriedIn: [Double] = [], worths: PeriodWorths = .one
  ) {
    precondition(shares.count == prices.count, "A price for each period.")
    self.cell = cell
    self.shares = shares
    self.prices = prices
    self.carriedIn = carriedIn
    self.worths = worths
  }

  /// - Parameter mediaPerMoney: by planned period: the media units that one unit of money over the horizon buys.
  public init(_ cell: Cell, mediaPerMoney: [Double], carriedIn: [Double] = [], worths: PeriodWorths = .one) {
    self.init(
      cell, shares: mediaPerMoney, prices: mediaPerMoney.map { _ in .constant(1) }, carriedIn: carriedIn, worths: worths
    )
  }
}

/// What a unit of response is worth by the period in which it is felt: revenue per conversion, or a media multiplier that the
/// model has learned to vary.
public enum PeriodWorths: Sendable {
  /// 1 in every period.
  case one
  /// The same under every draw.
  case shared([Double])
  /// Draws by periods.
  case drawn(DrawMatrix)

  /// The same times one factor for each of its periods.
  public func scaled(by factors: [Double]) -> PeriodWorths {
    switch self {
    case .one: return .shared(factors)
    case .shared(let worths):
      precondition(worths.count == factors.count, "A factor for each period.")
      return .shared(zip(worths, factors).map { $0 * $1 })
    case .drawn(var worths):
      precondition(worths.columnCount == factors.count, "A factor for each period.")
      for (period, factor) in factors.enumerated() {
        worths.withMutableColumn(period) { worth in
          for draw in 0..<worth.count { worth[draw] *= factor }
        }
      }
      return .drawn(worths)
    }
  }

  /// The sum of some periods' worths, each times a number, one for each draw.
  func sum(_ terms: [(period: Int, factor: Double)], drawCount: Int) -> [Double] {
    switch self {
    case .one: [Double](repeating: terms.reduce(0) { $0 + $1.factor }, count: drawCount)
    case .shared(let worths):
      [Double](repeating: terms.reduce(0) { $0 + $1.factor * worths[$1.period] }, count: drawCount)
    case .drawn(let worths):
      terms.reduce(into: [Double](repeating: 0, count: drawCount)) { sums, term in
        worths.withColumn(term.period) { worth in
          for draw in sums.indices { sums[draw] += term.factor * worth[draw] }
        }
      }
    }
  }
}
