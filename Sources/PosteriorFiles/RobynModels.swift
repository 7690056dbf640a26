import ResponseModel
import Tables

/// The models of a Robyn run, one draw each: coefficients and hyperparameters by channel.
struct RobynModels {
  /// For messages: the file of the numbers.
  let path: String
  /// As Robyn names them: `1_2_3`.
  let names: [String]
  /// By model.
  let values: [Values]
  /// Whether the numbers have four decimals at most, as R's jsonlite writes them by default.
  let isRounded: Bool

  struct Values {
    /// By `tv_S_alphas`.
    var hyperparameters: [String: Double]
    /// By channel: the coefficient, and Robyn's own response over the window, where it is told.
    var coefficients: [String: (value: Double, response: Double?)]
    /// Where the model stands in the table; nil for an export.
    var place: TextPlace?
  }

  /// The one model of an export.
  init(_ model: RobynExport.Model, in path: String) {
    self.path = path
    names = [model.name]
    values = [Values(hyperparameters: model.hyperparameters, coefficients: model.coefficients, place: nil)]
    isRounded = model.isRounded
  }

  /// The models of `pareto_hyperparameters.csv`, their coefficients from `pareto_aggregated.csv`.
  ///
  /// - Parameter channels: whose numbers are read.
  init(
    hyperparameters table: TableFile, aggregated: TableFile, channels: [String]
  ) throws(PosteriorFileError) {
    path = table.path
    isRounded = false
    let coefficients = try RobynModels.coefficients(aggregated, channels)
    let name = try RobynModels.column("solID", in: table)
    let columns = table.header.enumerated().filter { _, header in
      ["alphas", "gammas", "thetas", "shapes", "scales"].contains { kind in
        channels.contains { header == "\($0)_\(kind)" }
      }
    }
    var names: [String] = []
    var seen: [String: Int] = [:]
    var values: [Values] = []
    for row in table.rows {
      let model = table.field(row, name)
      if let line = seen.updateValue(row.line, forKey: model) {
        throw table.wrong(row, name, "wrong solID, expected each model once, found \(model) again after line \(line)")
      }
      var hyperparameters: [String: Double] = [:]
      for (column, header) in columns {
        _ = try table.column(header)
        hyperparameters[header] = try RobynModels.number(table, row, column)
      }
      guard let own = coefficients[model] else {
        throw PosteriorFileError(
          .invalid, aggregated.path, "expected the coefficients of the model \(model) of \(table.path), found none")
      }
      names.append(model)
      values.append(Values(hyperparameters: hyperparameters, coefficients: own, place: row.places[name]))
    }
    guard !names.isEmpty else { throw table.wrongHeader("expected models after the header, found none") }
    self.names = names
    self.values = values
  }

  /// By model, then by channel.
  private static func coefficients(
    _ table: TableFile, _ channels: [String]
  ) throws(PosteriorFileError) -> [String: [String: (value: Double, response: Double?)]] {
    let model = try column("solID", in: table)
    let variable = try column("rn", in: table)
    let value = try column("coef", in: table)
    let response = try table.column("xDecompAgg")
    var coefficients: [String: [String: (value: Double, response: Double?)]] = [:]
    for row in table.rows {
      let name = table.field(row, variable)
      guard channels.contains(name) else { continue }
      let own = try response.map { column throws(PosteriorFileError) in try number(table, row, column) }
      let old = coefficients[table.field(row, model), default: [:]].updateValue(
        (try number(table, row, value), own), forKey: name)
      guard old == nil else {
        throw table.wrong(
          row, variable, "wrong rn, expected each variable once, found \(name) again of \(table.field(row, model))")
      }
    }
    return coefficients
  }

  private static func column(_ name: String, in table: TableFile) throws(PosteriorFileError) -> Int {
    if let column = try table.column(name) { return column }
    throw table.wrongHeader("no column \(name), found \(table.header.prefix(40).joined(separator: ", "))")
  }

  private static func number(
    _ table: TableFile, _ row: TextTable.Row, _ column: Int
  ) throws(PosteriorFileError) -> Double {
    let text = Array(table.field(row, column).utf8)
    var position = 0
    guard let value = decimalNumber(in: text.span, at: &position), position == text.count, value.isFinite else {
      throw table.wrong(
        row, column, "wrong \(table.header[column]), expected a number, found '\(table.field(row, column))'")
    }
    return value
  }

  /// A channel's hyperparameter in a model.
  func hyperparameter(
    _ kind: String, of channel: String, in model: Int, _ domain: ModelParameter.Domain
  ) throws(PosteriorFileError) -> Double {
    let name = "\(channel)_\(kind)"
    let value = values[model].hyperparameters[name]
    guard let value, domain.contains(value) else {
      throw PosteriorFileError(
        .invalid, path,
        "\(name) of the model \(names[model]): expected \(domain.description), found \(value.map { "\($0)" } ?? "none")",
        at: values[model].place)
    }
    return value
  }

  func coefficient(
    of channel: String, in model: Int
  ) throws(PosteriorFileError) -> (value: Double, response: Double?) {
    guard let coefficient = values[model].coefficients[channel] else {
      throw PosteriorFileError(
        .invalid, path, "expected the coefficient of \(channel) in the model \(names[model]), found none",
        at: values[model].place)
    }
    return coefficient
  }
}
