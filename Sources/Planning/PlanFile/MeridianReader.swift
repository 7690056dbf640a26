import ResponseModel

/// `posterior.data` and `posterior.meridian` as a model of Meridian's.
extension PlanReader {
  /// Nil where there are no such keys, or something in them is wrong, which is told.
  mutating func meridian(_ node: PlanNode?, _ format: PosteriorChoice.Format?) -> MeridianModel? {
    checkMeridian(node, format)
    guard let data = table(node?["data"]), let settings = node?["meridian"],
      let lag = settings["max_lag"]?.count?.value,
      lag >= 0
    else { return nil }
    return MeridianModel(
      data: data, maxLag: lag,
      decay: byChannel(settings["adstock"], whenAbsent: .all(.geometric)) { $0.word() },
      saturation: byChannel(settings["saturation"], whenAbsent: .all(.hill)) { $0.word() },
      order: settings["hill_before_adstock"]?.flag?.value == true ? .saturationFirst : .carryoverFirst,
      frequency: byChannel(settings["frequency"], whenAbsent: .each([])) { $0.number?.value },
      group: node?["group"]?.word() ?? .posterior)
  }

  private mutating func table(_ node: PlanNode?) -> MeridianModel.Table? {
    for name in ["media", "reach", "frequency", "spend"] {
      guard let pattern = node?[name]?.text, !pattern.value.contains(MeridianModel.Table.placeholder) else { continue }
      problems.append(
        PlanProblem(
          "wrong value of posterior.data.\(name)",
          expected: "a name with \(MeridianModel.Table.placeholder) in the place of the channel's",
          found: "'\(pattern.value)'", at: pattern.position))
    }
    func text(_ name: String) -> String? { node?[name]?.text?.value }
    guard let file = text("file"), let kpi = text("kpi") else { return nil }
    return MeridianModel.Table(
      file: path(file), geo: text("geo"), time: text("time") ?? MeridianModel.Table.defaultTime,
      population: text("population"), kpi: kpi, revenuePerKPI: text("revenue_per_kpi"), media: text("media"),
      reach: text("reach"), frequency: text("frequency"), spend: text("spend"))
  }

  private func byChannel<Part>(
    _ node: PlanNode?, whenAbsent: ModelMapping.ByChannel<Part>, _ read: (PlanNode) -> Part?
  ) -> ModelMapping.ByChannel<Part> {
    guard let node else { return whenAbsent }
    if let part = read(node) { return .all(part) }
    return .each(node.entries.compactMap { entry in read(entry.value).map { ModelMapping.Named(entry.key.value, $0) } })
  }

  /// The keys go together, and with no format but Meridian's.
  private mutating func checkMeridian(_ node: PlanNode?, _ format: PosteriorChoice.Format?) {
    let isOthers = format.map { $0 != .auto && $0 != .meridian } ?? (node?["format"] != nil)
    let keys = node?.entries.map(\.key) ?? []
    let given = keys.filter { ["data", "meridian"].contains($0.value) }
    if isOthers {
      // A format that is none is reported as such.
      guard let format else { return }
      let prior = keys.filter {
        $0.value == "group" && node?["group"]?.text?.value == MeridianModel.Group.prior.rawValue
      }
      for key in given + prior {
        problems.append(
          PlanProblem(
            "posterior.\(key.value)\(key.value == "group" ? ": prior" : "") is for models of Meridian",
            expected: "format: meridian beside it", found: "format: \(format.rawValue)", at: key.position))
      }
      return
    }
    if given.isEmpty, format != .meridian {
      if let group = node?["group"], group.text?.value == MeridianModel.Group.prior.rawValue {
        problems.append(
          PlanProblem(
            "posterior.group: prior is for models of Meridian", expected: "data and meridian beside it",
            found: "neither", at: group.position))
      }
      return
    }
    for (name, expected) in [
      ("data", "data: {file: …, kpi: …}, the table that the model was fitted to"),
      ("meridian", "meridian: {max_lag: …}, the settings of its specification"),
    ] where !given.contains(where: { $0.value == name }) {
      problems.append(
        PlanProblem(
          "posterior lacks \(name)", expected: expected, found: "nothing",
          at: given.first?.position ?? node?["format"]?.position))
    }
    if let model = keys.first(where: { $0.value == "model" }) {
      problems.append(
        PlanProblem(
          "posterior.model is for files of draws", expected: "no model of one of Meridian's, whose variables are known",
          found: "one", at: model.position))
    }
  }
}
