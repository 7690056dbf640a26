import Foundation
import NumericKernel
public import ResponseModel
import Tables

/// A table of point estimates, one row a channel: a posterior of one draw, without carryover and without a history.
///
/// Columns are found by name, in any order; those that the kind does not name are passed over.
enum PointCurvesFile {
  static let format = PointCurves.formatName

  static func read(
    _ path: String, as kind: PointCurves.Kind, channelColumn: String
  ) throws(PosteriorFileError) -> Posterior {
    let table = try TableFile(path)
    let columns = CurveColumns(kind)
    try checkHeader(of: table, columns, as: kind, channelColumn)
    guard !table.rows.isEmpty else {
      throw table.wrongHeader("no rows, expected one for each channel, found only the header")
    }
    let channels = try table.channels(in: channelColumn)
    let largest = try table.column("largest_spend")
    var quality: Int?
    for name in qualities where quality == nil { quality = try table.column(name) }
    var cells: [Cell] = []
    for (row, channel) in zip(table.rows, channels) {
      var parameters: [[Double]] = []
      for (column, parameter) in zip(columns.columns, columns.saturation.parameters) {
        parameters.append([try value(of: column, parameter.domain, in: row, of: table, channel: channel)])
      }
      if kind == .hillBottom, let top = try table.column("top"), parameters[0][0] <= parameters[1][0] {
        throw table.wrong(
          row, top,
          "wrong top of \(channel), expected more than its bottom, \(String(format: "%.10g", parameters[1][0])), found '\(table.field(row, top))'"
        )
      }
      var cell = Cell(
        labels: [channel], saturation: columns.saturation,
        saturationParameters: DrawMatrix(columns: parameters, drawCount: 1), carryover: NoCarryover.self,
        carryoverParameters: DrawMatrix(columns: [], drawCount: 1), window: 1, isNormalized: false, mediaScale: 1,
        outcomeScale: 1, history: [])
      cell.rSquared = quality.flatMap { Double(table.field(row, $0)) }
      cell.largestFittedMedia = largest.flatMap { Double(table.field(row, $0)) }.flatMap { $0 > 0 ? $0 : nil }
      cells.append(cell)
    }
    return Posterior(
      source: path, format: format, dims: [Posterior.Dim(name: "channel", labels: channels)], cells: cells,
      chainCount: 1, drawsPerChain: 1, dates: [], isContiguous: false,
      diagnostics: PosteriorDiagnostics(parameters: [], divergences: nil),
      notes: try notes(on: table, columns, kind: kind))
  }

  /// What DeepCausalMMM, `apportion fit` and others call the share of the variance that a curve explains.
  private static let qualities = ["r_2", "r_squared", "r2"]

  /// Every column that must be there is, and none that may be left out seems to be misspelt.
  private static func checkHeader(
    of table: TableFile, _ columns: CurveColumns, as kind: PointCurves.Kind, _ channelColumn: String
  ) throws(PosteriorFileError) {
    let required = [channelColumn] + columns.columns.filter { $0.whenAbsent == nil }.map(\.name)
    let optional = columns.columns.filter { $0.whenAbsent != nil }.map(\.name)
    let strangers = table.header.filter { !(required + optional).contains($0) }
    var missing: [String] = []
    var guesses: [String] = []
    for name in required + optional where try table.column(name) == nil {
      let misspelt = nearest(to: name, in: strangers)
      guard required.contains(name) || misspelt != nil else { continue }
      missing.append(name)
      if let misspelt { guesses.append("; did you mean \(name) by '\(misspelt)'?") }
    }
    guard missing.isEmpty else {
      let leftOut = optional.isEmpty ? "" : " (\(optional.joined(separator: ", ")) may be left out)"
      throw table.wrongHeader(
        "no column \(missing.joined(separator: ", ")), expected \(required.joined(separator: ", ")) for the kind "
          + "\(kind.rawValue)\(leftOut), found \(table.header.joined(separator: ", "))\(guesses.joined())")
    }
  }

  private static func value(
    of column: CurveColumns.Column, _ domain: ModelParameter.Domain, in row: TextTable.Row, of table: TableFile,
    channel: String
  ) throws(PosteriorFileError) -> Double {
    guard let index = try table.column(column.name) else {
      guard let value = column.whenAbsent else { preconditionFailure("A header was checked that lacks a column.") }
      return value
    }
    let field = table.field(row, index)
    if let value = Double(field), domain.contains(value) { return value }
    throw table.wrong(
      row, index, "wrong \(column.name) of \(channel), expected \(domain.description), found '\(field)'")
  }

  private static func notes(
    on table: TableFile, _ columns: CurveColumns, kind: PointCurves.Kind
  ) throws(PosteriorFileError) -> [(name: String, text: String)] {
    var notes = [("kind", kind.rawValue), ("curves", "point estimates of a period's response to its spend")]
    for column in columns.columns {
      if let value = column.whenAbsent, try table.column(column.name) == nil {
        notes.append((column.name, "\(String(format: "%.10g", value)), for the file has no such column"))
      }
    }
    return notes
  }
}

extension PosteriorFile {
  /// The kind of a table of point curves by its columns: nil where it has `alpha` and `lam`, which are those of two kinds, else the kind
  /// whose columns are asked for.
  public static func kindOfCurves(_ path: String) throws(PosteriorFileError) -> PointCurves.Kind? {
    let table = try TableFile(path)
    return ["alpha", "lam"].allSatisfy(table.header.contains) ? nil : .hillBottom
  }
}
