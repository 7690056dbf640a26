import ResponseModel
import Tables

/// The labels of a mapped model's dims: the plan's own, else for channels the names that the plan gives parts of the model, else
/// those of the file.
enum MappedLabels {
  static func dims(of model: ModelMapping, _ names: VariableNames) throws(PosteriorFileError) -> [Posterior.Dim] {
    let feeds = feeds(of: model)
    var dims: [Posterior.Dim] = []
    for name in model.dims {
      if let labels = model.labels(of: name) {
        dims.append(Posterior.Dim(name: name, labels: labels))
      } else if name == "channel", let labels = named(in: model) {
        dims.append(Posterior.Dim(name: name, labels: labels))
      } else {
        dims.append(Posterior.Dim(name: name, labels: []))
      }
    }
    for index in dims.indices where dims[index].labels.isEmpty {
      dims[index].labels = try labels(of: index, dims, feeds, names)
    }
    try check(model, channels: dims[0].labels, names)
    return dims
  }

  /// Channels that parts of the model are given by, those of the saturation first.
  private static func named(in model: ModelMapping) -> [String]? {
    let all = model.saturation.channels + (model.saturation.channels.isEmpty ? model.carryover.channels : [])
    return all.isEmpty ? nil : all
  }

  /// Every variable named in the mapping, with its key.
  private static func feeds(of model: ModelMapping) -> [(written: String, key: String)] {
    var feeds: [(String, String)] = []
    func add(_ feed: ModelMapping.Feed, _ key: String) {
      if case .variable(let written) = feed { feeds.append((written, "posterior.model.\(key)")) }
    }
    func each<Part>(_ parts: ModelMapping.ByChannel<Part>, _ key: String, _ body: (Part, String) -> Void) {
      switch parts {
      case .all(let part): body(part, key)
      case .each(let named): for part in named { body(part.part, "\(key).\(part.channel)") }
      }
    }
    each(model.saturation, "saturation") { curve, key in
      for (feed, parameter) in zip(curve.feeds, curve.family.parameters) {
        add(feed, "\(key).\(curve.family.name).\(parameter.name)")
      }
    }
    each(model.carryover, "carryover") { lags, key in
      for (feed, parameter) in zip(lags.feeds, lags.family.parameters) {
        add(feed, "\(key).\(lags.family.name).\(parameter.name)")
      }
    }
    each(model.channelScale, "channel_scale", add)
    each(model.outcomeScale, "outcome_scale", add)
    return feeds
  }

  /// What the file calls the coordinates of a dim.
  private static func labels(
    of dim: Int, _ dims: [Posterior.Dim], _ feeds: [(written: String, key: String)], _ names: VariableNames
  ) throws(PosteriorFileError) -> [String] {
    var numbered: (variable: String, count: Int)?
    for feed in feeds {
      let reference = try names.reference(feed.written, as: feed.key)
      let axes = Array(names.axes(reference))
      // Where as many axes as dims are left when the names have told theirs, each has its place.
      let byName = axes.first { $0.name == dims[dim].name }
      let strangers = axes.filter { axis in !dims.contains { $0.name == axis.name } }
      let free = dims.indices.filter { place in !axes.contains { $0.name == dims[place].name } }
      let byPlace = strangers.count == free.count ? free.firstIndex(of: dim).map { strangers[$0] } : nil
      guard let axis = byName ?? byPlace else { continue }
      if !axis.isNumbered { return axis.labels }
      numbered = numbered ?? (names.variables[reference.variable].name, axis.labels.count)
    }
    let key = dims[dim].name == "channel" ? "posterior.model.channels" : "posterior.model.labels.\(dims[dim].name)"
    throw names.wrong(
      numbered.map {
        "\($0.variable) has \($0.count) elements without names, expected \(key): a list of their \($0.count) names in the file's order"
      } ?? "the file does not name any \(dims[dim].name), expected \(key): a list of names")
  }

  /// What is said of a channel is said of one that there is.
  private static func check(
    _ model: ModelMapping, channels: [String], _ names: VariableNames
  ) throws(PosteriorFileError) {
    for (key, named) in [
      ("saturation", model.saturation.channels), ("carryover", model.carryover.channels),
      ("channel_scale", model.channelScale.channels), ("outcome_scale", model.outcomeScale.channels),
    ] {
      guard let stranger = named.first(where: { !channels.contains($0) }) else { continue }
      throw names.wrong(
        "posterior.model.\(key): expected channels among \(channels.joined(separator: ", ")), found \(stranger)"
          + (nearest(to: stranger, in: channels).map { "; did you mean \($0)?" } ?? ""))
    }
  }
}
