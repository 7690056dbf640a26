/// The periods that one cell's curve sums over, by the media that each lag brings to them.
///
/// Periods that see the same media through every lag have the same response under every draw, so they are one, with the sum of
/// their weights: of a year's even spending only the first and last few weeks differ.
struct MediaAxis: Sendable {
  /// What a unit of the curve is worth, by period.
  var weights: [Double] = []
  /// By period, then by lag: scaled media that a unit of money buys so many periods before.
  var exposures: [[Double]] = []
  /// By period, then by lag: scaled media that history holds; only the first periods still feel them.
  var bases: [[Double]] = []

  /// The planned periods and, with `carryOver`, those after them in which they are still felt.
  init(of cell: Cell, media: [Double], carryIn: Bool, carryOver: Bool) {
    let felt = media.count + (carryOver ? cell.window - 1 : 0)
    let history = carryIn ? Array(cell.history.suffix(cell.window)) : []
    let baseCount = history.isEmpty ? 0 : min(cell.window - 1, felt)
    var places: [[Double]: Int] = [:]
    for t in 0..<felt {
      let window = cell.window(on: media, at: t)
      if t < baseCount {
        bases.append(cell.window(on: history, at: history.count + t))
      } else if let place = places[window] {
        weights[place] += cell.outcomeScale
        continue
      } else {
        places[window] = exposures.count
      }
      exposures.append(window)
      weights.append(cell.outcomeScale)
    }
    // Equal weights side by side: the kernels take them together.
    let free = (baseCount..<weights.count).sorted { (weights[$0], $0) < (weights[$1], $1) }
    weights = weights.prefix(baseCount) + free.map { weights[$0] }
    exposures = exposures.prefix(baseCount) + free.map { exposures[$0] }
  }

  /// The observed periods that are carried in, at a spend of one.
  init(observedBy cell: Cell) {
    let history = Array(cell.history.suffix(cell.window))
    exposures = history.indices.map { cell.window(on: history, at: $0) }
    weights = [Double](repeating: cell.outcomeScale, count: history.count)
  }
}

extension Cell {
  /// The scaled media of `t`, `t - 1`, …, one for each lag; zero before the first and after the last.
  fileprivate func window(on media: [Double], at t: Int) -> [Double] {
    (0..<window).map { media.indices.contains(t - $0) ? media[t - $0] / mediaScale : 0 }
  }
}
