import NumericKernel
import ResponseModel
import Tables

/// Posterior draws of contributions: a row for each draw, and a column for each channel and date (and group),
/// `contribution[tv,2024-01-01]`. Columns that are named otherwise are passed over, but for `.chain`.
struct ContributionDraws {
  private let path: String
  /// `contribution`
  private let variable: String
  /// Of each column that counts, in the file's order.
  private let labels: [[String]]
  /// Draws by column.
  private let values: DrawMatrix
  private let chainCount: Int

  /// Nil for a table that holds no such columns.
  init?(path: String, text: String, variable: String?) throws(HistoryError) {
    let bytes = Array(text.utf8)
    let end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    let first = String(decoding: bytes[..<end], as: UTF8.self)
    guard first.contains("[") else { return nil }
    let header: [String]
    do {
      header = try TextTable(csv: first).header.map { $0.trimmed }
    } catch {
      throw HistoryError([
        "\(path):1:\(error.place.column): error: wrong header, expected \(error.expected), found \(error.found)"
      ])
    }
    let named = header.map(ContributionDraws.parts)
    let variables = unique(named.compactMap { $0?.variable })
    guard !variables.isEmpty else { return nil }
    let wanted = variable.map { [$0] } ?? Observations.contributionNames
    let chosen = variables.count == 1 && variable == nil ? variables[0] : wanted.first { variables.contains($0) }
    guard let chosen else {
      throw HistoryError([
        "\(path):1:1: error: expected draws of \(wanted.joined(separator: " or ")), found \(variables.joined(separator: ", "))"
      ])
    }
    let columns = named.indices.filter { named[$0]?.variable == chosen }
    let chain = header.firstIndex { $0 == ".chain" || $0 == "chain" }
    let read = Set(columns + [chain].compactMap { $0 }).sorted()
    var rows = NumberRows(fieldCount: header.count, columns: read, hasComments: false, firstLine: 2)
    do {
      try rows.read(bytes.span, from: min(end + 1, bytes.count))
    } catch {
      throw HistoryError([
        "\(path):\(error.place.line):\(error.place.column): error: expected \(error.expected), found \(error.found)"
      ])
    }
    let count = rows.lines.count
    guard count > 0 else { throw HistoryError(["\(path):1:1: error: expected draws after the header, found none"]) }
    var values = DrawMatrix(drawCount: count, columnCount: columns.count)
    for (index, column) in columns.enumerated() {
      let place = read.firstIndex(of: column) ?? 0
      values.setColumn(index, to: (0..<count).map { rows.values[$0 * read.count + place] })
    }
    for index in columns.indices {
      let wrong = values.column(index).firstIndex { !$0.isFinite }
      if let wrong {
        throw HistoryError([
          "\(path):\(rows.lines[wrong]):1: error: wrong \(header[columns[index]]), expected a finite number, found \(values[wrong, index])"
        ])
      }
    }
    let chains = chain.flatMap { read.firstIndex(of: $0) }.map { place in
      (0..<count).map { rows.values[$0 * read.count + place] }
    }
    self.path = path
    self.values = values
    labels = columns.map { named[$0]?.labels ?? [] }
    chainCount = ContributionDraws.chainCount(chains ?? [])
    self.variable = chosen
  }

  /// Chains of one length that follow each other; else all draws are of one.
  private static func chainCount(_ chains: [Double]) -> Int {
    var lengths: [Int] = []
    var last: Double?
    for chain in chains {
      if chain != last { lengths.append(0) }
      lengths[lengths.count - 1] += 1
      last = chain
    }
    return Set(lengths).count == 1 && lengths.count == Set(chains).count ? lengths.count : 1
  }

  /// `contribution[tv,2024-01-01]`; nil for names without two labels: `spend [EUR]` is a column of a history.
  private static func parts(_ name: String) -> (variable: String, labels: [String])? {
    guard name.last == "]", let bracket = name.firstIndex(of: "["), bracket != name.startIndex else { return nil }
    let labels = name[name.index(after: bracket)...].dropLast()
      .split(separator: ",", omittingEmptySubsequences: false).map { String($0).trimmed }
    return labels.count > 1 ? (String(name[..<bracket]).trimmed, labels) : nil
  }

  /// The draws with the media of the same channel and date.
  ///
  /// - Parameter channels: those that count; none for all.
  func history(
    source: String, media: Observations, mediaPath: String, channels: [String]
  ) throws(HistoryError) -> History {
    let keys = try keys(media, mediaPath)
    var columns: [ObservationKey: Int] = [:]
    for (column, key) in keys.enumerated() {
      if columns.updateValue(column, forKey: key) != nil {
        throw HistoryError([
          "\(path):1:1: error: expected one column for each channel and date, found \(labels[column].joined(separator: ",")) again"
        ])
      }
    }
    var contributions = media
    contributions.keys = keys
    contributions.media = [:]
    (contributions.notes, contributions.warnings) = ([], [])
    contributions.columnNames.contribution = variable
    let means = (0..<values.columnCount).map { values.withColumn($0) { NumericKernel.mean($0) } }
    contributions.response = Dictionary(zip(keys, means)) { first, _ in first }
    var history = try contributions.keeping(channels, of: path).joined(media, source: source, paths: (path, mediaPath))
    for index in history.series.indices {
      let series = history.series[index]
      let group = series.labels.count > 1 ? series.labels[1] : ""
      let draws = series.dates.map { date in
        values.column(columns[ObservationKey(channel: series.labels[0], group: group, date: date)] ?? 0)
      }
      history.series[index].responseDraws = DrawMatrix(columns: draws, drawCount: values.drawCount)
    }
    history.chainCount = chainCount
    return history
  }

  /// Each column's place: which of its labels is the channel, the group and the date is told by what the media have.
  private func keys(_ media: Observations, _ mediaPath: String) throws(HistoryError) -> [ObservationKey] {
    let count = media.groupName == nil ? 2 : 3
    if let odd = labels.first(where: { $0.count != count }) {
      throw HistoryError([
        "\(path):1:1: error: expected \(count) labels in each column, the channel\(count == 3 ? ", the group" : "") and the date, found [\(odd.joined(separator: ","))]"
      ])
    }
    let channels = Set(media.channels)
    let groups = Set(media.groups)
    let dates = Set(media.keys.map(\.date))
    let orders =
      count == 2
      ? [[0, 1], [1, 0]] : [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    // Channel, date, group.
    func matches(_ order: [Int]) -> Int {
      labels.count { labels in
        channels.contains(labels[order[0]]) && dates.contains(labels[order[1]])
          && (count == 2 || groups.contains(labels[order[2]]))
      }
    }
    let best = orders.max { matches($0) < matches($1) } ?? orders[0]
    guard matches(best) > 0 else {
      throw HistoryError([
        "\(path):1:1: error: expected columns of channels and dates that \(mediaPath) has, found [\(labels[0].joined(separator: ","))] and others"
      ])
    }
    return labels.map { labels in
      ObservationKey(
        channel: labels[best[0]], group: count == 2 ? "" : labels[best[2]], date: labels[best[1]])
    }
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.first == " " { text.removeFirst() }
    while text.last == " " || text.last == "\r" { text.removeLast() }
    return String(text)
  }
}
