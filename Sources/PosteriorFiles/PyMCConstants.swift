/// The group `constant_data`: the scales that the model was fitted in, and the media that were observed.
struct PyMCConstants {
  /// Media are divided by these; one for each channel.
  let channelScales: [Double]
  /// The response is multiplied by this.
  let targetScale: Double
  /// Each channel's media, unscaled, oldest first; as many as `time` has dates, none where the file has no history. Not a
  /// number where the file has a hole.
  let histories: [[Double]]
  /// Nil where the file has no history.
  let time: TimeAxis?

  /// Whether the observed periods follow each other at one distance, and no observation is missing.
  var isContiguous: Bool {
    (time?.isContiguous ?? false) && histories.allSatisfy { history in history.allSatisfy { !$0.isNaN } }
  }

  init(_ file: NetCDFFile, channels: [String]) throws(PosteriorFileError) {
    guard let group = try file.root.group("constant_data") else {
      throw PosteriorFileError(
        .invalid, file.path, "expected a group constant_data with the model's scales, found none")
    }
    channelScales = try PyMCConstants.scales("channel_scale", in: group, channels)
    targetScale = try PyMCConstants.scales("target_scale", in: group, nil)[0]
    guard let media = try group.variable("channel_data") else {
      histories = [[Double]](repeating: [], count: channels.count)
      time = nil
      return
    }
    let array = try NamedArray(media, allowed: ["date", "channel"])
    guard array.dims.count == 2 else {
      throw PosteriorFileError(
        .invalid, file.path,
        "\(media.place): expected the dims date and channel, found \(array.dims.joined(separator: ", "))")
    }
    let positions = try group.positions(of: channels)
    let (dateStride, channelStride) = (array.stride(along: "date"), array.stride(along: "channel"))
    let time = try PyMCConstants.time(in: group)
    histories = positions.map { position in
      time.dates.indices.map { array.values[$0 * dateStride + position * channelStride] }
    }
    self.time = time
    for (channel, history) in zip(channels, histories) {
      guard let period = history.firstIndex(where: { $0 < 0 || $0.isInfinite }) else { continue }
      throw PosteriorFileError(
        .invalid, file.path,
        "\(media.place)[\(channel)]: expected media that are not negative, found \(history[period]) on \(time.dates[period])"
      )
    }
  }

  /// A scale for each channel, or the only one where `channels` is nil; a scale without the channel dim holds for all.
  private static func scales(
    _ name: String, in group: NetCDFGroup, _ channels: [String]?
  ) throws(PosteriorFileError) -> [Double] {
    guard let variable = try group.variable(name) else {
      throw PosteriorFileError(
        .invalid, group.file.path,
        "constant_data: expected \(name), found \(try group.variableNames().joined(separator: ", "))")
    }
    let array = try NamedArray(variable, allowed: channels == nil ? [] : ["channel"])
    let labels = channels ?? [""]
    let positions = array.dims.isEmpty ? labels.map { _ in 0 } : try group.positions(of: labels)
    let scales = positions.map { array.values[$0] }
    for (label, scale) in zip(labels, scales) where !(scale > 0 && scale.isFinite) {
      throw PosteriorFileError(
        .invalid, group.file.path,
        "\(variable.place)\(label.isEmpty ? "" : "[\(label)]"): expected a positive number, found \(scale)")
    }
    return scales
  }

  private static func time(in group: NetCDFGroup) throws(PosteriorFileError) -> TimeAxis {
    guard let coordinate = try group.variable("date"), coordinate.dims == ["date"], !coordinate.isText,
      let units = try coordinate.text("units")
    else {
      throw PosteriorFileError(
        .invalid, group.file.path,
        "\(group.path)/date: expected a coordinate of numbers with units \u{201C}days since …\u{201D}")
    }
    let days = try coordinate.numbers()
    let calendar = try coordinate.text("calendar")
    do {
      return try TimeAxis(values: days, units: units, calendar: calendar)
    } catch {
      throw PosteriorFileError(.invalid, group.file.path, "\(coordinate.place): \(error.message)")
    }
  }
}
