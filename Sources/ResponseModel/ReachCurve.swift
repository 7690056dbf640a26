public import NumericKernel

/// Media that reach people so many times each, as a cell of impressions whose frequency is held.
///
/// One impression at frequency f is `1 / f` of a person reached, who brings `β h(f)`, h the Hill curve `fⁿ / (κⁿ + fⁿ)` or, without
/// saturation, f. The response is linear in impressions, so that cells of other frequencies add up to it: periods that have a
/// frequency of their own are planned as parts.
public struct ReachCurve: Sendable {
  /// By observed period, oldest first; 0 where nobody was reached.
  public var frequencies: [Double]
  /// That of the cell itself.
  public var held: Double
  /// Draws of β, and of κ and n where frequency saturates.
  public var parameters: DrawMatrix

  /// A frequency above zero, and one or three columns of draws.
  public init(frequencies: [Double], held: Double, parameters: DrawMatrix) {
    precondition(held > 0 && held.isFinite, "A frequency is held above zero.")
    precondition([1, 3].contains(parameters.columnCount), "β alone, or with κ and n.")
    self.frequencies = frequencies
    self.held = held
    self.parameters = parameters
  }

  /// `β h(f)` by draw: what a person reached brings.
  public func strengths(at frequency: Double) -> DrawMatrix {
    var strengths = DrawMatrix(drawCount: parameters.drawCount, columnCount: 1)
    for draw in 0..<parameters.drawCount {
      let beta = parameters[draw, 0]
      strengths[draw, 0] =
        parameters.columnCount == 1
        ? beta * frequency
        : Hill.point(at: frequency, [beta, parameters[draw, 1], parameters[draw, 2]].span).value
    }
    return strengths
  }
}

extension Cell {
  /// The same cell of impressions at another frequency.
  fileprivate func held(at frequency: Double, _ reach: ReachCurve) -> Cell {
    var cell = self
    cell.saturationParameters = reach.strengths(at: frequency)
    cell.mediaScale = mediaScale / reach.held * frequency
    return cell
  }
}

extension PlannedCell {
  /// The plan with reach bought at these frequencies, one a planned period, and what is carried in at those observed, one for each
  /// of its periods: a part for each frequency, which add up to it. A frequency of 0 stands for that at which the cell is held; a cell that is not of reach
  /// is its own only part.
  public func parts(frequencies: [Double], carriedIn observed: [Double]) -> [PlannedCell] {
    guard let reach = cell.reach else { return [self] }
    precondition(frequencies.count == shares.count, "A frequency for each planned period.")
    precondition(observed.count == carriedIn.count, "A frequency for each period that is carried in.")
    func filled(_ frequency: Double) -> Double { frequency > 0 ? frequency : reach.held }
    let planned = frequencies.map(filled)
    let observed = observed.map(filled)
    return Set(planned + observed).sorted().map { frequency in
      var part = self
      part.cell = cell.held(at: frequency, reach)
      part.shares = zip(planned, shares).map { $0 == frequency ? $1 : 0 }
      part.carriedIn = zip(observed, carriedIn).map { $0 == frequency ? $1 : 0 }
      return part
    }
  }
}
