import ResponseModel

extension MeridianModel.Table {
  /// The keys of `posterior.data` that say something, on one line.
  var inYAML: String {
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
  var settingsInYAML: String {
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
