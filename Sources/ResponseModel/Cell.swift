public import NumericKernel

/// Whether media are carried over and then saturate, or saturate and are then carried over.
public enum TransformationOrder: Sendable {
  /// The curve of what all lags bring: `s(Σ w[l] x[t-l])`.
  case carryoverFirst
  /// What all lags bring of the curve: `Σ w[l] s(x[t-l])`.
  case saturationFirst
}

/// One cell of spend, a channel (in a geo or a further dimension): how its media become response under every draw.
public struct Cell: Sendable {
  /// The cell's coordinate along each of the model's dims, the channel first.
  public var labels: [String]
  /// The saturation family, and its parameters: one column each, in the family's order.
  public var saturation: any Saturation.Type
  /// Draws by the saturation family's parameters.
  public var saturationParameters: DrawMatrix
  /// The carryover family, and its parameters: one column each, in the family's order.
  public var carryover: any Carryover.Type
  /// Draws by the carryover family's parameters.
  public var carryoverParameters: DrawMatrix
  /// Lags that count, from 0: at least 1. For a geometric carryover without end see `Geometric.unboundedWindow`.
  public var window: Int
  /// Whether the lag weights are divided by their sum.
  public var isNormalized: Bool
  /// Which comes first.
  public var order: TransformationOrder
  /// Media are divided by this before anything else.
  public var mediaScale: Double
  /// The curve's value is multiplied by this.
  public var outcomeScale: Double
  /// Observed media, oldest first; empty where there are none.
  public var history: [Double]
  /// What those media cost, by period; empty where that is not known.
  public var spendHistory: [Double] = []
  /// The share of the variance of what it was fitted to that a point curve explains; nil where its file does not say, and for draws.
  public var rSquared: Double?
  /// The most media of a period that a point curve was fitted to; nil as for `rSquared`.
  public var largestFittedMedia: Double?
  /// What a unit of response is worth by period, besides the outcome scale.
  public var worth = CellWorth.one
  /// How reach responds at other frequencies than the one that the cell is held at; nil for other media, and where the frequency
  /// is the user's choice.
  public var reach: ReachCurve?

  /// A window of at least 1, a finite media scale above zero, a history that is nowhere negative (a period that was not
  /// observed is NaN), and a column of the same draws for each parameter.
  public init(
    labels: [String], saturation: any Saturation.Type, saturationParameters: DrawMatrix,
    carryover: any Carryover.Type, carryoverParameters: DrawMatrix, window: Int, isNormalized: Bool,
    order: TransformationOrder = .carryoverFirst, mediaScale: Double, outcomeScale: Double, history: [Double]
  ) {
    precondition(window >= 1, "A carryover window counts at least the period itself.")
    precondition(mediaScale > 0 && mediaScale.isFinite, "Media are divided by a positive scale.")
    precondition(!history.contains { $0 < 0 }, "Media are not negative.")
    precondition(
      saturationParameters.drawCount == carryoverParameters.drawCount, "A cell's parameters have the same draws.")
    precondition(
      saturationParameters.columnCount == saturation.parameters.count
        && carryoverParameters.columnCount == carryover.parameters.count, "A column for each parameter.")
    self.labels = labels
    self.saturation = saturation
    self.saturationParameters = saturationParameters
    self.carryover = carryover
    self.carryoverParameters = carryoverParameters
    self.window = window
    self.isNormalized = isNormalized
    self.order = order
    self.mediaScale = mediaScale
    self.outcomeScale = outcomeScale
    self.history = history
  }

  /// Posterior draws of the cell's parameters.
  public var drawCount: Int { saturationParameters.drawCount }

  /// The cell as messages name it: its labels with a slash between.
  public var name: String { labels.joined(separator: "/") }
}

/// What a unit of a cell's response is worth in the period in which it is felt.
public enum CellWorth: Sendable {
  /// 1 at any time.
  case one
  /// By observed period, oldest first: what a unit of the outcome earned.
  case observed([Double])
  /// A media multiplier that the model has learned to vary over time.
  case varying(HilbertMultiplier)
}
