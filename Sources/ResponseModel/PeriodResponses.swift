public import NumericKernel

/// What one of the model's cells brings period by period, and how much of it earlier spending does: draws by the periods in which the
/// plan is felt, in units of the outcome.
public struct PeriodResponses: Sendable {
  /// Incremental: beyond what there is without any planned money.
  public var total: DrawMatrix
  /// What there would be of that in a period if nothing were spent in that period itself; the rest is the period's own.
  public var carriedOver: DrawMatrix

  /// What two parts of a cell bring together.
  public func adding(_ other: PeriodResponses) -> PeriodResponses {
    var sum = self
    sum.total.add(other.total)
    sum.carriedOver.add(other.carriedOver)
    return sum
  }
}

extension PlannedCell {
  /// The incremental response by period to money by planned period, the periods after the plan too where they count. Sums over periods are
  /// those of `PeriodSurface`, to rounding.
  ///
  /// - Parameters:
  ///   - spend: money of the decided amount by planned period, of which the cell has its share.
  ///   - carryOver: whether the periods after the plan count, until its last period is no longer felt.
  public func responsesByPeriod(to spend: [Double], carryOver: Bool) -> PeriodResponses {
    precondition(spend.count == shares.count, "Money for each period.")
    return responses(cell.saturation, to: spend, carryOver: carryOver)
  }

  private func responses<Family: Saturation>(
    _ family: Family.Type, to spend: [Double], carryOver: Bool
  ) -> PeriodResponses {
    let lags = cell.lagWeights
    let planned = zip(zip(shares, prices), spend).map { part, money in
      part.0 > 0 ? part.1.units(at: part.0 * money).value / cell.mediaScale : 0
    }
    let felt = planned.count + (carryOver ? cell.window - 1 : 0)
    let history = carriedIn.suffix(cell.window).map { $0 / cell.mediaScale }
    let worth = (0..<felt).map {
      worths.sum([(carriedIn.count + $0, cell.outcomeScale)], drawCount: cell.drawCount)
    }
    var responses = PeriodResponses(
      total: DrawMatrix(drawCount: cell.drawCount, columnCount: felt),
      carriedOver: DrawMatrix(drawCount: cell.drawCount, columnCount: felt))
    var parameters = [Double](repeating: 0, count: cell.saturationParameters.columnCount)
    func media(_ period: Int) -> Double { period < planned.count ? planned[period] : 0 }
    for draw in 0..<cell.drawCount {
      for index in parameters.indices { parameters[index] = cell.saturationParameters[draw, index] }
      func curve(_ x: Double) -> Double { family.point(at: max(x, 0), parameters.span).value }
      let weights = (0..<lags.columnCount).map { lags[draw, $0] }
      switch cell.order {
      case .carryoverFirst:
        for period in 0..<felt {
          var (before, carried) = (0.0, 0.0)
          for lag in weights.indices.dropFirst() {
            if lag <= period {
              carried += weights[lag] * media(period - lag)
            } else if lag - period <= history.count {
              before += weights[lag] * history[history.count + period - lag]
            }
          }
          let rest = curve(before)
          let earlier = curve(before + carried) - rest
          let all = curve(before + carried + weights[0] * media(period)) - rest
          responses.total[draw, period] = worth[period][draw] * all
          responses.carriedOver[draw, period] = worth[period][draw] * earlier
        }
      case .saturationFirst:
        let nothing = curve(0)
        let bought = planned.map { curve($0) - nothing }
        for period in 0..<felt {
          var carried = 0.0
          for lag in weights.indices.dropFirst() where lag <= period && period - lag < bought.count {
            carried += weights[lag] * bought[period - lag]
          }
          let own = period < bought.count ? weights[0] * bought[period] : 0
          responses.total[draw, period] = worth[period][draw] * (carried + own)
          responses.carriedOver[draw, period] = worth[period][draw] * carried
        }
      }
    }
    return responses
  }
}
