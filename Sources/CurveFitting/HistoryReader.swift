import NumericKernel
import ResponseModel
import Tables

extension History {
  /// Reads a history from a table with spend and contributions, or from contributions in one file and media in another, joined
  /// by channel and date (and group).
  ///
  /// The file of contributions may hold posterior draws, a row for each and a column for each number, `contribution[tv,2024-01-01]`,
  /// labels in any order: `media` is needed then.
  ///
  /// Spend and contributions of the same channel and date (and group) are summed. Rows that the other file has no partner for are
  /// left out and counted in `notes`; a channel that would be left out whole is an error.
  ///
  /// - Parameter channels: those that are read, in the files' order; none for all.
  /// - Throws: for a file that is missing or no table, for columns that are not there, for channels that are not, and for everything else that is
  ///   wrong.
  public static func read(
    _ path: String, media mediaPath: String? = nil, columns: HistoryColumns = HistoryColumns(),
    channels: [String] = []
  ) throws(HistoryError) -> History {
    let text = try HistoryTable.text(of: path)
    let media = try mediaPath.map { path throws(HistoryError) in
      try Observations(media: HistoryTable(path: path, text: HistoryTable.text(of: path)), columns)
        .keeping(channels, of: path)
    }
    if let draws = try ContributionDraws(path: path, text: text, variable: columns.contribution) {
      guard let media, let mediaPath else {
        throw HistoryError(["\(path): error: holds draws of contributions, expected a file of media beside it"])
      }
      return try draws.history(source: "\(path), \(mediaPath)", media: media, mediaPath: mediaPath, channels: channels)
    }
    let table = try HistoryTable(path: path, text: text)
    guard let media, let mediaPath else {
      return try Observations(whole: table, columns).keeping(channels, of: path).history(source: path)
    }
    let contributions = try Observations(contributions: table, columns).keeping(channels, of: path)
    return try contributions.joined(media, source: "\(path), \(mediaPath)", paths: (path, mediaPath))
  }
}

/// Where a row belongs.
struct ObservationKey: Hashable {
  var channel: String
  /// Empty where there are no groups.
  var group: String
  var date: String
}

/// Rows of a table by channel, group and date, those of the same place summed.
struct Observations {
  var groupName: String?
  var hasDates = false
  /// In the order of their first rows.
  var keys: [ObservationKey] = []
  var media: [ObservationKey: Double] = [:]
  var response: [ObservationKey: Double] = [:]
  /// None where nobody counted them.
  var impressions: [ObservationKey: Double] = [:]
  var columnNames = (date: "date", spend: "spend", contribution: "contribution")
  var notes: [String] = []
  /// What is more than a note.
  var warnings: [String] = []

  static let dateNames = ["date", "week_monday", "week", "time"]
  static let channelNames = ["channel"]
  static let spendNames = ["spend"]
  static let impressionNames = ["impressions"]
  static let contributionNames = ["contribution", "predicted", "channel_contribution"]

  /// Spend and contributions in one table; without dates each row is an observation.
  init(whole table: HistoryTable, _ columns: HistoryColumns) throws(HistoryError) {
    try self.init(table, columns, hasSpend: true, hasContribution: true)
  }

  init(media table: HistoryTable, _ columns: HistoryColumns) throws(HistoryError) {
    try self.init(table, columns, hasSpend: true, hasContribution: false)
  }

  init(contributions table: HistoryTable, _ columns: HistoryColumns) throws(HistoryError) {
    try self.init(table, columns, hasSpend: false, hasContribution: true)
  }

  private init(
    _ table: HistoryTable, _ columns: HistoryColumns, hasSpend: Bool, hasContribution: Bool
  ) throws(HistoryError) {
    var table = table
    let date = table.column(columns.date, among: Observations.dateNames)
    var wanted: [(name: String?, usual: [String])] = [(columns.channel, Observations.channelNames)]
    if hasSpend { wanted.append((columns.spend, Observations.spendNames)) }
    if hasContribution { wanted.append((columns.contribution, Observations.contributionNames)) }
    if let group = columns.group { wanted.append((group, [])) }
    // A date that was named, or that joins two tables, must be there.
    if columns.date != nil || !(hasSpend && hasContribution) { wanted.append((columns.date, Observations.dateNames)) }
    let places = try table.columns(wanted)
    let group = columns.group == nil ? nil : places[hasSpend && hasContribution ? 3 : 2]
    let contributionPlace = hasContribution ? places[hasSpend ? 2 : 1] : nil
    let impressions = hasSpend ? table.column(columns.impressions, among: Observations.impressionNames) : nil
    if let name = columns.impressions, hasSpend, impressions == nil {
      throw HistoryError(["\(table.path):1:1: error: missing columns: expected \(name), found none of that name"])
    }
    // Where curves are of impressions these are told once.
    let counted = impressions == (hasSpend ? places[1] : nil) ? nil : impressions
    if let date { columnNames.date = table.name(date) }
    if hasSpend { columnNames.spend = table.name(places[1]) }
    if let contributionPlace { columnNames.contribution = table.name(contributionPlace) }
    groupName = columns.group
    hasDates = date != nil
    for row in table.table.rows {
      let key = ObservationKey(
        channel: table.label(row, places[0]), group: group.map { table.label(row, $0) } ?? "",
        // Without dates every row is a place of its own.
        date: date.map { table.label(row, $0) } ?? "\(row.line)")
      let spend = hasSpend ? table.number(row, places[1], isSpend: true) : nil
      let contribution = contributionPlace.map { table.number(row, $0, isSpend: false) }
      if let counted { self.impressions[key, default: 0] += table.number(row, counted, isSpend: true) }
      if media[key] == nil && response[key] == nil { keys.append(key) }
      if let spend { media[key, default: 0] += spend }
      if let contribution { response[key, default: 0] += contribution }
    }
    guard table.complaints.isEmpty else { throw HistoryError(table.complaints) }
    let twins = hasDates ? table.table.rows.count - Set(table.table.rows.map(\.fields)).count : 0
    if twins > 0 {
      warnings.append(
        "\(table.path): \(twins) row\(twins == 1 ? " is" : "s are") the same as another one in every column, and all are summed: is something there twice?"
      )
    }
    guard !keys.isEmpty else {
      throw HistoryError(["\(table.path):1:1: error: expected rows after the header, found none"])
    }
    let count = table.table.rows.count
    if keys.count < count {
      notes.append(
        "\(table.path): \(count) rows became \(keys.count) observations: those of one channel and date are summed")
    }
  }

  /// Channels in the order of their first rows, and groups.
  var channels: [String] { unique(keys.map(\.channel)) }
  var groups: [String] { unique(keys.map(\.group)) }

  /// Those of these channels alone; none for all.
  func keeping(_ names: [String], of path: String) throws(HistoryError) -> Observations {
    guard !names.isEmpty else { return self }
    let unknown = names.filter { !channels.contains($0) }
    guard unknown.isEmpty else {
      throw HistoryError([
        "\(path): error: expected channels of \(channels.joined(separator: ", ")), found \(unknown.joined(separator: ", "))"
      ])
    }
    var kept = self
    kept.keys = keys.filter { names.contains($0.channel) }
    return kept
  }

  func history(source: String) throws(HistoryError) -> History {
    let dims =
      [Posterior.Dim(name: "channel", labels: channels)]
      + (groupName.map { [Posterior.Dim(name: $0, labels: groups)] } ?? [])
    let byCell = Dictionary(grouping: keys) { [$0.channel, $0.group] }
    var series: [History.Series] = []
    var missing: [String] = []
    for channel in channels {
      for group in groups {
        let cell = byCell[[channel, group]] ?? []
        if cell.isEmpty { missing.append("\(channel)/\(group)") }
        let sorted = hasDates ? cell.sorted { $0.date < $1.date } : cell
        series.append(
          History.Series(
            labels: groupName == nil ? [channel] : [channel, group], dates: hasDates ? sorted.map(\.date) : [],
            media: sorted.map { media[$0] ?? 0 }, response: sorted.map { response[$0] ?? 0 },
            impressions: impressions.isEmpty ? nil : sorted.map { impressions[$0] ?? 0 }))
      }
    }
    guard missing.isEmpty else {
      throw HistoryError([
        "\(source): error: expected each channel in each \(groupName ?? "group"), found none of "
          + missing.joined(separator: ", ")
      ])
    }
    var history = History(source: source, dims: dims, series: series, notes: notes, warnings: warnings)
    history.columnNames = columnNames
    return history
  }

  /// Contributions with the media of the same place.
  func joined(
    _ other: Observations, source: String, paths: (contributions: String, media: String)
  ) throws(HistoryError) -> History {
    var both = self
    both.keys = keys.filter { other.media[$0] != nil }
    both.media = other.media
    both.impressions = other.impressions
    both.columnNames.spend = other.columnNames.spend
    let lost = channels.filter { channel in !both.keys.contains { $0.channel == channel } }
    let unseen = other.channels.filter { channel in
      !lost.contains(channel) && !both.keys.contains { $0.channel == channel }
    }
    var problems: [String] = []
    if !lost.isEmpty {
      let mates = other.keys.filter { lost.contains($0.channel) }
      let dates = mates.first.flatMap { mate in
        keys.first { $0.channel == mate.channel }.map { ": '\(mate.date)' there, '\($0.date)' here" }
      }
      problems.append(
        "\(paths.media): error: expected media of every channel of \(paths.contributions) on its dates, found none of "
          + lost.joined(separator: ", ") + (dates ?? ""))
    }
    if !unseen.isEmpty {
      problems.append(
        "\(paths.contributions): error: expected contributions of every channel of \(paths.media) on its dates, found none of "
          + unseen.joined(separator: ", "))
    }
    guard problems.isEmpty else { throw HistoryError(problems) }
    both.notes +=
      other.notes
      + Observations.dropNotes(
        contributions: (keys.count - both.keys.count, paths.contributions),
        media: (other.keys.count - both.keys.count, paths.media))
    both.warnings += other.warnings
    return try both.history(source: source)
  }

  /// What a join left out.
  static func dropNotes(contributions: (count: Int, path: String), media: (count: Int, path: String)) -> [String] {
    var notes: [String] = []
    if contributions.count > 0 {
      notes.append(
        "\(contributions.path): \(contributions.count) observations dropped, for \(media.path) has no media for them")
    }
    if media.count > 0 {
      notes.append(
        "\(media.path): \(media.count) observations dropped, for \(contributions.path) has no contributions for them")
    }
    return notes
  }
}

func unique(_ names: [String]) -> [String] {
  var seen: Set<String> = []
  return names.filter { seen.insert($0).inserted }
}
