import ResponseModel

/// What the names of variables suggest that they mean: a start for a person, not a reading of the model.
enum ModelSuggestion {
  /// The window that a plan is given to begin with, for no name tells it.
  static let window = 8

  /// Names that a parameter goes by beside its own.
  private static let synonyms: [String: [String]] = [
    "hill.beta": ["b", "top", "coef", "coefficient", "coefs", "betas", "media"],
    "hill.kappa": ["k", "half_saturation", "half", "ec", "ec50"],
    "hill.slope": ["s", "n", "shape", "exponent"],
    "logistic.beta": ["b", "coef", "coefficient", "coefs", "betas", "media"],
    "logistic.lam": ["lambda", "rate"],
    "michaelis_menten.lam": ["lambda", "k"],
    "geometric.alpha": ["decay", "retention", "retention_rate", "rate", "a", "theta"],
    "geometric_half_life.halflife": ["half_life"],
  ]

  private static let saturations: [any Saturation.Type] = [Hill.self, Logistic.self, MichaelisMenten.self]
  private static let carryovers: [any Carryover.Type] = [
    Delayed.self, WeibullPDF.self, Geometric.self, GeometricHalfLife.self,
  ]

  /// The first family of which every parameter has its variable; without one, the first of those with most.
  static func model(of variables: [DrawVariable]) -> SuggestedModel {
    let names = variables.map { VariableName($0.name) }
    let curve = best(names)
    let used = curve.variables.compactMap { $0 }
    var lags = ModelMapping.Lags.none
    var named = used
    for carryover in carryovers {
      let found = feeds(carryover.name, carryover.parameters, .carryover, names, except: Set(used)).compactMap { $0 }
      guard found.count == carryover.parameters.count else { continue }
      lags = ModelMapping.Lags(carryover, found.map { .variable($0) }, window: .lags(window))
      named += found
      break
    }
    let axes = SuggestedAxes(of: variables.filter { named.contains($0.name) })
    let feeds = curve.variables.map { ModelMapping.Feed.variable($0 ?? SuggestedModel.placeholder) }
    let missing = zip(curve.family.parameters, curve.variables).filter { $1 == nil }
      .map { "saturation.\(curve.family.name).\($0.0.name)" }
    return SuggestedModel(
      model: ModelMapping(
        dims: axes?.dims ?? ["channel"], labels: axes?.labels ?? [],
        saturation: .all(ModelMapping.Curve(curve.family, feeds)), carryover: .all(lags),
        channelScale: scale(["channel_scale", "media_scale"], variables),
        outcomeScale: scale(["target_scale", "outcome_scale", "y_scale"], variables)),
      missing: missing + (axes == nil ? ["dims"] : []))
  }

  /// The curve that most names suggest, whole ones first, and for each parameter its variable.
  private static func best(_ names: [VariableName]) -> (family: any Saturation.Type, variables: [String?]) {
    var best: (family: any Saturation.Type, variables: [String?])?
    for family in saturations {
      let variables = feeds(family.name, family.parameters, .saturation, names, except: [])
      if !variables.contains(nil) { return (family, variables) }
      let isMore = variables.count { $0 != nil } > (best?.variables.count { $0 != nil } ?? -1)
      if isMore { best = (family, variables) }
    }
    return best ?? (Hill.self, [nil, nil, nil])
  }

  /// A variable for each parameter; nil for one that has none.
  private static func feeds(
    _ family: String, _ parameters: [ModelParameter], _ part: VariableName.Part, _ names: [VariableName],
    except used: Set<String>
  ) -> [String?] {
    var taken = used
    return parameters.map(\.name).map { parameter in
      let free = names.filter { !taken.contains($0.whole) }
      for word in [parameter] + (synonyms["\(family).\(parameter)"] ?? []) {
        let found =
          free.first { $0.part == part && $0.base == word } ?? free.first { $0.part == nil && $0.base == word }
        guard let found else { continue }
        taken.insert(found.whole)
        return found.whole
      }
      return nil
    }
  }

  private static func scale(
    _ names: [String], _ variables: [DrawVariable]
  ) -> ModelMapping.ByChannel<ModelMapping.Feed> {
    let found = variables.first { names.contains($0.name) && $0.axes.count <= 1 }
    return .all(found.map { .variable($0.name) } ?? .number(1))
  }
}

/// A variable's name without the words that say only which part of a model it belongs to: of `adstock_alpha_m` `alpha`, of the
/// carryover.
private struct VariableName {
  enum Part { case saturation, carryover }

  let whole: String
  let part: Part?
  let base: String

  private static let carryoverWords: Set = ["adstock", "carryover", "geometric", "delayed", "weibull"]
  private static let saturationWords: Set = ["saturation", "sat", "hill", "logistic"]
  /// Words that every parameter of media may have.
  private static let mediaWords: Set = ["media", "channel", "channels", "m"]

  init(_ name: String) {
    whole = name
    let words = name.lowercased().split { $0 == "_" || $0 == "." }.map(String.init)
    let isCarryover = words.contains(where: VariableName.carryoverWords.contains)
    part = isCarryover ? .carryover : words.contains(where: VariableName.saturationWords.contains) ? .saturation : nil
    let said = VariableName.carryoverWords.union(VariableName.saturationWords)
    let own = words.filter { !said.contains($0) }
    let bare = own.filter { !VariableName.mediaWords.contains($0) }
    // A name of nothing but such words keeps them: adstock is a retention, media a coefficient.
    base = bare.isEmpty ? own.isEmpty ? "rate" : "media" : bare.joined(separator: "_")
  }
}

/// The dims that the axes of a model's variables suggest.
private struct SuggestedAxes {
  var dims: [String]
  /// Nothing where the file names the channels, placeholders where it has numbers for them.
  var labels: [Posterior.Dim]

  /// Nil for axes that do not tell what they are of.
  init?(of variables: [DrawVariable]) {
    let axes = variables.flatMap(\.axes)
    let names = axes.compactMap(\.name)
    if names.count == axes.count, names.contains("channel") {
      var others: [String] = []
      for name in names where name != "channel" && !others.contains(name) { others.append(name) }
      dims = ["channel"] + others
      labels = dims.compactMap { dim in
        guard let axis = axes.first(where: { $0.name == dim }), axis.isNumbered else { return nil }
        return SuggestedAxes.placeholders(dim, count: axis.labels.count)
      }
      return
    }
    guard variables.allSatisfy({ $0.axes.count <= 1 }), Set(axes.map(\.labels.count)).count <= 1 else { return nil }
    dims = ["channel"]
    labels =
      axes.contains { !$0.isNumbered }
      ? [] : [SuggestedAxes.placeholders("channel", count: axes.first?.labels.count ?? 1)]
  }

  private static func placeholders(_ dim: String, count: Int) -> Posterior.Dim {
    Posterior.Dim(name: dim, labels: (0..<count).map { "\(dim)_\($0 + 1)" })
  }
}
