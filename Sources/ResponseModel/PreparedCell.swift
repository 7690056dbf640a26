import NumericKernel

/// One of the model's cells made ready: its curve, and the media that it is fed.
///
/// At fixed prices media are linear in the money, and tiles are made once. Else they are made anew for each amount of money, the media
/// it buys standing as what is there already, and their derivative as what a little more money adds.
struct PreparedCell: Sendable {
  /// What is evaluated: the cell's own family, or the one that it derives from.
  private let saturation: any Saturation.Type
  private let axis: MediaAxis
  /// At fixed prices for any money; else for the least.
  private(set) var tiles: CurveTiles
  private let isPriceFixed: Bool
  /// One number per draw, to be added to the response; nil where it is nothing.
  private let bottom: [Double]?
  /// One number per draw.
  private let inflections = Once<[Double]>()

  init(_ planned: PlannedCell, _ lagWeights: DrawMatrix, carryOver: Bool) {
    let cell = planned.cell
    axis = MediaAxis(of: planned, lagWeights, carryOver: carryOver)
    isPriceFixed = axis.purchases.allSatisfy { if case .constant = $0.price { true } else { false } }
    let derived = cell.saturation as? any DerivedSaturation.Type
    let parameters = derived?.baseParameters(cell.saturationParameters) ?? cell.saturationParameters
    saturation = derived?.base ?? cell.saturation
    tiles = CurveTiles(
      kernel: saturation.kernel, parameters: parameters, weights: axis.weights,
      exposures: axis.media(axis.purchases.map { $0.units(at: 1).value }), bases: axis.historical)
    // Otherwise a period may rise while another falls, and how far the way between two amounts is from a straight one is not known.
    precondition(isPriceFixed || tiles.isWorthSomething, "What is bought at a price that changes counts for something.")
    bottom = derived?.bottoms(cell.saturationParameters).map { [tiles] bottoms in
      bottoms.indices.map { bottoms[$0] * tiles.weightSum(draw: $0) }
    }
  }

  /// What it takes to keep the tiles; nothing where they are made for each amount of money.
  var keptBytes: Int { isPriceFixed ? tiles.keptBytes : 0 }

  /// The same, its tiles computed now, if they can be kept.
  func keepingTiles() -> PreparedCell {
    var own = self
    if isPriceFixed { own.tiles = tiles.keepingTiles() }
    return own
  }

  /// Tiles for some media by purchase, and more of them for each unit of something.
  private func tiles(_ amounts: [Double], adding rates: [Double]) -> CurveTiles {
    CurveTiles(
      kernel: tiles.kernel, parameters: tiles.parameters, weights: tiles.weights, exposures: axis.media(rates),
      bases: axis.mediaWithHistory(amounts))
  }

  /// One number per draw: the response without any media, in the window or before it.
  func responseToNothing(of cell: Cell) -> [Double] {
    let values = cell.saturation.values(at: 0, cell.saturationParameters)
    return values.indices.map { values[$0] == 0 ? 0 : values[$0] * tiles.weightSum(draw: $0) }
  }

  /// Whether the response is concave in its money, and never falls, under every draw.
  var isConcave: Bool {
    PreparedCell.isConcave(saturation, tiles.parameters) && tiles.isWorthSomething
      && axis.purchases.allSatisfy(\.price.isConcave)
  }

  static func isConcave<Family: Saturation>(_ family: Family.Type, _ draws: DrawMatrix) -> Bool {
    var parameters = [Double](repeating: 0, count: draws.columnCount)
    return (0..<draws.drawCount).allSatisfy { draw in
      for index in parameters.indices { parameters[index] = draws[draw, index] }
      // What is concave and rises at first may still fall later on: no family does.
      return family.inflection(parameters.span) <= 0 && family.point(at: 0, parameters.span).slope >= 0
    }
  }

  /// Whether its response has a fourth derivative in the logarithm of money.
  var canBeTabulated: Bool {
    isPriceFixed && tiles.drawCount > 0 && saturation.fourthLogDerivative(tiles.parameters.row(0).span) != nil
  }

  /// The greatest fourth derivative of its response in the logarithm of its money, one number per draw; nil where it
  /// has none.
  var fourthLogDerivatives: [Double]? {
    guard isPriceFixed else { return nil }
    var result: [Double] = []
    result.reserveCapacity(tiles.drawCount)
    for draw in 0..<tiles.drawCount {
      guard let derivative = saturation.fourthLogDerivative(tiles.parameters.row(draw).span) else { return nil }
      result.append(derivative * tiles.weightSum(draw: draw) { abs($0) })
    }
    return result
  }
}

// MARK: - Evaluation

extension PreparedCell {
  /// A cell at some of its money, and the column that the result goes to.
  struct Request {
    let cell: PreparedCell
    let spend: Double
    let column: Int

    /// Tiles to be evaluated at some number: the response, and its slope in money.
    fileprivate var part: Part {
      guard !cell.isPriceFixed else { return Part(tiles: cell.tiles, at: spend, request: self) }
      let units = cell.axis.purchases.map { $0.units(at: spend) }
      return Part(tiles: cell.tiles(units.map(\.value), adding: units.map(\.slope)), at: 0, request: self)
    }

    /// The same media, of which the price's own bend is the rate: their slope is what it adds to the curvature; nil for nothing.
    fileprivate var bend: Part? {
      guard !cell.isPriceFixed else { return nil }
      let units = cell.axis.purchases.map { $0.units(at: spend) }
      guard units.contains(where: { $0.curvature != 0 }) else { return nil }
      return Part(tiles: cell.tiles(units.map(\.value), adding: units.map(\.curvature)), at: 0, request: self)
    }
  }

  /// Tiles, and where they are evaluated.
  fileprivate struct Part {
    let tiles: CurveTiles
    let place: Double
    let saturation: any Saturation.Type
    let column: Int

    init(tiles: CurveTiles, at place: Double, request: Request) {
      self.tiles = tiles
      self.place = place
      saturation = request.cell.saturation
      column = request.column
    }

    /// Nil where the curve is evaluated draw by draw.
    var kernelRequest: CurveTiles.Request? {
      tiles.kernel == nil ? nil : CurveTiles.Request(tiles, at: place, column: column)
    }
  }

  static func evaluate(_ requests: [Request], values: inout DrawMatrix) {
    let parts = requests.map(\.part)
    CurveTiles.evaluate(parts.compactMap(\.kernelRequest), values: &values)
    walk(parts) { draw, column, sum in values[draw, column] = sum.value }
    addBottoms(requests, to: &values)
  }

  static func evaluate(_ requests: [Request], values: inout DrawMatrix, slopes: inout DrawMatrix) {
    let parts = requests.map(\.part)
    CurveTiles.evaluate(parts.compactMap(\.kernelRequest), values: &values, slopes: &slopes)
    walk(parts) { draw, column, sum in
      values[draw, column] = sum.value
      slopes[draw, column] = sum.slope
    }
    addBottoms(requests, to: &values)
  }

  static func evaluate(_ requests: [Request], into point: inout SurfacePoint) {
    let parts = requests.map(\.part)
    CurveTiles.evaluate(
      parts.compactMap(\.kernelRequest), values: &point.responses, slopes: &point.slopes, curvatures: &point.curvatures)
    walk(parts) { draw, column, sum in
      point.responses[draw, column] = sum.value
      point.slopes[draw, column] = sum.slope
      point.curvatures[draw, column] = sum.curvature
    }
    addBottoms(requests, to: &point.responses)
    let bends = requests.compactMap(\.bend)
    guard !bends.isEmpty else { return }
    var values = DrawMatrix(unwritten: point.slopes.drawCount, columnCount: point.slopes.columnCount)
    var slopes = values
    CurveTiles.evaluate(bends.compactMap(\.kernelRequest), values: &values, slopes: &slopes)
    walk(bends) { draw, column, sum in slopes[draw, column] = sum.slope }
    for bend in bends { point.curvatures.add(slopes, column: bend.column, to: bend.column) }
  }

  private static func addBottoms(_ requests: [Request], to values: inout DrawMatrix) {
    for request in requests {
      guard let bottom = request.cell.bottom else { continue }
      values.withMutableColumn(request.column) { column in
        for draw in bottom.indices { column[draw] += bottom[draw] }
      }
    }
  }

  /// The loop over draws and periods for families without a kernel.
  private static func walk(_ parts: [Part], _ body: (Int, Int, CurvePoint) -> Void) {
    for part in parts where part.tiles.kernel == nil {
      walk(part.saturation, part.tiles, at: part.place) { body($0, part.column, $1) }
    }
  }

  private static func walk<Family: Saturation>(
    _ family: Family.Type, _ tiles: CurveTiles, at spend: Double, _ body: (Int, CurvePoint) -> Void
  ) {
    var parameters = [Double](repeating: 0, count: family.parameters.count)
    for draw in 0..<tiles.drawCount {
      for index in parameters.indices { parameters[index] = tiles.parameters[draw, index] }
      var sum = CurvePoint(value: 0, slope: 0, curvature: 0)
      for period in 0..<tiles.periodCount {
        let exposure = tiles.exposure(draw: draw, period: period)
        let point = family.point(
          at: tiles.base(draw: draw, period: period) + spend * exposure, parameters.span)
        let weight = tiles.weight(draw: draw, period: period)
        sum.value += weight * point.value
        // An infinite slope, too, is nothing to spend that does not reach the period.
        guard exposure != 0 else { continue }
        sum.slope += weight * point.slope * exposure
        sum.curvature += weight * point.curvature * exposure * exposure
      }
      body(draw, sum)
    }
  }

  /// The responses at rising amounts of money, and how far they may be from the chords between them, under some draws, the first
  /// of them a whole number of tiles from the start.
  func chords(at spends: [Double], draws: Range<Int>) -> CurveChords {
    var chords = isPriceFixed ? chords(of: tiles, at: spends, draws: draws) : pricedChords(at: spends, draws: draws)
    guard let bottom else { return chords }
    for node in spends.indices {
      chords.values.withMutableColumn(node) { values in
        for index in 0..<values.count { values[index] += bottom[draws.lowerBound + index] }
      }
    }
    return chords
  }

  private func chords(of tiles: CurveTiles, at places: [Double], draws: Range<Int>) -> CurveChords {
    let turns = inflections.value {
      (0..<tiles.drawCount).map { saturation.inflection(tiles.parameters.row($0).span) }
    }
    return tiles.kernel == nil
      ? PreparedCell.walkedChords(saturation, tiles, at: places, inflections: turns, draws: draws)
      : tiles.chords(at: places, inflections: turns, draws: draws)
  }

  /// Between two amounts of money the curve is bounded on the straight way from the media of the one to those of the other. On
  /// the way that prices make, a period has gone a share of it that is ahead of the money's own by no more than `ahead`, and
  /// behind by no more than `behind`: as many times the interval's rise the response is off at most.
  private func pricedChords(at spends: [Double], draws: Range<Int>) -> CurveChords {
    var chords = CurveChords(spends: spends, drawCount: draws.count)
    let media = spends.map { spend in axis.purchases.map { $0.units(at: spend).value } }
    if spends.count == 1 {
      let alone = self.chords(of: tiles(media[0], adding: media[0]), at: [0], draws: draws)
      chords.values.setColumn(0, to: alone.values.column(0))
    }
    for interval in 0..<spends.count - 1 {
      let steps = zip(media[interval], media[interval + 1]).map { $1 - $0 }
      let own = self.chords(of: tiles(media[interval], adding: steps), at: [0, 1], draws: draws)
      var (ahead, behind) = (0.0, 0.0)
      for (purchase, step) in zip(axis.purchases, steps) where step > 0 {
        let excess = purchase.price.excess(
          from: purchase.share * spends[interval], to: purchase.share * spends[interval + 1])
        ahead = max(ahead, excess.above / step)
        behind = max(behind, excess.below / step)
      }
      for draw in 0..<draws.count {
        let (start, end) = (own.values[draw, 0], own.values[draw, 1])
        // What the next interval begins with is the same media: to rounding the same value.
        chords.values[draw, interval] = start
        if interval == spends.count - 2 { chords.values[draw, interval + 1] = end }
        let rise = end - start
        chords.above[draw, interval] = own.above[draw, 0] + (rise >= 0 ? ahead * rise : behind * -rise)
        chords.below[draw, interval] = own.below[draw, 0] + (rise >= 0 ? behind * rise : ahead * -rise)
      }
    }
    return chords
  }

  /// The same for a family without a kernel, period by period: the formulas are those of CVectorCurves.
  private static func walkedChords<Family: Saturation>(
    _ family: Family.Type, _ tiles: CurveTiles, at spends: [Double], inflections: [Double], draws: Range<Int>
  ) -> CurveChords {
    var chords = CurveChords(spends: spends, drawCount: draws.count)
    for draw in draws {
      let row = draw - draws.lowerBound
      let parameters = tiles.parameters.row(draw)
      for period in 0..<tiles.periodCount {
        let (exposure, base) = (
          tiles.exposure(draw: draw, period: period), tiles.base(draw: draw, period: period)
        )
        let weight = tiles.weight(draw: draw, period: period)
        var last: (media: Double, point: CurvePoint)?
        for (node, spend) in spends.enumerated() {
          let media = base + spend * exposure
          let point = family.point(at: media, parameters.span)
          chords.values[row, node] += weight * point.value
          if let last, media > last.media {
            let (up, down) = excess(from: last, to: (media, point), inflection: inflections[draw])
            chords.above[row, node - 1] += max(weight, 0) * up + max(-weight, 0) * down
            chords.below[row, node - 1] += max(weight, 0) * down + max(-weight, 0) * up
          }
          last = (media, point)
        }
      }
    }
    return chords
  }

  /// How far a curve may be above and below its chord between two levels of media. A curve that falls has a negative scale:
  /// what it is above, the curve that rises is below.
  private static func excess(
    from a: (media: Double, point: CurvePoint), to b: (media: Double, point: CurvePoint), inflection: Double
  ) -> (above: Double, below: Double) {
    let sign = b.point.value < a.point.value ? -1.0 : 1.0
    let step = b.media - a.media
    let chord = sign * (b.point.value - a.point.value) / step
    let (start, end) = (sign * a.point.slope - chord, chord - sign * b.point.slope)
    func tangents(_ x: Double, _ y: Double) -> Double {
      x > 0 && y > 0 ? (x.isInfinite ? 1 : x / (x + y)) * y * step : 0
    }
    var excess = (above: 0.0, below: 0.0)
    if a.media >= inflection {
      excess.above = tangents(start, end)
    } else if b.media <= inflection {
      excess.below = tangents(-start, -end)
    } else {
      excess = (max(end, 0) * (b.media - inflection), max(-start, 0) * (inflection - a.media))
    }
    return sign > 0 ? excess : (excess.below, excess.above)
  }
}

extension CurveTiles {
  /// Whether no unit of the curve counts against the response.
  fileprivate var isWorthSomething: Bool {
    switch weights {
    case .shared(let weights): weights.allSatisfy { $0 >= 0 }
    case .carried, .drawn: (0..<drawCount).allSatisfy { weightSum(draw: $0) { min($0, 0) } == 0 }
    }
  }

  /// What a unit of the curve in every period is worth, or the sum of something of the worths.
  fileprivate func weightSum(draw: Int, of part: (Double) -> Double = { $0 }) -> Double {
    (0..<periodCount).reduce(0) { $0 + part(weight(draw: draw, period: $1)) }
  }
}

extension Saturation {
  /// One number per draw: the curve's value at some media.
  fileprivate static func values(at media: Double, _ parameters: DrawMatrix) -> [Double] {
    (0..<parameters.drawCount).map { point(at: media, parameters.row($0).span).value }
  }
}
