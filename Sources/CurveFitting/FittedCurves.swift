public import NumericKernel
public import ResponseModel

/// How curves are fitted to a history.
public struct FitOptions: Sendable {
  /// The family of every curve.
  public var family: any FittableSaturation.Type
  /// Whether the response at no media is fitted too.
  public var hasBottom: Bool
  /// How draws are made, where the history has none itself.
  public var uncertainty: Uncertainty
  /// As many are made.
  public var drawCount: Int
  public var seed: UInt64

  public init(
    family: any FittableSaturation.Type, hasBottom: Bool = false, uncertainty: Uncertainty = .laplace,
    drawCount: Int = 1000, seed: UInt64 = 1
  ) {
    self.family = family
    self.hasBottom = hasBottom
    self.uncertainty = uncertainty
    self.drawCount = drawCount
    self.seed = seed
  }
}

/// The curves of a history: the best for each cell, and draws of what they may be.
public struct FittedCurves: Sendable {
  /// A channel's curve, or a channel's in a group.
  public struct Curve: Sendable {
    public var labels: [String]
    /// The best; of the mean response where the history has draws.
    public var fit: CurveFit
    /// Draws by the family's parameters.
    public var draws: DrawMatrix
    /// Draws whose best curve is flat, where the history has draws.
    public var flatCount: Int
    /// Spend of all observations.
    public var totalMedia: Double

    /// `tv`, `tv/north`
    public var name: String { labels.joined(separator: "/") }
  }

  public var source: String
  public var dims: [Posterior.Dim]
  public var options: FitOptions
  /// One for each combination of labels, the last dim running fastest.
  public var curves: [Curve]
  public var chainCount: Int
  /// Whether the draws are those of the history: a curve for each.
  public var hasOwnDraws: Bool
  /// What reading the history left out, in sentences.
  public var notes: [String]
  /// What looks like a mistake in the history, in sentences.
  public var warnings: [String]

  /// Fits every curve, and draws: the same for the same seed, on any number of threads. A cell's draws depend on its own name and
  /// data, not on the other cells.
  ///
  /// - Throws: for every cell that no curve can be fitted to, with the reason.
  public init(_ history: History, _ options: FitOptions) throws(HistoryError) {
    let counts = Set(history.series.map { $0.responseDraws?.drawCount ?? 0 })
    precondition(counts.count == 1, "The series of a history have draws alike.")
    let results = Parallel.map(history.series.count) { index in FittedCurves.curve(history.series[index], options) }
    var curves: [Curve] = []
    var problems: [String] = []
    for (series, result) in zip(history.series, results) {
      switch result {
      case .success(let curve): curves.append(curve)
      case .failure(let error): problems.append("\(history.source): error: \(series.name): \(error)")
      }
    }
    // Why there are too few observations may stand in the notes.
    guard problems.isEmpty else { throw HistoryError(problems + (history.notes + history.warnings)) }
    source = history.source
    dims = history.dims
    self.options = options
    self.curves = curves
    chainCount = history.chainCount
    hasOwnDraws = counts != [0]
    notes = history.notes
    warnings = history.warnings
  }

  private static func curve(_ series: History.Series, _ options: FitOptions) -> Result<Curve, CurveFitError> {
    do throws(CurveFitError) {
      let fitter = try CurveFitter(options.family, media: series.media, hasBottom: options.hasBottom)
      let fit = try fitter.fit(series.response)
      let draws: DrawMatrix
      var flatCount = 0
      if let responses = series.responseDraws {
        (draws, flatCount) = try fitter.fit(draws: responses)
      } else {
        draws = fitter.draws(
          fit, count: options.drawCount, by: options.uncertainty, seed: seed(options.seed, of: series.name))
      }
      return .success(
        Curve(
          labels: series.labels, fit: fit, draws: draws, flatCount: flatCount,
          totalMedia: series.media.reduce(0, +)))
    } catch {
      return .failure(error)
    }
  }

  /// Of the run's seed and the bytes of a name (FNV-1a).
  private static func seed(_ seed: UInt64, of name: String) -> UInt64 {
    name.utf8.reduce(0xCBF2_9CE4_8422_2325 ^ seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  /// The curves as a posterior, that plans as any other: no carryover, media and response in the units of the history, per period.
  ///
  /// Bottoms that the family has no parameter for are not in it. The draws of different cells are independent of each other where
  /// the history has none itself.
  public var posterior: Posterior {
    let drawCount = curves.first?.draws.drawCount ?? 0
    return Posterior(
      source: source, format: "fit", dims: dims,
      cells: curves.map { curve in
        Cell(
          labels: curve.labels, saturation: options.family, saturationParameters: curve.draws,
          carryover: NoCarryover.self, carryoverParameters: DrawMatrix(columns: [], drawCount: drawCount), window: 1,
          isNormalized: false, mediaScale: 1, outcomeScale: 1, history: [])
      },
      chainCount: chainCount, drawsPerChain: drawCount / max(1, chainCount), dates: [], isContiguous: false,
      diagnostics: PosteriorDiagnostics(parameters: [], divergences: nil),
      notes: [("curves", "\(options.family.name), fitted to \(source)")])
  }

  /// How plan files say what the draws mean: a variable for each of the family's parameters.
  public var mapping: ModelMapping {
    ModelMapping(
      dims: dims.map(\.name),
      saturation: .all(
        ModelMapping.Curve(options.family, options.family.parameters.map { ModelMapping.Feed.variable($0.name) })))
  }
}
