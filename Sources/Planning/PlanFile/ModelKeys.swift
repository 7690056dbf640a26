import ResponseModel

/// The keys of `posterior.model`: families by name, and for each of their parameters a variable or a number.
enum ModelKeys {
  static let model = PlanMapping(
    "a mapping with saturation",
    [
      PlanKey(
        "dims", .list(of: .text(inWords: "a dim"), count: 1...8, inWords: "a list of dims, channel first"),
        fallback: "[channel]", "What spend is given by, channel first."),
      PlanKey(
        "channels", .list(of: .text(inWords: "a channel"), count: 1...100_000, inWords: "a list of channels"),
        "The channels in the file's order, where it has numbers for them."),
      PlanKey(
        "labels",
        .mapping(
          PlanMapping(
            "{dim: [labels]}",
            others: .list(of: .text(inWords: "a label"), count: 1...100_000, inWords: "a list of labels"))),
        fallback: "{}", "The labels of further dims in the file's order, where it has numbers for them."),
      PlanKey(
        "saturation", .byChannel(.mapping(saturation)), isRequired: true,
        "The curve and what feeds its parameters, {hill: {beta: b, kappa: k, slope: s}}, for all channels or by channel."
      ),
      PlanKey(
        "carryover", .byChannel(.either([.words([NoCarryover.name]), .mapping(carryover)])), fallback: "none",
        "The carryover likewise, {geometric: {alpha: a}, window: 8}, for all channels or by channel."),
      PlanKey(
        "channel_scale", scale(.positive), fallback: "1",
        "Media are divided by this: a number, a variable, or either by channel, 1 for those not listed."),
      PlanKey(
        "outcome_scale", scale(.real), fallback: "1",
        "The curves' values are multiplied by this: a number, a variable, or either by channel, 1 for those not listed."
      ),
    ])

  private static let saturation = PlanMapping(
    "{curve: {parameter: variable or number}}",
    SaturationCatalogue.families.map { family in
      PlanKey(family.name, .mapping(parameters(family.parameters)), "What feeds the parameters of this curve.")
    }, isChoice: true)

  /// Families that have parameters; the one without is written as a word.
  private static let lagFamilies = CarryoverCatalogue.families.filter { !$0.parameters.isEmpty }

  private static let carryover = PlanMapping(
    "{carryover: {parameter: variable or number}, window: lags}",
    lagFamilies.map { family in
      PlanKey(family.name, .mapping(parameters(family.parameters)), "What feeds the parameters of these lag weights.")
    } + [
      PlanKey(
        "window", .either([.count(windows), .words([unbounded])]), isRequired: true,
        "Lags that count, from 0; infinite for geometric carryover without end."),
      PlanKey("normalize", .flag, fallback: "true", "Lag weights are divided by their sum."),
      PlanKey(
        "order", .words(TransformationOrder.words.map(\.word)), fallback: TransformationOrder.words[0].word,
        "Which comes first."),
    ], alternatives: [lagFamilies.map { $0.name }])

  /// Lags that a carryover may have: more than ten years of days.
  static let windows = 1...4096
  /// The word for a window without end.
  static let unbounded = "infinite"

  private static func parameters(_ parameters: [ModelParameter]) -> PlanMapping {
    PlanMapping(
      "a mapping of \(parameters.map(\.name).joined(separator: ", "))",
      parameters.map { parameter in
        PlanKey(
          parameter.name, feed(parameter.domain), isRequired: true, "A variable, or \(parameter.domain.description).")
      })
  }

  private static func scale(_ domain: ModelParameter.Domain) -> PlanShape {
    .either([feed(domain), .mapping(PlanMapping("{channel: variable or number}", others: feed(domain)))])
  }

  private static func feed(_ domain: ModelParameter.Domain) -> PlanShape {
    .either([.text(inWords: "a variable's name"), .number(PlanNumber(domain))])
  }
}

extension PlanNumber {
  init(_ domain: ModelParameter.Domain) {
    self.init(inWords: domain.description)
    switch domain {
    case .real: break
    case .nonnegative: lower = 0
    case .positive: (lower, isLowerIncluded) = (0, false)
    case .unitInterval: (lower, upper) = (0, 1)
    case .positiveToOne: (lower, isLowerIncluded, upper) = (0, false, 1)
    case .openUnitInterval: (lower, isLowerIncluded, upper, isUpperIncluded) = (0, false, 1, false)
    }
  }
}

extension TransformationOrder {
  /// As plans spell them, the default first.
  static let words: [(word: String, order: TransformationOrder)] = [
    ("carryover_first", .carryoverFirst), ("saturation_first", .saturationFirst),
  ]
}
