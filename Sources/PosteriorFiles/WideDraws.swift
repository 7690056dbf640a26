import ResponseModel
import Tables

/// A table with a row for each draw and a column for each number of it, as R's `posterior::as_draws_df` or a data frame of Python
/// is written: `beta[tv]`, `beta[1]` or `beta[tv,north]`, beside `.chain`, `.iteration` and `.draw`, with or without the dots, or as
/// CmdStanPy has them, `chain__`, `iter__` and `draw__`.
///
/// Without a column of chains all draws are of one. A chain's draws stand in their order, chains anyhow. Columns whose names
/// begin with a dot or end in two underscores are not the model's; of those `.divergent` and `divergent__` are counted.
struct WideDraws: DrawSource {
  static let format = "csv"

  let path: String
  let variables: [DrawVariable]
  private let fieldCount: Int
  private let columns: [[Int]]
  private let chain: Int?
  private let iteration: Int?
  private let divergent: Int?

  private static let chainNames = [".chain", "chain", "chain__"]
  private static let iterationNames = [".iteration", "iteration", "iter__"]
  private static let drawNames = [".draw", "draw", "draw__"]
  /// Columns that say where a draw stands.
  static let ownNames = chainNames + iterationNames + drawNames

  /// - Parameter header: the first line of the file.
  init(_ path: String, header: TextTable) throws(PosteriorFileError) {
    self.path = path
    let names = header.header.map { $0.trimmingSpaces }
    fieldCount = names.count
    chain = names.firstIndex(where: WideDraws.chainNames.contains)
    iteration =
      names.firstIndex(where: WideDraws.iterationNames.contains)
      ?? names.firstIndex(where: WideDraws.drawNames.contains)
    divergent = names.firstIndex { [".divergent", "divergent__", "diverging"].contains($0) }
    let kept = names.enumerated().filter { _, name in
      !name.isEmpty && !name.hasPrefix(".") && !name.hasSuffix("__") && name != "diverging"
        && !WideDraws.ownNames.contains(name)
    }
    do {
      let elements = try ElementNames(kept.map { (WideDraws.name($1), $0) })
      variables = elements.variables
      columns = elements.positions
    } catch {
      throw PosteriorFileError(.invalid, path, "wrong header, \(error.message)", at: TextPlace(line: 1, column: 1))
    }
  }

  /// `beta[tv,north]`
  private static func name(_ column: String) -> ElementNames.Name {
    guard column.last == "]", let bracket = column.firstIndex(of: "["), bracket != column.startIndex else {
      return ElementNames.Name(variable: column, labels: [])
    }
    let labels = column[column.index(after: bracket)...].dropLast()
      .split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingSpaces }
    return ElementNames.Name(variable: column[..<bracket].trimmingSpaces, labels: labels)
  }

  func draws(of elements: [DrawElement]) throws(PosteriorFileError) -> DrawColumns {
    let asked = elements.map { columns[$0.variable][$0.position] }
    let read = Set(asked + [chain, iteration, divergent].compactMap { $0 }).sorted()
    var table = DrawRows(path: path, fieldCount: fieldCount, columns: read)
    try table.readAll()
    let order = try ChainOrder(
      path: path, lines: table.lines, chains: table.column(chain), iterations: table.column(iteration))
    func ordered(_ column: Int?) -> [Double]? { table.column(column).map { values in order.rows.map { values[$0] } } }
    let places = Dictionary(uniqueKeysWithValues: Set(asked).map { ($0, ordered($0) ?? []) })
    return DrawColumns(
      chainCount: order.chainCount, drawsPerChain: order.drawsPerChain, columns: asked.map { places[$0] ?? [] },
      divergences: ordered(divergent).map { flags in flags.count { $0 != 0 } },
      places: DrawColumns.Places(paths: [path], lines: order.rows.map { table.lines[$0] }))
  }
}

/// The numbers of some columns of a table whose first line is a header.
struct DrawRows {
  let path: String
  private var rows: NumberRows
  private var values: [[Double]]
  private(set) var lines: [Int] = []

  init(path: String, fieldCount: Int, columns: [Int]) {
    self.path = path
    rows = NumberRows(fieldCount: fieldCount, columns: columns, hasComments: false, firstLine: 1)
    values = columns.map { _ in [] }
  }

  /// A column's numbers, nil for none.
  func column(_ number: Int?) -> [Double]? {
    number.flatMap { rows.columns.firstIndex(of: $0) }.map { values[$0] }
  }

  mutating func readAll() throws(PosteriorFileError) {
    var chunks = try LineChunks(path)
    var isFirst = true
    while var chunk = try chunks.next() {
      if isFirst {
        let header = (chunk.firstIndex(of: UInt8(ascii: "\n")) ?? chunk.endIndex - 1) + 1
        rows = NumberRows(fieldCount: rows.fieldCount, columns: rows.columns, hasComments: false, firstLine: 2)
        chunk = chunk[header...]
        isFirst = false
      }
      do {
        try rows.read(chunk.span)
      } catch {
        throw PosteriorFileError(
          .invalid, path, "wrong row, expected \(error.expected), found \(error.found)", at: error.place)
      }
      let count = rows.columns.count
      let read = rows.values
      for column in 0..<count {
        values[column].append(contentsOf: rows.lines.indices.lazy.map { read[$0 * count + column] })
      }
      lines += rows.lines
      rows.removeRows()
    }
    guard !lines.isEmpty else {
      throw PosteriorFileError(
        .invalid, path, "expected draws after the header, found none", at: TextPlace(line: 1, column: 1))
    }
  }
}

/// Rows put chain after chain, chains in the order of their numbers.
struct ChainOrder {
  let chainCount: Int
  let drawsPerChain: Int
  /// Which row each draw is.
  let rows: [Int]

  /// - Parameters:
  ///   - lines: of each row.
  ///   - chains: each row's; nil for one chain.
  ///   - iterations: each row's, increasing in each chain; nil where they are not told.
  init(path: String, lines: [Int], chains: [Double]?, iterations: [Double]?) throws(PosteriorFileError) {
    func wrong(_ row: Int, _ message: String) -> PosteriorFileError {
      PosteriorFileError(.invalid, path, message, at: TextPlace(line: lines[row], column: 1))
    }
    var members: [Double: [Int]] = [:]
    for row in lines.indices {
      let chain = chains?[row] ?? 1
      guard Int(exactly: chain) != nil else {
        throw wrong(row, "wrong chain, expected a whole number, found \(chain)")
      }
      if let iterations, let last = members[chain]?.last, !(iterations[last] < iterations[row]) {
        throw wrong(
          row,
          "wrong order, expected the draws of a chain in increasing order, found \(iterations[row]) after \(iterations[last])"
        )
      }
      members[chain, default: []].append(row)
    }
    let order = members.keys.sorted()
    let longest = members.values.map(\.count).max() ?? 0
    for chain in order {
      guard let count = members[chain]?.count, count != longest else { continue }
      throw PosteriorFileError(
        .invalid, path, "expected as many draws in each chain, \(longest), found \(count) in chain \(Int(chain))")
    }
    chainCount = order.count
    drawsPerChain = longest
    rows = order.flatMap { members[$0] ?? [] }
  }
}
