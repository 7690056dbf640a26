import ResponseModel

/// The group `constant_data`: the scales that the model was fitted in, and the media that were observed.
struct PyMCConstants {
  /// One number for some labels, or for every cell.
  struct Scale {
    /// The number's labels; none where it holds for every cell.
    var labels: [String]
    var value: Double
  }

  /// Each once, in the order of the cells.
  let channelScale: [Scale]
  let targetScale: [Scale]
  /// Media are divided by these, cell by cell. By 0 where the data that the model was fitted to have none, and then the library takes
  /// any media for none.
  let channelScales: [Double]
  /// The response is multiplied by these, cell by cell; by 0 where the data have no response.
  let targetScales: [Double]
  /// Each cell's media, unscaled, oldest first; as many as `time` has dates, none where the file has no history. Not a
  /// number where the file has a hole.
  let histories: [[Double]]
  /// Nil where the file has no history.
  let time: TimeAxis?

  /// Whether the observed periods follow each other at one distance, and no observation is missing.
  var isContiguous: Bool {
    (time?.isContiguous ?? false) && histories.allSatisfy { history in history.allSatisfy { !$0.isNaN } }
  }

  init(_ root: NetCDFGroup, grid: CellGrid) throws(PosteriorFileError) {
    let group = try root.constantData
    (channelScale, channelScales) = try PyMCConstants.scales(
      "channel_scale", in: group, grid, allowed: grid.dims.map(\.name))
    (targetScale, targetScales) = try PyMCConstants.scales(
      "target_scale", in: group, grid, allowed: grid.dims.dropFirst().map(\.name))
    guard let media = try group.variable("channel_data") else {
      histories = [[Double]](repeating: [], count: grid.cellCount)
      time = nil
      return
    }
    let expected = ["date"] + grid.dims.dropFirst().map(\.name) + ["channel"]
    let array = try NamedArray(media, allowed: expected)
    guard array.dims.count == expected.count else {
      throw PosteriorFileError(
        .invalid, group.file.path,
        "\(media.place): expected the dims \(expected.joined(separator: ", ")), found \(array.dims.joined(separator: ", "))"
      )
    }
    let columns = try GridColumns(array, in: group, of: grid)
    let time = try PyMCConstants.time(in: group)
    try array.expect(time.dates.count, along: "date", in: group.file.path)
    let dateStride = array.stride(along: "date")
    let observed = columns.offsets.map { offset in
      time.dates.indices.map { array.values[offset + $0 * dateStride] }
    }
    for (column, history) in observed.enumerated() {
      guard let period = history.firstIndex(where: { $0 < 0 || $0.isInfinite }) else { continue }
      throw PosteriorFileError(
        .invalid, group.file.path,
        "\(columns.name(media.place, column: column)): expected media that are not negative, found \(history[period]) on "
          + time.dates[period])
    }
    histories = columns.column.map { observed[$0] }
    self.time = time
  }

  private static func scales(
    _ name: String, in group: NetCDFGroup, _ grid: CellGrid, allowed: [String]
  ) throws(PosteriorFileError) -> ([Scale], [Double]) {
    guard let variable = try group.variable(name) else {
      throw PosteriorFileError(
        .invalid, group.file.path,
        "constant_data: expected \(name), found \(try group.variableNames().joined(separator: ", "))")
    }
    let array = try NamedArray(variable, allowed: allowed)
    let columns = try GridColumns(array, in: group, of: grid)
    let values = columns.offsets.map { array.values[$0] }
    let wrong = values.firstIndex { !($0 >= 0 && $0.isFinite) }
    if let column = wrong ?? (values.contains { $0 > 0 } ? nil : 0) {
      let expected = wrong == nil ? "a positive number somewhere" : "a number that is not negative"
      throw PosteriorFileError(
        .invalid, group.file.path,
        "\(columns.name(variable.place, column: column)): expected \(expected), found \(values[column])")
    }
    let along = grid.dims.indices.filter { array.dims.contains(grid.dims[$0].name) }
    var named: Set<Int> = []
    let scales = (0..<grid.cellCount).filter { named.insert(columns.column[$0]).inserted }.map { cell in
      let labels = grid.labels(of: cell)
      return Scale(labels: along.map { labels[$0] }, value: values[columns.column[cell]])
    }
    return (scales, columns.column.map { values[$0] })
  }

  static func time(in group: NetCDFGroup) throws(PosteriorFileError) -> TimeAxis {
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
