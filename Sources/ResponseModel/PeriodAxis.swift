import NumericKernel

/// What one cell's curve is fed and worth where money is decided period by period: each period has a row of its own, unlike on
/// `MediaAxis`, where periods that are fed alike are one.
struct PeriodAxis: Sendable {
  /// What a unit of the curve is worth, by period of the curve: the planned ones first.
  let weights: CurveTiles.Weights
  /// Draws by lags: what the curve is fed of the media of each; one lag where saturation comes first, or retention says the rest.
  let lagWeights: DrawMatrix
  /// One number per draw, where each lag's weight is the same share of the one before and none is cut off; else nil.
  let retention: [Double]?
  /// Scaled media that history left, for the first so many periods.
  let bases: CarriedMedia

  /// The planned periods and, with `carryOver`, those after them in which they are still felt.
  init(of planned: PlannedCell, carryOver: Bool) {
    let cell = planned.cell
    let count = planned.shares.count
    let felt = count + (carryOver ? cell.window - 1 : 0)
    let lags = cell.lagWeights
    let before = planned.carriedIn.count
    func worth(_ period: Int, _ factor: Double = 1) -> [Double] {
      planned.worths.sum([(before + period, factor * cell.outcomeScale)], drawCount: cell.drawCount)
    }
    switch cell.order {
    case .carryoverFirst:
      switch planned.worths {
      case .one, .shared:
        weights = .shared((0..<felt).map { planned.worths.sum([(before + $0, cell.outcomeScale)], drawCount: 1)[0] })
      case .drawn:
        weights = .drawn(DrawMatrix(columns: (0..<felt).map { worth($0) }, drawCount: cell.drawCount))
      }
      let history = Array(planned.carriedIn.suffix(cell.window))
      let windows = (0..<(history.isEmpty ? 0 : min(cell.window - 1, felt))).map {
        cell.window(on: history, at: history.count + $0)
      }
      retention = PeriodAxis.retention(of: cell, lags, felt: felt)
      let first = DrawMatrix(columns: [lags.column(0)], drawCount: cell.drawCount)
      lagWeights = retention == nil ? lags : first
      bases = CarriedMedia(windows, by: windows.isEmpty ? first : lags)
    case .saturationFirst:
      // The lags at which media of a period are felt.
      func reach(_ period: Int) -> Int { min(cell.window, felt - period) }
      switch planned.worths {
      case .one, .shared:
        let windows = (0..<count).map { t in
          LagWindow((0..<reach(t)).map { planned.worths.sum([(before + t + $0, cell.outcomeScale)], drawCount: 1)[0] })
        }
        weights = .carried(CarriedMedia(windows, by: lags))
      case .drawn:
        let columns = (0..<count).map { t in
          (0..<reach(t)).reduce(into: [Double](repeating: 0, count: cell.drawCount)) { sums, lag in
            let worth = worth(t + lag)
            for draw in sums.indices { sums[draw] += lags[draw, lag] * worth[draw] }
          }
        }
        weights = .drawn(DrawMatrix(columns: columns, drawCount: cell.drawCount))
      }
      lagWeights = DrawMatrix(columns: [[Double](repeating: 1, count: cell.drawCount)], drawCount: cell.drawCount)
      bases = CarriedMedia([], by: lagWeights)
      retention = nil
    }
  }

  /// Each draw's retention, if the family is geometric and no lag that its window cuts off would be felt in the plan by more
  /// than 1e-16 of the whole.
  private static func retention(of cell: Cell, _ lags: DrawMatrix, felt: Int) -> [Double]? {
    guard cell.carryover is Geometric.Type || cell.carryover is GeometricHalfLife.Type, cell.window > 1 else {
      return nil
    }
    let shares = (0..<cell.drawCount).map { lags[$0, 0] > 0 ? lags[$0, 1] / lags[$0, 0] : 0 }
    let isCut = shares.contains { Geometric.unboundedWindow(retention: $0).map { $0 > cell.window } ?? true }
    return cell.window >= felt || !isCut ? shares : nil
  }
}
