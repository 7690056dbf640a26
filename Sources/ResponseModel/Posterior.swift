/// A fitted marketing mix model as its file tells it: every draw of every cell's curve, and what was observed.
public struct Posterior: Sendable {
  /// Where it came from: a path as the user gave it, and the format it was read as.
  public var source: String
  /// The format's name as plan files spell it: `pymc-marketing`.
  public var format: String
  /// The dims that spend is given by, `channel` first, and each one's labels in the file's order.
  public var dims: [Dim]
  /// One cell for each combination of labels, the last dim running fastest.
  public var cells: [Cell]
  /// Chains, each with the same number of draws.
  public var chainCount: Int
  /// Draws in each chain.
  public var drawsPerChain: Int
  /// The first day of each observed period, oldest first (ISO 8601); empty where the file has none. Cells' histories have
  /// as many entries.
  public var dates: [String]
  /// Whether the observed periods follow each other without a hole, all at the same distance in days.
  public var isContiguous: Bool
  /// How well the sampler did.
  public var diagnostics: PosteriorDiagnostics
  /// Facts about the model worth showing, in order: ("adstock", "geometric, 8 periods, normalised").
  public var notes: [(name: String, text: String)]
  /// How its draws were weighted and drawn again; nil for draws as they were read.
  public var reweighting: Reweighting?

  /// One dim: `channel`, and its labels.
  public struct Dim: Sendable, Equatable {
    /// As the file spells it: `channel`.
    public var name: String
    /// In the file's order.
    public var labels: [String]
    public init(name: String, labels: [String]) {
      self.name = name
      self.labels = labels
    }
  }

  public init(
    source: String, format: String, dims: [Dim], cells: [Cell], chainCount: Int, drawsPerChain: Int, dates: [String],
    isContiguous: Bool, diagnostics: PosteriorDiagnostics, notes: [(name: String, text: String)]
  ) {
    self.source = source
    self.format = format
    self.dims = dims
    self.cells = cells
    self.chainCount = chainCount
    self.drawsPerChain = drawsPerChain
    self.dates = dates
    self.isContiguous = isContiguous
    self.diagnostics = diagnostics
    self.notes = notes
  }

  /// Draws of all chains together, chain after chain.
  public var drawCount: Int { cells.first?.drawCount ?? 0 }

  /// The channels, in the file's order.
  public var channels: [String] { dims.first?.labels ?? [] }
}

/// How well the sampler did, over the parameters that the response uses.
public struct PosteriorDiagnostics: Sendable, Equatable {
  /// One scalar parameter's convergence.
  public struct Parameter: Sendable, Equatable {
    /// As in the file, with its coordinates: `adstock_alpha[tv]`.
    public var name: String
    /// Rank-normalised split R-hat (Vehtari et al., Bayesian Analysis 2021); nil with too few draws to say.
    public var rHat: Double?
    /// Bulk effective sample size (same source); nil with too few draws to say.
    public var effectiveSampleSize: Double?

    public init(name: String, rHat: Double?, effectiveSampleSize: Double?) {
      self.name = name
      self.rHat = rHat
      self.effectiveSampleSize = effectiveSampleSize
    }
  }

  /// One for each scalar parameter that the response uses.
  public var parameters: [Parameter]
  /// Divergent transitions after warm-up; nil where the file does not say.
  public var divergences: Int?
  /// What the draws are, where they are no sample of a posterior.
  public var caveat: String?

  public init(parameters: [Parameter], divergences: Int?, caveat: String? = nil) {
    self.parameters = parameters
    self.divergences = divergences
    self.caveat = caveat
  }

  /// The worst over the parameters.
  public var largestRHat: Double? { parameters.compactMap(\.rHat).max() }
  /// The smallest over the parameters, in draws; nil where none is known.
  public var smallestEffectiveSampleSize: Double? { parameters.compactMap(\.effectiveSampleSize).min() }
}
