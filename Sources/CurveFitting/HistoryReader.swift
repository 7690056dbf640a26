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
  /// - Throws: for a file that is missing or no table, for columns that are not there, and for everything else that is wrong.
  public static func read(
    _ path: String, media mediaPath: String? = nil, columns: HistoryColumns = HistoryColumns()
  ) throws(HistoryError) -> History {
    let text = try HistoryTable.text(of: path)
    let media = try mediaPath.map { path throws(HistoryError) in
      try Observations(media: HistoryTable(path: path, text: HistoryTable.text(of: path)), columns)
    }
    if let draws = try ContributionDraws(path: path, text: text, variable: columns.contribution) {
      guard let media, let mediaPath else {
        throw HistoryError(["\(path): error: holds draws of contributions, expected a file of media beside it"])
      }
      return try draws.history(source: "\(path), \(mediaPath)", media: media, mediaPath: mediaPath)
    }
    let table = try HistoryTable(path: path, text: text)
    guard let media, let mediaPath else {
      let all = try Observations(whole: table, columns)
      return try all.history(source: path, notes: all.notes)
    }
    let contributions = try Observations(contributions: table, columns)
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
  var notes: [String] = []

  static let dateNames = ["date", "week_monday", "week", "time"]
  static let channelNames = ["channel"]
  static let spendNames = ["spend"]
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
    groupName = columns.group
    hasDates = date != nil
    for row in table.table.rows {
      let key = ObservationKey(
        channel: table.label(row, places[0]), group: group.map { table.label(row, $0) } ?? "",
        // Without dates every row is a place of its own.
        date: date.map { table.label(row, $0) } ?? "\(row.line)")
      let spend = hasSpend ? table.number(row, places[1], isSpend: true) : nil
      let contribution = hasContribution ? table.number(row, places[hasSpend ? 2 : 1], isSpend: false) : nil
      if media[key] == nil && response[key] == nil { keys.append(key) }
      if let spend { media[key, default: 0] += spend }
      if let contribution { response[key, default: 0] += contribution }
    }
    guard table.complaints.isEmpty else { throw HistoryError(table.complaints) }
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

  func history(source: String, chainCount: Int = 1, notes: [String]) throws(HistoryError) -> History {
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
            media: sorted.map { media[$0] ?? 0 }, response: sorted.map { response[$0] ?? 0 }))
      }
    }
    guard missing.isEmpty else {
      throw HistoryError([
        "\(source): error: expected each channel in each \(groupName ?? "group"), found none of "
          + missing.joined(separator: ", ")
      ])
    }
    return History(source: source, dims: dims, series: series, chainCount: chainCount, notes: notes)
  }

  /// Contributions with the media of the same place.
  func joined(
    _ other: Observations, source: String, paths: (contributions: String, media: String)
  ) throws(HistoryError) -> History {
    var both = self
    both.keys = keys.filter { other.media[$0] != nil }
    both.media = other.media
    let lost = channels.filter { channel in !both.keys.contains { $0.channel == channel } }
    let unseen = other.channels.filter { channel in !both.keys.contains { $0.channel == channel } }
    var problems: [String] = []
    if !lost.isEmpty {
      problems.append(
        "\(paths.media): error: expected media of every channel of \(paths.contributions) on its dates, found none of "
          + lost.joined(separator: ", "))
    }
    if !unseen.isEmpty {
      problems.append(
        "\(paths.contributions): error: expected contributions of every channel of \(paths.media) on its dates, found none of "
          + unseen.joined(separator: ", "))
    }
    guard problems.isEmpty else { throw HistoryError(problems) }
    return try both.history(
      source: source,
      notes: notes + other.notes
        + Observations.dropNotes(
          contributions: (keys.count - both.keys.count, paths.contributions),
          media: (other.keys.count - both.keys.count, paths.media)))
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
