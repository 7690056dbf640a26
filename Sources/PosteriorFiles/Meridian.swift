import Foundation
import NumericKernel
import ResponseModel

/// The draws that Meridian's samplers leave in `inference_data`, saved as NetCDF, and beside them the table that the model was
/// fitted to and its settings, of which the file holds nothing.
///
/// In geo g, `x = media / (population · median of what is above zero per head)`, carried over in a window of `max_lag + 1`,
/// through Hill, or the other way round, times `beta_gm · population · sd of the outcome per head`, and worth the revenue per
/// unit of it. Channels of reach and frequency are held at one frequency; then their response is a line in impressions. Organic
/// media and treatments add to the baseline, and leave the response of paid media as it is.
enum Meridian {
  /// The spelling in plan files.
  static let format = "meridian"

  /// Whether a group of the file holds the variables of Meridian's samplers.
  static func recognises(_ file: NetCDFFile) throws(PosteriorFileError) -> Bool {
    for name in MeridianModel.Group.allCases.map(\.rawValue) {
      if let group = try file.root.group(name), try MeridianLabels.recognises(group) { return true }
    }
    return false
  }

  static func read(_ file: NetCDFFile, _ model: MeridianModel) throws(PosteriorFileError) -> Posterior {
    let name = model.group.rawValue
    let group = try group(name, of: file)
    let labels = try MeridianLabels(group)
    guard !labels.channels.isEmpty, !labels.geos.isEmpty else {
      throw PosteriorFileError(
        .invalid, file.path,
        "\(name): expected channels and geos, found \(labels.channels.count) and \(labels.geos.count)")
    }
    let draws = try MeridianDraws(group, labels: labels)
    let data = try MeridianData(model, of: labels, source: file.path)
    return Posterior(
      source: file.path, format: format, dims: labels.dims, cells: cells(model, labels, draws, data),
      chainCount: draws.chainCount, drawsPerChain: draws.drawsPerChain, dates: data.time.dates,
      isContiguous: data.time.isContiguous,
      diagnostics: PosteriorDiagnostics(
        parameters: draws.diagnostics, divergences: model.group == .posterior ? try file.divergences() : nil),
      notes: MeridianNotes.facts(model, labels, data))
  }

  private static func group(_ name: String, of file: NetCDFFile) throws(PosteriorFileError) -> NetCDFGroup {
    guard let group = try file.root.group(name) else {
      throw PosteriorFileError(.invalid, file.path, "expected a group \(name) with Meridian's draws, found none")
    }
    guard try MeridianLabels.recognises(group) else {
      throw PosteriorFileError(
        .invalid, file.path,
        "\(name): expected Meridian's draws, alpha_m and ec_m along media_channel or alpha_rf and ec_rf along rf_channel, "
          + "found \(listed(try group.variableNames()))")
    }
    return group
  }

  private static func cells(
    _ model: MeridianModel, _ labels: MeridianLabels, _ draws: MeridianDraws, _ data: MeridianData
  ) -> [Cell] {
    var cells: [Cell] = []
    for (index, (name, channel)) in zip(labels.channels, data.channels).enumerated() {
      let saturation = model.saturation.part(for: name) ?? .hill
      for geo in labels.geos.indices {
        // Among the cells of its kind.
        let place = (channel.frequency == nil ? index : index - labels.media.count) * labels.geos.count + geo
        var reach: ReachCurve?
        let (curve, parameters, alpha): (any Saturation.Type, DrawMatrix, DrawMatrix)
        if let frequency = channel.frequency {
          let drawn = draws.reach(cell: place, saturation)
          let own = ReachCurve(
            frequencies: frequency.observed[geo], held: frequency.held, parameters: drawn.parameters)
          (curve, parameters, alpha) = (Linear.self, own.strengths(at: frequency.held), drawn.alpha)
          if model.frequency.part(for: name) == nil { reach = own }
        } else {
          (curve, parameters, alpha) = draws.media(cell: place, saturation)
        }
        var cell = Cell(
          labels: labels.isNational ? [name] : [name, labels.geos[geo]], saturation: curve,
          saturationParameters: parameters, carryover: (model.decay.part(for: name) ?? .geometric).family,
          carryoverParameters: alpha, window: min(model.maxLag + 1, data.time.dates.count), isNormalized: true,
          order: model.order, mediaScale: channel.scales[geo], outcomeScale: data.outcomeScales[geo],
          history: channel.media[geo])
        cell.spendHistory = channel.spend[geo]
        cell.worth = data.worths[geo]
        cell.reach = reach
        cells.append(cell)
      }
    }
    return cells
  }

  /// What the file holds by itself.
  /// The group is `posterior` where there is one, else `prior`.
  static func contents(of file: NetCDFFile) throws(PosteriorFileError) -> MeridianContents {
    let hasPosterior = try file.root.group(MeridianModel.Group.posterior.rawValue) != nil
    let hasPrior = try file.root.group(MeridianModel.Group.prior.rawValue) != nil
    let name = hasPosterior || !hasPrior ? MeridianModel.Group.posterior : .prior
    let group = try group(name.rawValue, of: file)
    let labels = try MeridianLabels(group)
    let draws = try MeridianDraws(group, labels: labels)
    var notes = [("model", labels.isNational ? "national" : "\(labels.geos.count) geos")]
    notes += MeridianNotes.facts(on: name, labels)
    return MeridianContents(
      source: file.path, dims: labels.dims, chainCount: draws.chainCount, drawsPerChain: draws.drawsPerChain,
      parameters: draws.parameters,
      diagnostics: PosteriorDiagnostics(
        parameters: draws.diagnostics, divergences: name == .posterior ? try file.divergences() : nil),
      notes: notes, model: model(of: labels, name))
  }

  /// The settings that the library has without further words, and columns named as in its examples.
  private static func model(of labels: MeridianLabels, _ group: MeridianModel.Group) -> MeridianModel {
    let table = MeridianModel.Table(
      file: "data.csv", geo: labels.isNational ? nil : "geo", population: labels.isNational ? nil : "population",
      kpi: "conversions", revenuePerKPI: "revenue_per_conversion",
      media: labels.media.isEmpty ? nil : "{channel}_impression",
      reach: labels.reach.isEmpty ? nil : "{channel}_reach",
      frequency: labels.reach.isEmpty ? nil : "{channel}_frequency", spend: "{channel}_spend")
    return MeridianModel(data: table, maxLag: 8, group: group)
  }

  /// What is said of a file without the rest of its model.
  static func refusal(of contents: MeridianContents) -> PosteriorFileError {
    let dims = contents.dims.map { "\($0.name)s \(listed($0.labels))" }.joined(separator: "; ")
    return PosteriorFileError(
      .unsupported, contents.source,
      "holds \(contents.chainCount * contents.drawsPerChain) draws of Meridian (\(dims)), and neither the data nor the "
        + "settings of its model: expected posterior.data and posterior.meridian beside it, keys that apportion inspect writes"
    )
  }
}

extension MeridianModel.Decay {
  var family: any Carryover.Type {
    switch self {
    case .geometric: Geometric.self
    case .binomial: MeridianBinomial.self
    }
  }
}
