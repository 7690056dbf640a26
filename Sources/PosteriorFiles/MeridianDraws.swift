import NumericKernel
import ResponseModel

/// One of Meridian's groups of draws: for each paid channel and geo the parameters of its curve and carryover.
struct MeridianDraws {
  /// Channels of one kind, a cell for each and geo, the geo running fastest.
  private struct Kind {
    let alpha: ParameterDraws
    let beta: ParameterDraws
    /// Half saturation and slope.
    let hill: (ec: ParameterDraws, slope: ParameterDraws)

    func diagnostics(chainCount: Int) -> [PosteriorDiagnostics.Parameter] {
      [alpha, hill.ec, hill.slope, beta].flatMap { $0.diagnostics(chainCount: chainCount) }
    }
  }

  private let group: DrawGroup
  private let media: Kind?
  private let reach: Kind?

  init(_ group: NetCDFGroup, labels: MeridianLabels) throws(PosteriorFileError) {
    let draws = try DrawGroup(group)
    self.group = draws
    // Every cell gets its own draws.
    _ = try group.file.elementCount(
      [draws.chainCount, draws.drawsPerChain, labels.channels.count, labels.geos.count], at: group.path)
    media =
      labels.media.isEmpty ? nil : try MeridianDraws.kind("m", MeridianLabels.mediaDim, labels.media, draws, labels)
    reach =
      labels.reach.isEmpty ? nil : try MeridianDraws.kind("rf", MeridianLabels.reachDim, labels.reach, draws, labels)
  }

  private static func kind(
    _ suffix: String, _ dim: String, _ channels: [String], _ draws: DrawGroup, _ labels: MeridianLabels
  ) throws(PosteriorFileError) -> Kind {
    let channel = Posterior.Dim(name: dim, labels: channels)
    let grid = CellGrid(dims: [channel, Posterior.Dim(name: MeridianLabels.geoDim, labels: labels.geos)])
    func required(_ name: String, _ domain: ModelParameter.Domain) throws(PosteriorFileError) -> ParameterDraws {
      if let found = try draws.read(name, in: domain, grid) { return found }
      throw PosteriorFileError(
        .invalid, draws.group.file.path,
        "\(draws.group.path): expected draws of \(name), found \(listed(try draws.group.variableNames()))")
    }
    // Without geos there is nothing to differ between them.
    let hasGeos = try draws.group.variable("beta_g\(suffix)") != nil
    let isByGeo = hasGeos || !labels.isNational
    return Kind(
      alpha: try required("alpha_\(suffix)", .unitInterval),
      beta: try required("beta_\(isByGeo ? "g" : "")\(suffix)", .real),
      hill: (try required("ec_\(suffix)", .positive), try required("slope_\(suffix)", .positive)))
  }

  var chainCount: Int { group.chainCount }
  var drawsPerChain: Int { group.drawsPerChain }
  var drawCount: Int { group.drawCount }

  var diagnostics: [PosteriorDiagnostics.Parameter] {
    [media, reach].compactMap { $0 }.flatMap { $0.diagnostics(chainCount: chainCount) }
  }

  /// Every number that is drawn, by name.
  var parameters: [MeridianContents.Parameter] {
    [media, reach].compactMap { $0 }.flatMap { kind in
      [kind.alpha, kind.hill.ec, kind.hill.slope, kind.beta].flatMap { drawn in
        zip(drawn.names, drawn.columns).map { MeridianContents.Parameter(name: $0, draws: $1) }
      }
    }
  }

  /// The curve of a cell of media, and its carryover's retention.
  func media(
    cell: Int, _ saturation: MeridianModel.Saturation
  ) -> (curve: any Saturation.Type, parameters: DrawMatrix, alpha: DrawMatrix) {
    guard let media else { preconditionFailure("A model without media channels has no cell of them.") }
    let beta = media.beta.draws(of: cell)
    let alpha = matrix([media.alpha.draws(of: cell)])
    switch saturation {
    case .hill:
      return (Hill.self, matrix([beta, media.hill.ec.draws(of: cell), media.hill.slope.draws(of: cell)]), alpha)
    case .none: return (Linear.self, matrix([beta]), alpha)
    }
  }

  /// How a cell of reach responds to its frequency, and its carryover's retention.
  ///
  /// Meridian's effect is `β Σ w[l] reach[t-l] h(frequency[t-l])`, h the Hill curve, or frequency itself without saturation.
  func reach(
    cell: Int, _ saturation: MeridianModel.Saturation
  ) -> (parameters: DrawMatrix, alpha: DrawMatrix) {
    guard let reach else { preconditionFailure("A model without channels of reach has no cell of them.") }
    let beta = reach.beta.draws(of: cell)
    let alpha = matrix([reach.alpha.draws(of: cell)])
    switch saturation {
    case .hill:
      return (matrix([beta, reach.hill.ec.draws(of: cell), reach.hill.slope.draws(of: cell)]), alpha)
    case .none: return (matrix([beta]), alpha)
    }
  }

  private func matrix(_ columns: [[Double]]) -> DrawMatrix { DrawMatrix(columns: columns, drawCount: drawCount) }
}
