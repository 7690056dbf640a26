import NumericKernel
import ResponseModel

/// Models of Robyn: `RobynModel-….json` of robyn_write with the data it was fitted to, one draw; or with the tables of a Pareto
/// set too, one draw a model, which are scenarios and no posterior.
///
/// A channel's response in a period is `coef · xᵃ / (gᵃ + xᵃ)` of what is carried over into it. The half saturation g is not in any
/// file: it stands at the share gamma between the least and the most that was carried over in the window of the fit.
///
/// Source: Robyn 3.10, R/R/transformation.R (`adstock_geometric`, `adstock_weibull`, `saturation_hill`, `run_transformations`).
struct RobynFiles {
  static let format = "robyn"

  /// What tells an export from tables.
  static func isExport(_ path: String) -> Bool { path.lowercased().hasSuffix(".json") }

  /// - Parameter source: the files as the user gave them.
  static func read(_ files: [String], source: String) throws(PosteriorFileError) -> Posterior {
    let found = try RobynFiles(files, source: source)
    let export = try RobynExport(found.export)
    let history: RobynHistory
    if let table = found.data {
      history = try RobynHistory(table, for: export)
    } else if let rows = export.data {
      history = try RobynHistory(rows, in: export)
    } else {
      throw PosteriorFileError(
        .invalid, export.path,
        "does not hold the media that the model was fitted to, without which no half saturation is known: expected a second file in "
          + "posterior.file, the data given to Robyn, which robyn_outputs writes as raw_data.csv, "
          + "with the columns \(([export.dateColumn] + export.channels).joined(separator: ", "))")
    }
    let models: RobynModels
    if let hyperparameters = found.hyperparameters, let aggregated = found.aggregated {
      models = try RobynModels(hyperparameters: hyperparameters, aggregated: aggregated, channels: export.channels)
    } else if let model = export.model {
      models = RobynModels(model, in: export.path)
    } else {
      throw PosteriorFileError(
        .invalid, export.path,
        "holds inputs and no model: expected the export of a model, or pareto_hyperparameters.csv and pareto_aggregated.csv "
          + "beside it in posterior.file")
    }
    return try RobynFit(export: export, history: history, models: models).posterior(source: source)
  }

  private let export: String
  private var data: TableFile?
  private var hyperparameters: TableFile?
  private var aggregated: TableFile?

  /// Which file is which: tables are told by their columns.
  private init(_ files: [String], source: String) throws(PosteriorFileError) {
    let exports = files.filter(RobynFiles.isExport)
    guard exports.count == 1 else {
      throw PosteriorFileError(
        .invalid, source,
        "expected one export of Robyn's (JSON), found \(exports.count): a Pareto set's models stand in "
          + "pareto_hyperparameters.csv and pareto_aggregated.csv")
    }
    export = exports[0]
    func only(_ old: TableFile?, _ table: TableFile, _ what: String) throws(PosteriorFileError) -> TableFile {
      if let old {
        throw PosteriorFileError(.invalid, table.path, "expected one table of \(what), found \(old.path) too")
      }
      return table
    }
    for path in files where !RobynFiles.isExport(path) {
      let table = try TableFile(path)
      if !table.header.contains("solID") {
        data = try only(data, table, "the data")
      } else if table.header.contains("rn") {
        aggregated = try only(aggregated, table, "coefficients (solID, rn, coef)")
      } else {
        hyperparameters = try only(hyperparameters, table, "hyperparameters (solID)")
      }
    }
    if let lonely = hyperparameters ?? aggregated, hyperparameters == nil || aggregated == nil {
      throw PosteriorFileError(
        .invalid, lonely.path,
        "is half of a Pareto set: expected \(aggregated == nil ? "pareto_aggregated.csv" : "pareto_hyperparameters.csv") too"
      )
    }
  }
}

/// Robyn's models brought together with the data that they were fitted to.
private struct RobynFit {
  let export: RobynExport
  let history: RobynHistory
  let models: RobynModels

  func posterior(source: String) throws(PosteriorFileError) -> Posterior {
    var cells: [Cell] = []
    var responses = [[Response]](repeating: [], count: models.names.count)
    for (channel, name) in export.channels.enumerated() {
      cells.append(try cell(channel, name, &responses))
    }
    let isCompared = try compare(responses)
    return Posterior(
      source: source, format: RobynFiles.format, dims: [Posterior.Dim(name: "channel", labels: export.channels)],
      cells: cells, chainCount: 1, drawsPerChain: models.names.count, dates: history.time.dates,
      isContiguous: history.time.isContiguous,
      diagnostics: PosteriorDiagnostics(parameters: [], divergences: nil, caveat: caveat),
      notes: notes(isCompared: isCompared))
  }

  private var caveat: String? {
    guard models.names.count > 1 else { return nil }
    return
      "\(models.names.count) models of a Pareto set are scenarios, not a posterior: how often one occurs says nothing of how "
      + "likely it is, and quantiles, probabilities and utilities that weigh risk say nothing of that either"
  }

  private func notes(isCompared: Bool) -> [(name: String, text: String)] {
    let window = export.window
    return [
      ("model", models.names.count == 1 ? models.names[0] : "\(models.names.count) of a Pareto set"),
      ("adstock", "\(export.adstock.rawValue), not normalised"), ("saturation", "hill"),
      (
        "fitted to",
        "\(history.time.dates[window.lowerBound - 1]) to \(history.time.dates[window.upperBound - 1]), "
          + "\(window.count) periods"
      ),
      ("check", isCompared ? "responses over that time are Robyn's own" : "Robyn's own responses are not in the files"),
    ]
  }

  // MARK: Cells

  private func cell(
    _ channel: Int, _ name: String, _ responses: inout [[Response]]
  ) throws(PosteriorFileError) -> Cell {
    var curves: [[Double]] = [[], [], []]
    var lags = [[Double]](repeating: [], count: export.adstock.hyperparameters.count)
    for model in models.names.indices {
      let carryover = try carryover(name, model)
      let alpha = try models.hyperparameter(
        "alphas", of: name, in: model, .positive)
      let gamma = try models.hyperparameter("gammas", of: name, in: model, .unitInterval)
      let (coefficient, response) = try models.coefficient(of: name, in: model)
      let media = carried(history.media[channel], carryover)[(export.window.lowerBound - 1)..<export.window.upperBound]
      let least = media.min() ?? 0
      let most = media.max() ?? 0
      let half = least * (1 - gamma) + most * gamma
      guard half > 0 else {
        throw PosteriorFileError(
          .invalid, history.path,
          "\(name): expected spend in the window of the fit, found none that the model \(models.names[model]) could saturate by"
        )
      }
      for (index, value) in [coefficient, half, alpha].enumerated() { curves[index].append(value) }
      for (index, value) in carryover.enumerated() { lags[index].append(value) }
      if let response {
        let own = media.reduce(0) { $0 + coefficient * hill($1, half, alpha) }
        responses[model].append(Response(channel: name, own: own, theirs: response))
      }
    }
    let count = models.names.count
    return Cell(
      labels: [name], saturation: Hill.self, saturationParameters: DrawMatrix(columns: curves, drawCount: count),
      carryover: family, carryoverParameters: DrawMatrix(columns: lags, drawCount: count),
      window: try window(of: name, lags), isNormalized: false, mediaScale: 1, outcomeScale: 1,
      history: history.media[channel])
  }

  private var family: any Carryover.Type {
    switch export.adstock {
    case .geometric: Geometric.self
    case .weibullCDF: WeibullCDF.self
    case .weibullPDF: WeibullPDF.self
    }
  }

  /// The parameters of the family: the retention; or the scale, which Robyn gives as a quantile of the data's rows, and the shape.
  private func carryover(_ channel: String, _ model: Int) throws(PosteriorFileError) -> [Double] {
    switch export.adstock {
    case .geometric: return [try models.hyperparameter("thetas", of: channel, in: model, .unitInterval)]
    case .weibullCDF, .weibullPDF:
      let shape = try models.hyperparameter(
        "shapes", of: channel, in: model, .positive)
      let share = try models.hyperparameter("scales", of: channel, in: model, .unitInterval)
      // R rounds halves to even.
      let scale = (1 + share * Double(history.time.dates.count - 1)).rounded(.toNearestOrEven)
      return [scale, shape]
    }
  }

  /// Geometric carryover is without end; Weibull's lasts as long as the data.
  private func window(of channel: String, _ lags: [[Double]]) throws(PosteriorFileError) -> Int {
    switch export.adstock {
    case .weibullCDF, .weibullPDF: return history.time.dates.count
    case .geometric:
      let largest = lags[0].max() ?? 0
      guard let window = Geometric.unboundedWindow(retention: largest) else {
        throw PosteriorFileError(
          .unsupported, models.path, "\(channel)_thetas: expected a retention of at most 0.991, found \(largest)")
      }
      return window
    }
  }

  /// What each period feels, from the first row of the data on.
  private func carried(_ media: [Double], _ parameters: [Double]) -> [Double] {
    var carried: [Double] = []
    switch export.adstock {
    case .geometric:
      for spend in media { carried.append(spend + parameters[0] * (carried.last ?? 0)) }
    case .weibullCDF, .weibullPDF:
      var weights = [Double](repeating: 0, count: media.count)
      var span = weights.mutableSpan
      family.fill(&span, parameters.span)
      for t in media.indices {
        var felt = 0.0
        for lag in 0...t { felt += weights[lag] * media[t - lag] }
        carried.append(felt)
      }
    }
    return carried
  }

  private func hill(_ media: Double, _ half: Double, _ slope: Double) -> Double {
    Hill.point(at: media, [1, half, slope].span).value
  }

  // MARK: Comparison

  /// A channel's response over the window of the fit, by these curves and by Robyn.
  private struct Response {
    var channel: String
    var own: Double
    var theirs: Double
  }

  /// How far off a response may be, relative to it: older versions round the half saturation to four decimals.
  private static let tolerance = 1e-3
  /// Where the numbers themselves have four decimals: a retention of 0.05 may then be off by a thousandth of itself.
  private static let toleranceOfRounded = 0.02
  /// Responses below this share of the model's are not compared to their own last digits.
  private static let smallestShare = 1e-3

  /// Whether every channel's response could be compared.
  ///
  /// - Throws: for one that is not Robyn's own, so that the data are not those of the fit, or the model is another.
  private func compare(_ responses: [[Response]]) throws(PosteriorFileError) -> Bool {
    let tolerance = models.isRounded ? RobynFit.toleranceOfRounded : RobynFit.tolerance
    for (model, responses) in responses.enumerated() {
      let whole = responses.reduce(0) { $0 + abs($1.theirs) }
      for response in responses {
        let scale = max(abs(response.theirs), RobynFit.smallestShare * whole)
        guard !(abs(response.own - response.theirs) <= tolerance * scale) else { continue }
        throw PosteriorFileError(
          .invalid, history.path,
          "\(response.channel) in the model \(models.names[model]): expected Robyn's own response over the window of the fit, "
            + "\(response.theirs), found \(response.own): these are not the data of the fit, or the model is of another kind"
            + (models.isRounded
              ? ", or the four decimals of the export say too little, where a Pareto set's tables say all" : ""))
      }
    }
    return responses.allSatisfy { $0.count == export.channels.count }
  }
}
