import ResponseModel

/// The keys of `reweight`.
enum ReweightKeys {
  static let reweight = PlanShape.list(
    of: .mapping(
      PlanMapping(
        "{channel: name, roi: {mean: number, sd: number}}",
        [
          PlanKey("channel", .text(inWords: "a channel"), isRequired: true, "The channel that was tested."),
          PlanKey(
            "roi",
            .mapping(
              PlanMapping(
                "{mean: number, sd: number}",
                [
                  PlanKey(
                    "mean", .number(PlanNumber(inWords: "a number")), isRequired: true,
                    "What a unit of its money returned, by the test."),
                  PlanKey(
                    "sd", .number(PlanNumber(lower: 0, isLowerIncluded: false, inWords: "a number above 0")),
                    isRequired: true, "The standard error of that."),
                ])), isRequired: true, "Its return on money, at what the current plan spends on it."),
        ])), inWords: "a list of {channel: name, roi: {mean: number, sd: number}}")
}

/// Reads them.
extension PlanReader {
  func reweight(_ node: PlanNode?) -> [Placed<ReturnEvidence>] {
    (node?.list ?? []).compactMap { node in
      guard let channel = node["channel"]?.text, let mean = node["roi"]?["mean"]?.number,
        let sd = node["roi"]?["sd"]?.number
      else { return nil }
      return Placed(ReturnEvidence(channel: channel.value, mean: mean.value, sd: sd.value), at: channel.position)
    }
  }
}

/// And writes them.
extension ReturnEvidence {
  var inYAML: String { "{channel: \(channel.inYAML), roi: {mean: \(mean.inYAML), sd: \(sd.inYAML)}}" }
}
