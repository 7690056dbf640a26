import ResponseModel
import Tables

/// A table of point estimates, one row a channel, whose columns a mapping names: one draw of each.
struct CurveTable: DrawSource {
  static let format = PointCurvesFile.format

  let path: String
  let variables: [DrawVariable]
  private let table: TableFile
  private let columns: [Int]

  /// The column with the channels' names.
  let channelColumn: String

  /// - Parameter channelColumn: by default `channel`, else the only column of texts.
  init(_ path: String, channelColumn: String?) throws(PosteriorFileError) {
    let table = try TableFile(path)
    if table.header.contains("spend"), let credited = ["contribution", "predicted"].first(where: table.header.contains)
    {
      throw PosteriorFileError(
        .unsupported, path, "is a history of spend and \(credited), not curves: apportion fit makes curves of it",
        at: TextPlace(line: 1, column: 1))
    }
    let name = channelColumn ?? PointCurves.defaultChannelColumn
    let texts = channelColumn == nil ? table.header.indices.filter { CurveTable.holdsTexts($0, table) } : []
    guard let names = try table.column(name) ?? (texts.count == 1 ? texts[0] : nil) else {
      throw table.wrongHeader(
        "no column \(name) with the channels' names, found \(table.header.joined(separator: ", ")): name it by "
          + "channel_column (--channel-column), or, where the table is of draws, add a column .chain, .draw or .iteration"
          + (nearest(to: name, in: table.header).map { "; did you mean \(name) by '\($0)'?" } ?? ""))
    }
    self.path = path
    self.table = table
    self.channelColumn = table.header[names]
    guard !table.rows.isEmpty else {
      throw table.wrongHeader("no rows, expected one for each channel, found only the header")
    }
    let axis = DrawVariable.Axis(name: "channel", labels: try table.channels(in: self.channelColumn))
    columns = table.header.indices.filter { $0 != names }
    var variables: [DrawVariable] = []
    for column in columns {
      _ = try table.column(table.header[column])
      variables.append(DrawVariable(name: table.header[column], axes: [axis]))
    }
    self.variables = variables
  }

  /// Whether no field of a column is a number, or a day.
  private static func holdsTexts(_ column: Int, _ table: TableFile) -> Bool {
    !table.rows.isEmpty
      && table.rows.allSatisfy { row in
        let field = table.field(row, column)
        return Double(field) == nil && TimeAxis.day(field) == nil
      }
  }

  var notes: [(name: String, text: String)] { [("curves", "point estimates of a period's response to its media")] }

  func draws(of elements: [DrawElement]) throws(PosteriorFileError) -> DrawColumns {
    var values: [[Double]] = []
    for element in elements {
      let row = table.rows[element.position]
      let column = columns[element.variable]
      let field = table.field(row, column)
      let text = Array(field.utf8)
      var position = 0
      guard let value = decimalNumber(in: text.span, at: &position), position == text.count else {
        throw table.wrong(row, column, "wrong \(table.header[column]), expected a number, found '\(field)'")
      }
      values.append([value])
    }
    return DrawColumns(chainCount: 1, drawsPerChain: 1, columns: values, divergences: nil, places: nil)
  }
}
