import NumericKernel

/// The periods that one cell's curve sums over: what it is fed in each, and what a unit of it is worth there.
///
/// Carryover first, a period of the curve is one in which media are felt: it is fed what every lag brings, and is worth the
/// outcome scale. Saturation first, it is one in which media are bought: it is fed those alone, and is worth the weights of
/// the lags at which it is felt in the window. Periods that are fed the same under every draw are one, with the sum
/// of their worths: of a year's even spending only the first and last few weeks differ.
struct MediaAxis: Sendable {
  /// What a unit of the curve is worth, by period.
  let weights: CurveTiles.Weights
  /// Scaled media for a unit of money, by period.
  let exposures: CarriedMedia
  /// Scaled media that history holds, for the first so many periods.
  let bases: CarriedMedia

  /// The planned periods and, with `carryOver`, those after them in which they are still felt.
  ///
  /// - Parameters:
  ///   - lagWeights: the cell's.
  ///   - media: by planned period, for a unit of money.
  init(of cell: Cell, _ lagWeights: DrawMatrix, media: [Double], carryIn: Bool, carryOver: Bool) {
    let felt = media.count + (carryOver ? cell.window - 1 : 0)
    let history = carryIn ? Array(cell.history.suffix(cell.window)) : []
    switch cell.order {
    case .carryoverFirst:
      self.init(carryoverFirst: cell, lagWeights, media: media, history: history, felt: felt)
    case .saturationFirst:
      self.init(saturationFirst: cell, lagWeights, media: media, history: history, felt: felt)
    }
  }

  private init(
    carryoverFirst cell: Cell, _ lagWeights: DrawMatrix, media: [Double], history: [Double], felt: Int
  ) {
    var weights: [Double] = []
    var exposures: [LagWindow] = []
    let baseCount = history.isEmpty ? 0 : min(cell.window - 1, felt)
    var places: [LagWindow: Int] = [:]
    for t in 0..<felt {
      let window = cell.window(on: media, at: t)
      if t >= baseCount {
        if let place = places[window] {
          weights[place] += cell.outcomeScale
          continue
        }
        places[window] = exposures.count
      }
      exposures.append(window)
      weights.append(cell.outcomeScale)
    }
    let bases = (0..<baseCount).map { cell.window(on: history, at: history.count + $0) }
    // Equal weights side by side: the kernels take them together.
    let order = Array(0..<baseCount) + (baseCount..<weights.count).sorted { (weights[$0], $0) < (weights[$1], $1) }
    self.weights = .shared(order.map { weights[$0] })
    self.exposures = CarriedMedia(order.map { exposures[$0] }, by: lagWeights)
    self.bases = CarriedMedia(bases, by: lagWeights)
  }

  private init(
    saturationFirst cell: Cell, _ lagWeights: DrawMatrix, media: [Double], history: [Double], felt: Int
  ) {
    /// The lags at which media of period t, which for history is negative, are felt in the window.
    func lags(of t: Int) -> Range<Int> { max(0, -t)..<max(max(0, -t), min(cell.window, felt - t)) }
    // History comes first: what it does is there without any money.
    let observed = (-history.count..<0).filter { !lags(of: $0).isEmpty }
    var levels = observed.map { _ in 0.0 }
    var worths = observed.map { t in cell.window(worth: lags(of: t)) }
    var places: [Double: Int] = [:]
    for t in 0..<felt {
      let level = t < media.count ? media[t] / cell.mediaScale : 0
      let worth = cell.window(worth: lags(of: t))
      if let place = places[level] {
        for lag in worth.indices { worths[place][lag] += worth[lag] }
        continue
      }
      places[level] = levels.count
      levels.append(level)
      worths.append(worth)
    }
    // Nothing is carried over before the curve.
    let alone = DrawMatrix(columns: [[Double](repeating: 1, count: cell.drawCount)], drawCount: cell.drawCount)
    weights = .carried(CarriedMedia(worths.map { LagWindow($0) }, by: lagWeights))
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

  /// The outcome scale at some lags, zero at the others.
  fileprivate func window(worth lags: Range<Int>) -> [Double] {
    (0..<window).map { lags.contains($0) ? outcomeScale : 0 }
  }
}
