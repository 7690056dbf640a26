public import ResponseModel

extension MeridianModel {
  /// The keys of `posterior:` that say what a file of Meridian's draws does not hold, and what each is.
  var keys: [(key: String, value: String, meaning: String)] {
    [
      (
        "data", data.inYAML,
        "The table that the model was fitted to, one row a \(data.geo == nil ? "period" : "geo and period"): where it is, and the names of its columns."
      ),
      ("meridian", settingsInYAML, "The settings of the model's specification."),
    ]
  }

  /// The block that goes below `posterior:` of a plan beside `file`, each line indented by so many spaces, with a comment on each key.
  public func yaml(indentation: Int) -> String {
    let space = String(repeating: " ", count: indentation)
    var lines = ["format: \(PosteriorChoice.Format.meridian.rawValue)"]
    if group != .posterior { lines.append("group: \(group.rawValue)") }
    for (key, value, meaning) in keys { lines += ["# \(meaning)", "\(key): \(value)"] }
    return lines.map { space + $0 + "\n" }.joined()
  }
}

extension MeridianModel.Table {
  /// The keys of `posterior.data` that say something, on one line.
  fileprivate var inYAML: String {
    let keys = [
      ("file", file), ("geo", geo), ("time", time), ("population", population), ("kpi", kpi),
      ("revenue_per_kpi", revenuePerKPI), ("media", media), ("reach", reach), ("frequency", frequency),
      ("spend", spend),
    ]
    return "{\(keys.compactMap { key, value in value.map { "\(key): \($0.inYAML)" } }.joined(separator: ", "))}"
  }
}

extension MeridianModel {
  /// The keys of `posterior.meridian`, on one line.
  private var settingsInYAML: String {
    let held = frequency == .each([]) ? "" : ", frequency: \(inYAML(frequency) { $0.inYAML })"
    return
      "{max_lag: \(maxLag), adstock: \(inYAML(decay) { $0.rawValue }), saturation: \(inYAML(saturation) { $0.rawValue }), "
      + "hill_before_adstock: \(order == .saturationFirst)\(held)}"
  }

  private func inYAML<Part>(_ parts: ModelMapping.ByChannel<Part>, _ write: (Part) -> String) -> String {
    switch parts {
    case .all(let part): write(part)
    case .each(let parts): "{\(parts.map { "\($0.channel.inYAML): \(write($0.part))" }.joined(separator: ", "))}"
    }
  }
}
