/// What a file of Meridian's draws holds by itself.
public struct MeridianContents: Sendable {
  /// One scalar parameter's draws, chain after chain.
  public struct Parameter: Sendable, Equatable {
    /// As in the file, with its coordinates: `alpha_m[tv]`.
    public var name: String
    public var draws: [Double]

    public init(name: String, draws: [Double]) {
      self.name = name
      self.draws = draws
    }
  }

  /// The path, as the user gave it.
  public var source: String
  /// What spend is given by, `channel` first.
  public var dims: [Posterior.Dim]
  public var chainCount: Int
  public var drawsPerChain: Int
  /// Those of the paid channels' curves and carryovers.
  public var parameters: [Parameter]
  public var diagnostics: PosteriorDiagnostics
  /// Facts worth showing, in order.
  public var notes: [(name: String, text: String)]
  /// The keys that give the rest of such a model, as the library's own examples have them: every one is to be compared.
  public var model: MeridianModel

  public init(
    source: String, dims: [Posterior.Dim], chainCount: Int, drawsPerChain: Int, parameters: [Parameter],
    diagnostics: PosteriorDiagnostics, notes: [(name: String, text: String)], model: MeridianModel
  ) {
    self.source = source
    self.dims = dims
    self.chainCount = chainCount
    self.drawsPerChain = drawsPerChain
    self.parameters = parameters
    self.diagnostics = diagnostics
    self.notes = notes
    self.model = model
  }
}
