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
    let feeds = zip(curve.family.parameters, curve.variables).map { parameter, variable in
      variable.map { ModelMapping.Feed.variable($0) } ?? whenAbsent[parameter.name]
        ?? .variable(SuggestedModel.placeholder)
    }
    let missing = zip(curve.family.parameters, feeds).filter { $1 == .variable(SuggestedModel.placeholder) }
      .map { "saturation.\(curve.family.name).\($0.0.name)" }
    func scale(_ whose: Set<String>, _ constantWords: Set<String>) -> ModelMapping.ByChannel<ModelMapping.Feed> {
      let found = variables.first { variable in
        let words = Set(VariableName.words(variable.name))
        return !named.contains(variable.name) && axes?.hold(variable) ?? variable.axes.isEmpty
          && !words.isDisjoint(with: whose)
          && !words.isDisjoint(with: variable.isDrawn ? scaleWords : scaleWords.union(constantWords))
      }
      return .all(found.map { .variable($0.name) } ?? .number(1))
    }
    return SuggestedModel(
      model: ModelMapping(
        dims: axes?.dims ?? ["channel"], labels: axes?.labels ?? [],
        saturation: .all(ModelMapping.Curve(curve.family, feeds)), carryover: .all(lags),
        channelScale: scale(["channel", "channels", "media", "spend", "x"], ["max", "maximum"]),
        outcomeScale: scale(["target", "outcome", "kpi", "sales", "y"], ["max", "maximum", "sd", "std"])),
      missing: missing + (axes == nil ? ["dims"] : []))
  }

  /// A curve's own bottom is none where nothing is named so.
  private static let whenAbsent = ["bottom": ModelMapping.Feed.number(0)]
  /// Words for what media or the outcome were divided by; of what has no draws, which is no parameter, others too.
  private static let scaleWords: Set = ["scale", "scales", "scaler", "scaling"]

  /// The curve that most names suggest, whole ones first, and for each parameter its variable.
  private static func best(_ names: [VariableName]) -> (family: any Saturation.Type, variables: [String?]) {
    // A curve with a bottom is one by all of its names alone: they are words of other curves too.
    let bottom = HillBottom.parameters.map { parameter in names.first { $0.whole == parameter.name }?.whole }
    if zip(HillBottom.parameters, bottom).allSatisfy({ whenAbsent[$0.name] != nil || $1 != nil }) {
      return (HillBottom.self, bottom)
    }
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

  static func words(_ name: String) -> [String] {
    name.lowercased().split { $0 == "_" || $0 == "." }.map(String.init)
  }

  init(_ name: String) {
    whole = name
    let words = VariableName.words(name)
    let isCarryover = words.contains(where: VariableName.carryoverWords.contains)
    part = isCarryover ? .carryover : words.contains(where: VariableName.saturationWords.contains) ? .saturation : nil
    let said = VariableName.carryoverWords.union(VariableName.saturationWords)
    let own = words.filter { !said.contains($0) }
    let bare = own.filter { !VariableName.mediaWords.contains($0) }
    // A name of nothing but such words keeps them: adstock is a retention, media a coefficient.
    base = bare.isEmpty ? own.isEmpty ? "rate" : "media" : bare.joined(separator: "_")
  }
}
