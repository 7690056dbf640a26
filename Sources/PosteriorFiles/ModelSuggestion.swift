import ResponseModel

/// What the names of variables suggest that they mean: a start for a person, not a reading of the model.
enum ModelSuggestion {
  /// The window that a plan is given to begin with, for no name tells it.
  static let window = 8

  /// Names that a parameter goes by beside its own, by family.
  private static let synonyms: [String: [String]] = [
    "hill.beta": ["b", "coef", "coefficient", "media_beta", "beta_media"],
    "hill.kappa": ["k", "half_saturation", "ec", "ec50", "half"],
    "hill.slope": ["s", "n", "hill_slope", "shape", "exponent"],
    "logistic.beta": ["b", "coef", "coefficient", "media_beta", "beta_media"],
    "logistic.lam": ["lambda", "rate"],
    "michaelis_menten.lam": ["lambda", "k"],
    "geometric.alpha": [
      "adstock", "decay", "retention", "retention_rate", "adstock_decay", "adstock_rate", "a", "theta",
    ],
  ]

  private static let saturations: [any Saturation.Type] = [
    Hill.self, Logistic.self, MichaelisMenten.self,
  ]
  private static let carryovers: [any Carryover.Type] = [Delayed.self, WeibullPDF.self, Geometric.self]

  /// Nil where no family has all of its parameters among the names, or an axis is not of channels.
  static func model(of variables: [DrawVariable]) -> ModelMapping? {
    for family in saturations {
      guard let feeds = feeds(family.name, family.parameters, "saturation", variables, except: []) else { continue }
      let curve = ModelMapping.Curve(family, feeds.map { .variable($0) })
      let used = Set(feeds)
      var lags = ModelMapping.Lags.none
      var names = feeds
      for carryover in carryovers {
        guard let found = Self.feeds(carryover.name, carryover.parameters, "adstock", variables, except: used) else {
          continue
        }
        lags = ModelMapping.Lags(carryover, found.map { .variable($0) }, window: .lags(window))
        names += found
        break
      }
      guard let labels = labels(of: variables.filter { names.contains($0.name) }) else { return nil }
      return ModelMapping(
        labels: labels, saturation: .all(curve), carryover: .all(lags),
        channelScale: scale(["channel_scale", "media_scale"], variables),
        outcomeScale: scale(["target_scale", "outcome_scale", "y_scale"], variables))
    }
    return nil
  }

  /// A variable for each parameter; nil where one has none.
  private static func feeds(
    _ family: String, _ parameters: [ModelParameter], _ part: String, _ variables: [DrawVariable],
    except used: Set<String>
  ) -> [String]? {
    let parts = part == "adstock" ? [part, "carryover"] : [part]
    let names = variables.map(\.name).filter { !used.contains($0) }
    let feeds = parameters.compactMap { parameter -> String? in
      let own = parameter.name
      let candidates =
        parts.map { "\($0)_\(own)" } + ["\(family)_\(own)", "\(own)_\(family)", own]
        + (synonyms["\(family).\(own)"] ?? [])
      return candidates.lazy.compactMap { candidate in names.first { $0.lowercased() == candidate } }.first
    }
    return Set(feeds).count == parameters.count ? feeds : nil
  }

  /// Nothing where the file names the channels, placeholders where it has numbers for them; nil where axes are of anything else.
  private static func labels(of variables: [DrawVariable]) -> [Posterior.Dim]? {
    var count: Int?
    for variable in variables where !variable.axes.isEmpty {
      guard variable.axes.count == 1 else { return nil }
      if !variable.axes[0].isNumbered { return [] }
      guard count == nil || count == variable.axes[0].labels.count else { return nil }
      count = variable.axes[0].labels.count
    }
    return [Posterior.Dim(name: "channel", labels: (0..<(count ?? 1)).map { "channel_\($0 + 1)" })]
  }

  private static func scale(
    _ names: [String], _ variables: [DrawVariable]
  ) -> ModelMapping.ByChannel<ModelMapping.Feed> {
    let found = variables.first { names.contains($0.name) && $0.axes.count <= 1 }
    return .all(found.map { .variable($0.name) } ?? .number(1))
  }
}
