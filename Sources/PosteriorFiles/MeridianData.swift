import ResponseModel

/// The data that a Meridian model was fitted to: what was observed, and the scales that the model takes from it.
struct MeridianData {
  /// What was observed of one channel, by geo, then period.
  struct Channel {
    /// Impressions where the channel is one of reach and frequency.
    var media: [[Double]]
    /// Not a number where it is not known; empty where it is for no period.
    var spend: [[Double]]
    /// By geo: media are divided by this.
    var scales: [Double]
    /// Of reach; nil for a channel of media alone.
    var frequency: Frequency?
  }

  /// How often people were reached.
  struct Frequency {
    /// By geo, then period.
    var observed: [[Double]]
    /// At which the channel is held.
    var held: Double
  }

  let time: TimeAxis
  /// Periods of media before the first with an outcome.
  let leadCount: Int
  /// In the order of the labels.
  let channels: [Channel]
  /// By geo: the curves' values are multiplied by this.
  let outcomeScales: [Double]
  /// By geo.
  let worths: [CellWorth]
  /// The standard deviation of the outcome per head.
  let deviation: Double

  init(_ model: MeridianModel, of labels: MeridianLabels, source: String) throws(PosteriorFileError) {
    try MeridianData.check(model, against: labels, source: source)
    let columns = model.data
    let table = try MeridianTable(columns, of: labels)
    time = table.time
    leadCount = try table.blanks(in: columns.kpi)
    try MeridianData.check(table.time, leadCount, against: labels.times, table)
    let population = try MeridianData.population(table, labels, blanks: leadCount)

    let kpi = try table.numbers(columns.kpi, in: .real, blanks: leadCount)
    let perHead = zip(kpi, population).flatMap { [leadCount] kpi, heads in kpi[leadCount...].map { $0 / heads } }
    let mean = perHead.reduce(0, +) / Double(perHead.count)
    deviation = (perHead.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(perHead.count)).squareRoot()
    guard deviation > 0, deviation.isFinite else {
      throw table.wrong(
        "the column \(columns.kpi) has no scale, expected an outcome that varies, found a standard deviation of \(deviation)"
      )
    }
    outcomeScales = population.map { [deviation] in $0 * deviation }
    try MeridianData.check(outcomeScales, of: columns.kpi, table)

    if let name = columns.revenuePerKPI {
      worths = try table.numbers(name, in: .nonnegative, blanks: leadCount).map { [leadCount] revenue in
        .observed(revenue.enumerated().map { $0 < leadCount ? 0 : $1 })
      }
    } else if leadCount > 0 {
      let worth = time.dates.indices.map { [leadCount] in $0 < leadCount ? 0.0 : 1 }
      worths = population.map { _ in .observed(worth) }
    } else {
      worths = population.map { _ in .one }
    }

    var channels: [Channel] = []
    for name in labels.media {
      let media = try table.numbers(MeridianTable.name(columns.media ?? "", name), in: .nonnegative)
      channels.append(
        Channel(
          media: media, spend: try MeridianData.spend(name, table, blanks: leadCount),
          scales: try MeridianData.scales(media, population, of: name, table)))
    }
    for name in labels.reach {
      let reach = try table.numbers(MeridianTable.name(columns.reach ?? "", name), in: .nonnegative)
      let frequency = try table.numbers(MeridianTable.name(columns.frequency ?? "", name), in: .nonnegative)
      let impressions = zip(reach, frequency).map { zip($0, $1).map(*) }
      let scales = try MeridianData.scales(reach, population, of: name, table)
      let average = impressions.joined().reduce(0, +) / reach.joined().reduce(0, +)
      let held = model.frequency.part(for: name) ?? average
      guard held > 0 else {
        throw table.wrong("no frequency of \(name), expected a positive one where there is reach, found 0 everywhere")
      }
      channels.append(
        Channel(
          media: impressions, spend: try MeridianData.spend(name, table, blanks: leadCount),
          scales: scales.map { $0 * held }, frequency: Frequency(observed: frequency, held: held)))
    }
    for (name, channel) in zip(labels.channels, channels) {
      try MeridianData.check(channel.scales + channel.media.joined().filter { $0 != 0 }, of: name, table)
    }
    self.channels = channels
  }

  /// Numbers so large or small that their products are none.
  private static func check(
    _ numbers: [Double], of name: String, _ table: MeridianTable
  ) throws(PosteriorFileError) {
    guard let wrong = numbers.first(where: { !($0 > 0 && $0.isFinite) }) else { return }
    throw table.wrong("the numbers of \(name) cannot be scaled, expected a positive and finite scale, found \(wrong)")
  }

  private static func spend(
    _ channel: String, _ table: MeridianTable, blanks: Int
  ) throws(PosteriorFileError) -> [[Double]] {
    guard let pattern = table.columns.spend else { return table.geos.map { _ in [] } }
    return try table.numbers(MeridianTable.name(pattern, channel), in: .nonnegative, blanks: blanks)
  }

  /// `population · median of what is above zero per head`, over all geos and periods.
  private static func scales(
    _ media: [[Double]], _ population: [Double], of channel: String, _ table: MeridianTable
  ) throws(PosteriorFileError) -> [Double] {
    let perHead = zip(media, population).flatMap { media, heads in media.map { $0 / heads } }.filter { $0 != 0 }
      .sorted()
    guard !perHead.isEmpty else {
      throw table.wrong("no media of \(channel), expected some in a geo and period, found 0 in all")
    }
    let (lower, upper) = (perHead[(perHead.count - 1) / 2], perHead[perHead.count / 2])
    let median = lower == upper ? lower : (lower + upper) / 2
    return population.map { $0 * median }
  }

  /// By geo: the mean over its rows, as Meridian takes it; 1 where there is one geo.
  private static func population(
    _ table: MeridianTable, _ labels: MeridianLabels, blanks: Int
  ) throws(PosteriorFileError) -> [Double] {
    guard let name = table.columns.population, !labels.isNational else { return labels.geos.map { _ in 1 } }
    return try table.numbers(name, in: .positive, blanks: blanks).map { series in
      let known = series.filter { !$0.isNaN }
      let isOne = known.allSatisfy { $0 == known[0] }
      return isOne ? known[0] : known.reduce(0, +) / Double(known.count)
    }
  }

  // MARK: - Whether file, table and settings are of one model

  private static func check(
    _ model: MeridianModel, against labels: MeridianLabels, source: String
  ) throws(PosteriorFileError) {
    func lacks(_ key: String, _ reason: String, _ example: String) -> PosteriorFileError {
      PosteriorFileError(.invalid, source, "\(reason): expected posterior.data.\(key), such as \(example), found none")
    }
    if labels.geos.count > 1 {
      let geos = "holds \(labels.geos.count) geos, \(listed(labels.geos))"
      if model.data.geo == nil { throw lacks("geo", geos, "geo: geo, the column with their names") }
      if model.data.population == nil { throw lacks("population", geos, "population: population") }
    }
    if !labels.media.isEmpty, model.data.media == nil {
      throw lacks("media", "holds the media channels \(listed(labels.media))", "media: \"{channel}_impression\"")
    }
    for (key, pattern) in [("reach", model.data.reach), ("frequency", model.data.frequency)]
    where !labels.reach.isEmpty && pattern == nil {
      throw lacks(
        key, "holds the channels of reach and frequency \(listed(labels.reach))", "\(key): \"{channel}_\(key)\"")
    }
    for (key, named, known) in [
      ("adstock", model.decay.channels, labels.channels), ("saturation", model.saturation.channels, labels.channels),
      ("frequency", model.frequency.channels, labels.reach),
    ] {
      guard let stranger = named.first(where: { !known.contains($0) }) else { continue }
      throw PosteriorFileError(
        .invalid, source,
        "posterior.meridian.\(key): expected channels\(key == "frequency" ? " of reach and frequency" : "") of the model, "
          + "\(known.isEmpty ? "of which it has none" : listed(known)), found \(stranger)")
    }
  }

  /// The table's periods with an outcome are those that the file has, where it has any.
  private static func check(
    _ time: TimeAxis, _ leadCount: Int, against times: [String]?, _ table: MeridianTable
  ) throws(PosteriorFileError) {
    let found = time.dates[leadCount...]
    guard !found.isEmpty else {
      throw table.wrong("no outcome: expected numbers in the column \(table.columns.kpi), found none")
    }
    guard let times else { return }
    let expected = times.map { text in TimeAxis.day(text).map { TimeAxis.iso($0) } ?? text }
    guard !found.elementsEqual(expected) else { return }
    let stranger =
      found.first { !expected.contains($0) }.map { "; \($0) is none of the model's" }
      ?? expected.first { !found.contains($0) }.map { "; \($0) is missing" } ?? ""
    throw table.wrong(
      "expected the \(expected.count) periods with an outcome that the model was fitted to, \(expected.first ?? "") to "
        + "\(expected.last ?? ""), found \(found.count), \(found.first ?? "") to \(found.last ?? "")\(stranger)")
  }
}
