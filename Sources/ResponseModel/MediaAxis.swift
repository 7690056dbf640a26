import NumericKernel

/// The periods that one cell's curve sums over: which media it is fed in each, and what a unit of it is worth there.
///
/// Carryover first, a period of the curve is one in which media are felt: it is fed what every lag brings, and is worth the
/// outcome scale times the period's own worth. Saturation first, it is one in which media are bought: it is fed those alone,
/// and is worth the weights of the lags at which it is felt in the window, each times the worth of that period. Periods that
/// are fed the same under every draw are one, with the sum of their worths: of a year's even spending only the first and last
/// few weeks differ.
struct MediaAxis: Sendable {
  /// Purchases that are alike whatever the money: the share of it that is spent in a period, and its price.
  struct Purchase: Sendable, Hashable {
    var share: Double
    var price: MediaPrice

    /// Media units for some money over the horizon, and their derivatives in it.
    func units(at spend: Double) -> CurvePoint {
      let point = price.units(at: share * spend)
      return CurvePoint(
        value: point.value, slope: point.slope * share, curvature: point.curvature * share * share)
    }
  }

  /// The kinds of purchases, none of nothing.
  let purchases: [Purchase]
  /// What a unit of the curve is worth, by period.
  let weights: CurveTiles.Weights
  /// Scaled media that history holds, for the first so many periods.
  let bases: [LagWindow]
  /// By period the purchases that are felt in it: their lags, each with its place in `purchases`.
  private let rows: [Row]
  /// Draws by lags.
  private let lagWeights: DrawMatrix
  private let mediaScale: Double

  /// Purchases felt together, by lag from the first; nil where nothing is bought.
  private struct Row: Sendable, Hashable {
    let first: Int
    let purchases: [Int?]

    /// Nothing at both ends is left out, so that rows of the same purchases are equal.
    init(_ purchases: [Int?], from first: Int = 0) {
      let empty = purchases.prefix { $0 == nil }.count
      self.purchases = Array(purchases.reversed().drop { $0 == nil }.reversed().dropFirst(empty))
      self.first = self.purchases.isEmpty ? 0 : first + empty
    }
  }

  /// What a unit of response is worth in the plan's periods.
  private struct Worths {
    let by: PeriodWorths
    /// The plan's first period among those.
    let from: Int
    let scale: Double

    /// The sum over some periods; the same under every draw, or one number for each.
    func sum(_ periods: [Int], drawCount: Int = 1) -> [Double] {
      by.sum(periods.map { (from + $0, scale) }, drawCount: drawCount)
    }
  }

  /// The planned periods and, with `carryOver`, those after them in which they are still felt.
  init(of planned: PlannedCell, _ lagWeights: DrawMatrix, carryOver: Bool) {
    let cell = planned.cell
    var purchases: [Purchase] = []
    var places: [Purchase: Int] = [:]
    let bought: [Int?] = zip(planned.shares, planned.prices).map { share, price in
      guard share > 0 else { return nil }
      let purchase = Purchase(share: share, price: price)
      if let place = places[purchase] { return place }
      places[purchase] = purchases.count
      purchases.append(purchase)
      return purchases.count - 1
    }
    let felt = bought.count + (carryOver ? cell.window - 1 : 0)
    let history = Array(planned.carriedIn.suffix(cell.window))
    let worths = Worths(by: planned.worths, from: planned.carriedIn.count, scale: cell.outcomeScale)
    switch cell.order {
    case .carryoverFirst:
      self.init(carryoverFirst: cell, lagWeights, purchases, bought, history: history, worths: worths, felt: felt)
    case .saturationFirst:
      self.init(saturationFirst: cell, lagWeights, purchases, bought, history: history, worths: worths, felt: felt)
    }
  }

  private init(
    carryoverFirst cell: Cell, _ lagWeights: DrawMatrix, _ purchases: [Purchase], _ bought: [Int?], history: [Double],
    worths: Worths, felt: Int
  ) {
    var rows: [Row] = []
    /// For each row the periods that have it.
    var periods: [[Int]] = []
    let baseCount = history.isEmpty ? 0 : min(cell.window - 1, felt)
    var places: [Row: Int] = [:]
    for t in 0..<felt {
      let nearest = max(0, t - bought.count + 1)
      let farthest = min(cell.window - 1, t)
      let row = nearest > farthest ? Row([]) : Row((nearest...farthest).map { bought[t - $0] }, from: nearest)
      if t >= baseCount {
        if let place = places[row] {
          periods[place].append(t)
          continue
        }
        places[row] = rows.count
      }
      rows.append(row)
      periods.append([t])
    }
    let order: [Int]
    switch worths.by {
    case .one, .shared:
      let weights = periods.map { worths.sum($0)[0] }
      // Equal weights side by side: the kernels take them together.
      order = Array(0..<baseCount) + (baseCount..<weights.count).sorted { (weights[$0], $0) < (weights[$1], $1) }
      self.weights = .shared(order.map { weights[$0] })
    case .drawn:
      order = Array(periods.indices)
      let columns = periods.map { worths.sum($0, drawCount: cell.drawCount) }
      weights = .drawn(DrawMatrix(columns: columns, drawCount: cell.drawCount))
    }
    self.rows = order.map { rows[$0] }
    bases = (0..<baseCount).map { cell.window(on: history, at: history.count + $0) }
    self.purchases = purchases
    self.lagWeights = lagWeights
    mediaScale = cell.mediaScale
  }

  private init(
    saturationFirst cell: Cell, _ lagWeights: DrawMatrix, _ purchases: [Purchase], _ bought: [Int?], history: [Double],
    worths: Worths, felt: Int
  ) {
    /// The lags at which media of period t, which for history is negative, are felt in the window.
    func lags(of t: Int) -> Range<Int> { max(0, -t)..<max(max(0, -t), min(cell.window, felt - t)) }
    // History comes first: what it does is there without any money.
    let observed = (-history.count..<0).filter { !lags(of: $0).isEmpty }
    var rows = observed.map { _ in Row([]) }
    /// For each row the periods in which it is bought.
    var periods = observed.map { [$0] }
    var places: [Int?: Int] = [:]
    for t in 0..<felt {
      let purchase = t < bought.count ? bought[t] : nil
      if let place = places[purchase] {
        periods[place].append(t)
        continue
      }
      places[purchase] = rows.count
      rows.append(Row([purchase]))
      periods.append([t])
    }
    /// The periods in which media of some others are felt at a lag.
    func dates(_ bought: [Int], at lag: Int) -> [Int] { bought.filter { lags(of: $0).contains(lag) }.map { $0 + lag } }
    switch worths.by {
    case .one, .shared:
      let windows = periods.map { bought in
        LagWindow((0..<cell.window).map { worths.sum(dates(bought, at: $0))[0] })
      }
      weights = .carried(CarriedMedia(windows, by: lagWeights))
    case .drawn:
      let columns = periods.map { bought in
        (0..<cell.window).reduce(into: [Double](repeating: 0, count: cell.drawCount)) { sums, lag in
          let worth = worths.sum(dates(bought, at: lag), drawCount: cell.drawCount)
          for draw in sums.indices { sums[draw] += lagWeights[draw, lag] * worth[draw] }
        }
      }
      weights = .drawn(DrawMatrix(columns: columns, drawCount: cell.drawCount))
    }
    self.rows = rows
    bases = observed.map { LagWindow([history[history.count + $0] / cell.mediaScale]) }
    self.purchases = purchases
    // Nothing is carried over before the curve.
    self.lagWeights = DrawMatrix(columns: [[Double](repeating: 1, count: cell.drawCount)], drawCount: cell.drawCount)
    mediaScale = cell.mediaScale
  }

  // MARK: - Media

  /// Scaled media by period, each purchase bringing some: those of history.
  var historical: CarriedMedia { CarriedMedia(bases, by: lagWeights) }

  /// Scaled media by period, each purchase bringing so much.
  func media(_ amounts: [Double]) -> CarriedMedia { CarriedMedia(windows(amounts), by: lagWeights) }

  /// The same on top of what history holds.
  func mediaWithHistory(_ amounts: [Double]) -> CarriedMedia {
    let bought = windows(amounts)
    return CarriedMedia(
      bought.indices.map { $0 < bases.count ? bases[$0] + bought[$0] : bought[$0] }, by: lagWeights)
  }

  private func windows(_ amounts: [Double]) -> [LagWindow] {
    rows.map { row in
      LagWindow(row.purchases.map { $0.map { amounts[$0] / mediaScale } ?? 0 }, from: row.first)
    }
  }
}

extension Cell {
  /// The scaled media of `t`, `t - 1`, …, by lag; none before the first and after the last.
  func window(on media: [Double], at t: Int) -> LagWindow {
    let nearest = max(0, t - media.count + 1)
    let farthest = min(window - 1, t)
    guard nearest <= farthest else { return LagWindow([]) }
    return LagWindow((nearest...farthest).map { media[t - $0] / mediaScale }, from: nearest)
  }
}

/// Lag by lag.
private func + (a: LagWindow, b: LagWindow) -> LagWindow {
  let (first, last) = (min(a.first, b.first), max(a.first + a.media.count, b.first + b.media.count))
  return LagWindow(
    (first..<last).map { lag in
      [a, b].reduce(0) { sum, window in
        let place = lag - window.first
        return sum + (window.media.indices.contains(place) ? window.media[place] : 0)
      }
    }, from: first)
}
