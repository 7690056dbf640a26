public import ResponseModel

extension ModelMapping {
  /// The block `model:` of a plan, each line indented by so many spaces.
  public func yaml(indentation: Int) -> String {
    let outer = String(repeating: " ", count: indentation)
    return outer + "model:\n" + inYAML.map { "\(outer)  \($0): \($1)\n" }.joined()
  }

  /// The keys of `posterior.model` that say something beside the defaults, each with its value on one line.
  var inYAML: [(key: String, value: String)] {
    var lines: [(String, String)] = []
    if dims != ["channel"] { lines.append(("dims", dims.inYAML)) }
    if let channels = labels(of: "channel") { lines.append(("channels", channels.inYAML)) }
    let others = labels.filter { $0.name != "channel" }
    if !others.isEmpty {
      lines.append(
        ("labels", "{\(others.map { "\($0.name.inYAML): \($0.labels.inYAML)" }.joined(separator: ", "))}"))
    }
    lines.append(("saturation", saturation.inYAML { $0.inYAML }))
    lines.append(("carryover", carryover.inYAML { $0.inYAML }))
    if channelScale != .all(.number(1)) { lines.append(("channel_scale", channelScale.inYAML { $0.inYAML })) }
    if outcomeScale != .all(.number(1)) { lines.append(("outcome_scale", outcomeScale.inYAML { $0.inYAML })) }
    return lines
  }
}

extension ModelMapping.ByChannel {
  fileprivate func inYAML(_ write: (Part) -> String) -> String {
    switch self {
    case .all(let part): write(part)
    case .each(let parts): "{\(parts.map { "\($0.channel.inYAML): \(write($0.part))" }.joined(separator: ", "))}"
    }
  }
}

extension ModelMapping.Feed {
  fileprivate var inYAML: String {
    switch self {
    case .number(let number): number.inYAML
    case .variable(let name): name.inYAML
    }
  }
}

extension ModelMapping.Curve {
  fileprivate var inYAML: String { "{\(family.name): \(feeds.inYAML(of: family.parameters))}" }
}

extension ModelMapping.Lags {
  fileprivate var inYAML: String {
    if family.parameters.isEmpty { return family.name }
    let lags =
      switch window {
      case .lags(let count): "\(count)"
      case .unbounded: ModelKeys.unbounded
      }
    let word = TransformationOrder.words.first { $0.order == order }?.word ?? ""
    return
      "{\(family.name): \(feeds.inYAML(of: family.parameters)), window: \(lags), normalize: \(isNormalized), order: \(word)}"
  }
}

extension [ModelMapping.Feed] {
  fileprivate func inYAML(of parameters: [ModelParameter]) -> String {
    "{\(zip(parameters, self).map { "\($0.name): \($1.inYAML)" }.joined(separator: ", "))}"
  }
}

extension [String] {
  /// `[tv, search]`
  var inYAML: String { "[\(map(\.inYAML).joined(separator: ", "))]" }
}

extension PosteriorChoice {
  /// The path, or a list of them.
  var filesInYAML: String { files.count == 1 ? files[0].value.inYAML : files.map(\.value).inYAML }
}
