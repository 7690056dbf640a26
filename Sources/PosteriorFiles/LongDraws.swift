import ResponseModel
import Tables

/// A table with a row for each number: `chain,draw,variable,channel,value`, with further dims in columns of their own. A row
/// whose dim is empty is of a variable without that dim. Rows stand in any order; every number there is once.
///
/// `chain` may be left out, `iteration` may stand for `draw`, and each may begin with a dot.
struct LongDraws: DrawSource {
  static let format = WideDraws.format

  let path: String
  let variables: [DrawVariable]
  private let chainCount: Int
  private let drawsPerChain: Int
  /// For each variable its elements' draws.
  private let columns: [[[Double]]]

  static func recognises(_ header: [String]) -> Bool {
    Set(header.map { $0.trimmingSpaces }).isSuperset(of: ["variable", "value"])
  }

  init(_ path: String) throws(PosteriorFileError) {
    let table = try TableFile(path)
    let columns = try LongColumns(table)
    var elements = LongElements()
    for row in table.rows { try elements.add(row, columns, table) }
    guard !table.rows.isEmpty else { throw table.wrongHeader("expected draws after the header, found none") }
    self.path = path
    (chainCount, drawsPerChain) = try elements.draws(of: table)
    let names: ElementNames
    do {
      names = try ElementNames(elements.names.enumerated().map { ($1, $0) })
    } catch {
      throw PosteriorFileError(.invalid, path, error.message)
    }
    self.columns = names.positions.map { $0.map { elements.values[$0] } }
    variables = names.variables.map { variable in
      var variable = variable
      for (axis, dim) in (elements.dims[variable.name] ?? []).enumerated() {
        variable.axes[axis].name = columns.dims[dim].name
      }
      return variable
    }
  }

  func draws(of elements: [DrawElement]) throws(PosteriorFileError) -> DrawColumns {
    DrawColumns(
      chainCount: chainCount, drawsPerChain: drawsPerChain,
      columns: elements.map { columns[$0.variable][$0.position] }, divergences: nil, places: nil)
  }
}

/// Where the parts of a row stand.
private struct LongColumns {
  var chain: Int?
  var draw: Int
  var variable: Int
  var value: Int
  var dims: [(name: String, column: Int)]

  init(_ table: TableFile) throws(PosteriorFileError) {
    func column(_ names: String...) throws(PosteriorFileError) -> Int? {
      for name in names {
        if let column = try table.column(name) { return column }
      }
      return nil
    }
    guard let draw = try column("draw", ".draw", "iteration", ".iteration"), let variable = try column("variable"),
      let value = try column("value")
    else {
      throw table.wrongHeader(
        "wrong header, expected chain,draw,variable,channel,value, found \(table.header.joined(separator: ","))")
    }
    self.draw = draw
    self.variable = variable
    self.value = value
    chain = try column("chain", ".chain")
    let own = ["chain", "draw", "iteration", "variable", "value"]
    dims = table.header.enumerated().filter { _, name in
      !name.isEmpty && !own.contains(name) && !name.hasPrefix(".")
    }.map { ($1, $0) }
  }
}

/// The numbers of each element, by chain and draw.
private struct LongElements {
  private(set) var names: [ElementNames.Name] = []
  /// For each variable the dims that it has.
  private(set) var dims: [String: [Int]] = [:]
  /// For each element its draws, chain after chain, once `draws` has put them in order.
  private(set) var values: [[Double]] = []
  private(set) var lines: [[Int]] = []

  private struct Key: Hashable {
    var variable: String
    var labels: [String]
  }
  private struct Place: Hashable, Comparable {
    var chain: Int
    var draw: Int
    static func < (a: Place, b: Place) -> Bool { (a.chain, a.draw) < (b.chain, b.draw) }
  }
  private var indices: [Key: Int] = [:]
  private var places: [[Place]] = []

  mutating func add(
    _ row: TextTable.Row, _ columns: LongColumns, _ table: TableFile
  ) throws(PosteriorFileError) {
    let variable = table.field(row, columns.variable)
    guard !variable.isEmpty else {
      throw table.wrong(row, columns.variable, "wrong variable, expected a name, found nothing")
    }
    let fields = columns.dims.map { table.field(row, $0.column) }
    let present = fields.indices.filter { !fields[$0].isEmpty && fields[$0] != "NA" }
    if let expected = dims[variable], expected != present {
      throw table.wrong(
        row, columns.variable, "wrong row, expected the same dims in each row of \(variable), found different ones")
    }
    dims[variable] = present
    let labels = present.map { fields[$0] }
    let key = Key(variable: variable, labels: labels)
    let index = indices[key] ?? names.count
    if index == names.count {
      indices[key] = index
      names.append(ElementNames.Name(variable: variable, labels: labels))
      values.append([])
      lines.append([])
      places.append([])
    }
    let text = Array(table.field(row, columns.value).utf8)
    var position = 0
    guard let value = decimalNumber(in: text.span, at: &position), position == text.count else {
      throw table.wrong(
        row, columns.value, "wrong value, expected a number, found '\(table.field(row, columns.value))'")
    }
    func whole(_ column: Int, _ name: String) throws(PosteriorFileError) -> Int {
      if let number = Int(table.field(row, column)) { return number }
      throw table.wrong(
        row, column, "wrong \(name), expected a whole number, found '\(table.field(row, column))'")
    }
    let chain = try columns.chain.map { column throws(PosteriorFileError) in try whole(column, "chain") } ?? 1
    values[index].append(value)
    lines[index].append(row.line)
    places[index].append(Place(chain: chain, draw: try whole(columns.draw, "draw")))
  }

  /// Puts every element's draws in order: each has each draw once.
  mutating func draws(of table: TableFile) throws(PosteriorFileError) -> (chainCount: Int, drawsPerChain: Int) {
    let all = Set(places.joined()).sorted()
    for index in names.indices {
      let name = names[index]
      let shown = name.labels.isEmpty ? name.variable : "\(name.variable)[\(name.labels.joined(separator: ","))]"
      let order = places[index].indices.sorted { places[index][$0] < places[index][$1] }
      for (next, place) in zip(order.dropFirst(), order) where places[index][next] == places[index][place] {
        throw PosteriorFileError(
          .invalid, table.path,
          "expected each draw of \(shown) once, found chain \(places[index][next].chain), draw \(places[index][next].draw) again",
          at: TextPlace(line: lines[index][next], column: 1))
      }
      guard order.count == all.count else {
        throw PosteriorFileError(
          .invalid, table.path, "expected \(all.count) draws of \(shown), as of others, found \(order.count)")
      }
      values[index] = order.map { values[index][$0] }
      lines[index] = order.map { lines[index][$0] }
    }
    let chains = Dictionary(grouping: all, by: \.chain).mapValues(\.count)
    let longest = chains.values.max() ?? 0
    if let short = chains.sorted(by: { $0.key < $1.key }).first(where: { $0.value != longest }) {
      throw PosteriorFileError(
        .invalid, table.path,
        "expected as many draws in each chain, \(longest), found \(short.value) in chain \(short.key)")
    }
    return (chains.count, longest)
  }
}
