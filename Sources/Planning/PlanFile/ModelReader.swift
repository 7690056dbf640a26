import ResponseModel
import Tables

/// `posterior.model` as a mapping from variables to a model.
extension PlanReader {
  /// Nil where there is no such key, or something in it is wrong, which `PlanCheck` has told.
  mutating func model(_ node: PlanNode?) -> ModelMapping? {
    guard let node, let saturation: ModelMapping.ByChannel<ModelMapping.Curve> = byChannel(node["saturation"], curve)
    else { return nil }
    let dims = (node["dims"]?.list ?? []).compactMap(\.text)
    let names = dims.isEmpty ? ["channel"] : dims.map(\.value)
    guard checkDims(dims), let labels = labels(node, dims: names) else { return nil }
    let carryover: ModelMapping.ByChannel<ModelMapping.Lags>? =
      node["carryover"].map { byChannel($0, lags) } ?? .all(.none)
    let channelScale = node["channel_scale"].map { scale($0) } ?? .all(.number(1))
    let outcomeScale = node["outcome_scale"].map { scale($0) } ?? .all(.number(1))
    guard let carryover, let channelScale, let outcomeScale else { return nil }
    return ModelMapping(
      dims: names, labels: labels, saturation: saturation, carryover: carryover, channelScale: channelScale,
      outcomeScale: outcomeScale)
  }

  private mutating func checkDims(_ dims: [Placed<String>]) -> Bool {
    let before = problems.count
    if let first = dims.first, first.value != "channel" {
      problems.append(
        PlanProblem(
          "wrong first dim in posterior.model.dims", expected: "channel", found: "'\(first.value)'", at: first.position)
      )
    }
    reportRepeated(dims, in: "posterior.model.dims")
    return problems.count == before
  }

  /// The labels of dims, `channels` being those of the first; nil where they are wrong.
  private mutating func labels(_ node: PlanNode, dims: [String]) -> [Posterior.Dim]? {
    let before = problems.count
    var labels: [Posterior.Dim] = []
    if let channels = node["channels"]?.list?.compactMap(\.text) {
      reportRepeated(channels, in: "posterior.model.channels")
      labels.append(Posterior.Dim(name: "channel", labels: channels.map(\.value)))
    }
    for entry in node["labels"]?.entries ?? [] {
      let name = entry.key.value
      let path = "posterior.model.labels.\(name)"
      if !dims.contains(name) {
        problems.append(
          PlanProblem(
            "unknown dim in posterior.model.labels", expected: dims.alternatives, found: "'\(name)'",
            suggestion: nearest(to: name, in: dims), at: entry.key.position))
      } else if labels.contains(where: { $0.name == name }) {
        problems.append(
          PlanProblem(
            "posterior.model says too much", expected: "only one of channels and labels.channel", found: "both",
            at: entry.key.position))
      } else {
        let texts = (entry.value.list ?? []).compactMap(\.text)
        reportRepeated(texts, in: path)
        labels.append(Posterior.Dim(name: name, labels: texts.map(\.value)))
      }
    }
    return problems.count == before ? labels : nil
  }

  private mutating func reportRepeated(_ names: [Placed<String>], in path: String) {
    var seen: Set<String> = []
    for name in names where !seen.insert(name.value).inserted {
      problems.append(
        PlanProblem(
          "duplicate name in \(path)", expected: "each once", found: "'\(name.value)' again", at: name.position))
    }
  }

  private func byChannel<Part>(
    _ node: PlanNode?, _ read: (PlanNode) -> Part?
  ) -> ModelMapping.ByChannel<Part>? {
    guard let node else { return nil }
    guard node.isByChannel else { return read(node).map { .all($0) } }
    let parts = node.entries.compactMap { entry in read(entry.value).map { ModelMapping.Named(entry.key.value, $0) } }
    return parts.count == node.entries.count ? .each(parts) : nil
  }

  private func scale(_ node: PlanNode) -> ModelMapping.ByChannel<ModelMapping.Feed>? {
    if let feed = feed(node) { return .all(feed) }
    let parts = node.entries.compactMap { entry in feed(entry.value).map { ModelMapping.Named(entry.key.value, $0) } }
    return parts.count == node.entries.count && !parts.isEmpty ? .each(parts) : nil
  }

  private func curve(_ node: PlanNode) -> ModelMapping.Curve? {
    guard let entry = node.entries.first, let family = SaturationCatalogue.family(named: entry.key.value),
      let feeds = feeds(entry.value, family.parameters)
    else { return nil }
    return ModelMapping.Curve(family, feeds)
  }

  private func lags(_ node: PlanNode) -> ModelMapping.Lags? {
    if node.text?.value == NoCarryover.name { return ModelMapping.Lags.none }
    for family in CarryoverCatalogue.families {
      guard let feeds = node[family.name].flatMap({ feeds($0, family.parameters) }),
        let window = node["window"].flatMap({ window($0) })
      else { continue }
      let word = node["order"]?.text?.value
      return ModelMapping.Lags(
        family, feeds, window: window, isNormalized: node["normalize"]?.flag?.value ?? true,
        order: TransformationOrder.words.first { $0.word == word }?.order ?? .carryoverFirst)
    }
    return nil
  }

  private func window(_ node: PlanNode) -> ModelMapping.Window? {
    if let count = node.count?.value { return ModelKeys.windows.contains(count) ? .lags(count) : nil }
    return node.text?.value == ModelKeys.unbounded ? .unbounded : nil
  }

  private func feeds(_ node: PlanNode, _ parameters: [ModelParameter]) -> [ModelMapping.Feed]? {
    let feeds = parameters.compactMap { node[$0.name].flatMap { feed($0) } }
    return feeds.count == parameters.count ? feeds : nil
  }

  private func feed(_ node: PlanNode) -> ModelMapping.Feed? {
    node.number.map { .number($0.value) } ?? node.text.map { .variable($0.value) }
  }

  /// A window without end is one of geometric carryover.
  mutating func checkWindows(_ node: PlanNode?) {
    guard let node else { return }
    for part in node.isByChannel ? node.entries.map(\.value) : [node] {
      guard let window = part["window"], window.text?.value == ModelKeys.unbounded,
        part[Geometric.name] == nil, part[GeometricHalfLife.name] == nil
      else { continue }
      problems.append(
        PlanProblem(
          "wrong window",
          expected: "a number of lags: only \(Geometric.name) and \(GeometricHalfLife.name) have one without end",
          found: "infinite", at: window.position))
    }
  }
}
