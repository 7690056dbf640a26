import NumericKernel

/// The periods that one cell's curve sums over: what it is fed in each, and what a unit of it is worth there.
///
/// Carryover first, a period of the curve is one in which media are felt: it is fed what every lag brings, and is worth the
/// outcome scale times the period's own worth. Saturation first, it is one in which media are bought: it is fed those alone,
/// and is worth the weights of the lags at which it is felt in the window, each times the worth of that period. Periods that
/// are fed the same under every draw are one, with the sum of their worths: of a year's even spending only the first and last
/// few weeks differ.
struct MediaAxis: Sendable {
  /// What a unit of the curve is worth, by period.
  let weights: CurveTiles.Weights
  /// Scaled media for a unit of money, by period.
  let exposures: CarriedMedia
  /// Scaled media that history holds, for the first so many periods.
  let bases: CarriedMedia

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
    let media = planned.mediaPerMoney
    let felt = media.count + (carryOver ? cell.window - 1 : 0)
    let history = Array(planned.carriedIn.suffix(cell.window))
    let worths = Worths(by: planned.worths, from: planned.carriedIn.count, scale: cell.outcomeScale)
    switch cell.order {
    case .carryoverFirst:
      self.init(carryoverFirst: cell, lagWeights, media: media, history: history, worths: worths, felt: felt)
    case .saturationFirst:
      self.init(saturationFirst: cell, lagWeights, media: media, history: history, worths: worths, felt: felt)
    }
  }

  private init(
    carryoverFirst cell: Cell, _ lagWeights: DrawMatrix, media: [Double], history: [Double], worths: Worths,
    felt: Int
  ) {
    var exposures: [LagWindow] = []
    /// For each exposure the periods that have it.
    var periods: [[Int]] = []
    let baseCount = history.isEmpty ? 0 : min(cell.window - 1, felt)
    var places: [LagWindow: Int] = [:]
    for t in 0..<felt {
      let window = cell.window(on: media, at: t)
      if t >= baseCount {
        if let place = places[window] {
          periods[place].append(t)
          continue
        }
        places[window] = exposures.count
      }
      exposures.append(window)
      periods.append([t])
    }
    let bases = (0..<baseCount).map { cell.window(on: history, at: history.count + $0) }
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
    self.exposures = CarriedMedia(order.map { exposures[$0] }, by: lagWeights)
    self.bases = CarriedMedia(bases, by: lagWeights)
  }

  private init(
    saturationFirst cell: Cell, _ lagWeights: DrawMatrix, media: [Double], history: [Double], worths: Worths,
    felt: Int
  ) {
    /// The lags at which media of period t, which for history is negative, are felt in the window.
    func lags(of t: Int) -> Range<Int> { max(0, -t)..<max(max(0, -t), min(cell.window, felt - t)) }
    // History comes first: what it does is there without any money.
    let observed = (-history.count..<0).filter { !lags(of: $0).isEmpty }
    var levels = observed.map { _ in 0.0 }
    /// For each level the periods whose media are at it.
    var periods = observed.map { [$0] }
    var places: [Double: Int] = [:]
    for t in 0..<felt {
      let level = t < media.count ? media[t] / cell.mediaScale : 0
      if let place = places[level] {
        periods[place].append(t)
        continue
      }
      places[level] = levels.count
      levels.append(level)
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
    // Nothing is carried over before the curve.
    let alone = DrawMatrix(columns: [[Double](repeating: 1, count: cell.drawCount)], drawCount: cell.drawCount)
    exposures = CarriedMedia(levels.map { LagWindow([$0]) }, by: alone)
    bases = CarriedMedia(
      observed.map { LagWindow([history[history.count + $0] / cell.mediaScale]) }, by: alone)
  }
}

extension Cell {
  /// The scaled media of `t`, `t - 1`, …, by lag; none before the first and after the last.
  fileprivate func window(on media: [Double], at t: Int) -> LagWindow {
    let nearest = max(0, t - media.count + 1)
    let farthest = min(window - 1, t)
    guard nearest <= farthest else { return LagWindow([]) }
    return LagWindow((nearest...farthest).map { media[t - $0] / mediaScale }, from: nearest)
  }
}
