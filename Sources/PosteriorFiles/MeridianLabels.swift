import ResponseModel

/// What a group of Meridian's draws is drawn along: channels, geos, and where a variable has them, periods.
struct MeridianLabels {
  /// Channels whose media are one number a period.
  let media: [String]
  /// Channels of reach and frequency.
  let reach: [String]
  /// One alone in a national model.
  let geos: [String]
  /// The first day of each period with an outcome; nil where no variable has them.
  let times: [String]?
  /// What the model has beside paid media, and its response is not about.
  let others: [String]

  static let mediaDim = "media_channel"
  static let reachDim = "rf_channel"
  static let geoDim = "geo"

  /// Whether the group's variables are those that Meridian's samplers name.
  static func recognises(_ group: NetCDFGroup) throws(PosteriorFileError) -> Bool {
    for (name, dim) in [("m", mediaDim), ("rf", reachDim)] {
      if let alpha = try group.variable("alpha_" + name), alpha.dims.contains(dim),
        try group.variable("ec_" + name) != nil
      {
        return true
      }
    }
    return false
  }

  init(_ group: NetCDFGroup) throws(PosteriorFileError) {
    media = try MeridianLabels.channels(group, "alpha_m", along: Self.mediaDim)
    reach = try MeridianLabels.channels(group, "alpha_rf", along: Self.reachDim)
    if let twice = (media + reach).firstRepeated {
      throw PosteriorFileError(
        .invalid, group.file.path,
        "\(group.path): expected each channel once, found \(twice) twice in \(Self.mediaDim) and \(Self.reachDim)")
    }
    geos = try group.labels(of: Self.geoDim) ?? ["national_geo"]
    var times: [String]?
    if let coordinate = try group.variable("time"), coordinate.isText { times = try coordinate.strings() }
    self.times = times
    var others: [String] = []
    for dim in ["organic_media_channel", "organic_rf_channel", "non_media_channel"] {
      others += try group.labels(of: dim) ?? []
    }
    self.others = others
  }

  private static func channels(
    _ group: NetCDFGroup, _ name: String, along dim: String
  ) throws(PosteriorFileError) -> [String] {
    guard try group.variable(name) != nil else { return [] }
    guard let labels = try group.labels(of: dim) else {
      throw PosteriorFileError(
        .invalid, group.file.path,
        "\(group.path): expected a coordinate \(dim) with the channels of \(name), found none")
    }
    return labels
  }

  /// Media channels, then those of reach and frequency, as Meridian orders them.
  var channels: [String] { media + reach }
  var isNational: Bool { geos.count == 1 }

  /// What spend is given by.
  var dims: [Posterior.Dim] {
    let channel = Posterior.Dim(name: "channel", labels: channels)
    return isNational ? [channel] : [channel, Posterior.Dim(name: Self.geoDim, labels: geos)]
  }
}
