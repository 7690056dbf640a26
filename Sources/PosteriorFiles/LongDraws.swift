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

  /// - Parameter header: the first line of the file.
  init(_ path: String, header: TextTable) throws(PosteriorFileError) {
    var rows = LongRows(path, try LongColumns(path, header.header.map { $0.trimmingSpaces }))
    var chunks = try LineChunks(path)
    var isFirst = true
    while var chunk = try chunks.next() {
      if isFirst { chunk = chunk[((chunk.firstIndex(of: UInt8(ascii: "\n")) ?? chunk.endIndex - 1) + 1)...] }
      isFirst = false
      try rows.read(chunk.span)
    }
    (chainCount, drawsPerChain) = try rows.sort()
    self.path = path
    let names: ElementNames
    do {
      names = try ElementNames(rows.elements.enumerated().map { ($1.name, $0) })
    } catch {
      throw PosteriorFileError(.invalid, path, error.message)
    }
    columns = names.positions.map { $0.map { rows.elements[$0].values } }
    variables = names.variables.map { variable in
      var variable = variable
      for (axis, dim) in (rows.dims[variable.name] ?? []).enumerated() {
        variable.axes[axis].name = rows.columns.dims[dim].name
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
  var count: Int

  init(_ path: String, _ header: [String]) throws(PosteriorFileError) {
    func column(_ names: [String]) -> Int? { names.lazy.compactMap { header.firstIndex(of: $0) }.first }
    guard let draw = column(["draw", ".draw", "iteration", ".iteration"]), let variable = column(["variable"]),
      let value = column(["value"])
    else {
      throw PosteriorFileError(
        .invalid, path,
        "wrong header, expected chain,draw,variable,channel,value, found \(header.joined(separator: ","))",
        at: TextPlace(line: 1, column: 1))
    }
    self.draw = draw
    self.variable = variable
    self.value = value
    chain = column(["chain", ".chain"])
    let own = ["chain", "draw", "iteration", "variable", "value"]
    dims = header.enumerated().filter { _, name in !name.isEmpty && !own.contains(name) && !name.hasPrefix(".") }
      .map { ($1, $0) }
    count = header.count
  }
}

/// The numbers of each element in the order of their rows, and then of chains and draws.
private struct LongRows {
  /// One number of each draw.
  struct Element {
    var name: ElementNames.Name
    var values: [Double] = []
    /// Chain and draw of each, in one number that is in their order.
    var places: [Int64] = []
    var lines: [Int32] = []
  }

  let columns: LongColumns
  private(set) var elements: [Element] = []
  /// For each variable the dims that it has.
  private(set) var dims: [String: [Int]] = [:]

  private let path: String
  private var fields: FieldRanges
  private var line = 2
  /// The bytes that name an element, zeros between them.
  private var keys: [[UInt8]] = []
  /// Elements by the hash of their keys, the next free place after it: −1 where there is none.
  private var slots = [Int32](repeating: -1, count: 64)

  init(_ path: String, _ columns: LongColumns) {
    self.path = path
    self.columns = columns
    fields = FieldRanges(count: columns.count)
  }

  mutating func read(_ bytes: Span<UInt8>) throws(PosteriorFileError) {
    var next = 0
    while next < bytes.count {
      let start = next
      let isRow: Bool
      do {
        isRow = try fields.read(bytes, at: &next, line: line)
      } catch {
        throw PosteriorFileError(
          .invalid, path, "not a table, expected \(error.expected), found \(error.found)", at: error.place)
      }
      if isRow { try add(bytes, start) }
      line += 1
    }
  }

  private mutating func add(_ bytes: Span<UInt8>, _ start: Int) throws(PosteriorFileError) {
    let index = try element(bytes, start)
    var place = fields.ranges[columns.value].lowerBound
    guard let value = decimalNumber(in: bytes, at: &place), place == fields.ranges[columns.value].upperBound else {
      throw wrong(columns.value, "wrong value, expected a number", bytes, start)
    }
    let draw = try whole(columns.draw, "draw", bytes, start)
    let chain = try columns.chain.map { column throws(PosteriorFileError) in
      try whole(column, "chain", bytes, start)
    }
    elements[index].values.append(value)
    elements[index].places.append(Int64(chain ?? 1) << 32 + (Int64(draw) - Int64(Int32.min)))
    elements[index].lines.append(Int32(truncatingIfNeeded: line))
  }

  private func whole(
    _ column: Int, _ name: String, _ bytes: Span<UInt8>, _ start: Int
  ) throws(PosteriorFileError) -> Int32 {
    let range = fields.ranges[column]
    var number = 0
    var next = range.lowerBound
    let isNegative = next < range.upperBound && bytes[next] == UInt8(ascii: "-")
    if isNegative || next < range.upperBound && bytes[next] == UInt8(ascii: "+") { next += 1 }
    let first = next
    while next < range.upperBound, bytes[next] &- UInt8(ascii: "0") < 10, next - first < 10 {
      number = number * 10 + Int(bytes[next] &- UInt8(ascii: "0"))
      next += 1
    }
    if next > first, next == range.upperBound, let whole = Int32(exactly: isNegative ? -number : number) {
      return whole
    }
    throw wrong(column, "wrong \(name), expected a whole number", bytes, start)
  }

  private func wrong(
    _ column: Int, _ message: String, _ bytes: Span<UInt8>, _ start: Int
  ) -> PosteriorFileError {
    let found = fields.text(column, of: bytes).map { "'\($0.prefix(60))'" } ?? "bytes that are not UTF-8"
    return PosteriorFileError(
      .invalid, path, "\(message), found \(found)",
      at: TextPlace(line: line, column: fields.column(of: column, in: bytes, from: start)))
  }

  // MARK: Elements by name

  /// Which element the row is of.
  private mutating func element(_ bytes: Span<UInt8>, _ start: Int) throws(PosteriorFileError) -> Int {
    // FNV-1a.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    for place in fields.ranges[columns.variable] { add(bytes[place]) }
    for dim in columns.dims {
      add(0)
      for place in label(dim.column, bytes) { add(bytes[place]) }
    }
    var slot = Int(truncatingIfNeeded: hash >> 20) & (slots.count - 1)
    while slots[slot] >= 0 {
      let index = Int(slots[slot])
      if isKey(keys[index], bytes) { return index }
      slot = (slot + 1) & (slots.count - 1)
    }
    try addElement(bytes, start)
    slots[slot] = Int32(elements.count - 1)
    if elements.count * 2 > slots.count { growSlots() }
    return elements.count - 1
  }

  /// Nothing, where R says NA.
  private func label(_ column: Int, _ bytes: Span<UInt8>) -> Range<Int> {
    let range = fields.ranges[column]
    let isMissing =
      range.count == 2 && bytes[range.lowerBound] == UInt8(ascii: "N")
      && bytes[range.lowerBound + 1] == UInt8(ascii: "A")
    return isMissing ? range.lowerBound..<range.lowerBound : range
  }

  private func isKey(_ key: [UInt8], _ bytes: Span<UInt8>) -> Bool {
    var next = 0
    func goesOn(_ range: Range<Int>) -> Bool {
      guard key.count - next >= range.count else { return false }
      for place in range {
        guard key[next] == bytes[place] else { return false }
        next += 1
      }
      return true
    }
    guard goesOn(fields.ranges[columns.variable]) else { return false }
    for dim in columns.dims {
      guard next < key.count, key[next] == 0 else { return false }
      next += 1
      guard goesOn(label(dim.column, bytes)) else { return false }
    }
    return next == key.count
  }

  private mutating func addElement(_ bytes: Span<UInt8>, _ start: Int) throws(PosteriorFileError) {
    guard let variable = fields.text(columns.variable, of: bytes), !variable.isEmpty else {
      throw wrong(columns.variable, "wrong variable, expected a name", bytes, start)
    }
    let present = columns.dims.indices.filter { !label(columns.dims[$0].column, bytes).isEmpty }
    if let expected = dims[variable], expected != present {
      throw PosteriorFileError(
        .invalid, path, "wrong row, expected the same dims in each row of \(variable), found different ones",
        at: TextPlace(line: line, column: fields.column(of: columns.variable, in: bytes, from: start)))
    }
    dims[variable] = present
    var key = fields.ranges[columns.variable].map { bytes[$0] }
    for dim in columns.dims { key += [0] + label(dim.column, bytes).map { bytes[$0] } }
    keys.append(key)
    var labels: [String] = []
    for dim in present {
      let (name, column) = columns.dims[dim]
      guard let label = fields.text(column, of: bytes) else {
        throw wrong(column, "wrong \(name), expected a name", bytes, start)
      }
      labels.append(label)
    }
    elements.append(Element(name: ElementNames.Name(variable: variable, labels: labels)))
  }

  private mutating func growSlots() {
    slots = [Int32](repeating: -1, count: slots.count * 4)
    for (index, key) in keys.enumerated() {
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      for byte in key { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      var slot = Int(truncatingIfNeeded: hash >> 20) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(index)
    }
  }

  // MARK: Draws in order

  /// Puts every element's draws in order: each has each draw once.
  mutating func sort() throws(PosteriorFileError) -> (chainCount: Int, drawsPerChain: Int) {
    guard !elements.isEmpty else {
      throw PosteriorFileError(
        .invalid, path, "expected draws after the header, found none", at: TextPlace(line: 1, column: 1))
    }
    for index in elements.indices {
      let places = elements[index].places
      if !zip(places, places.dropFirst()).allSatisfy({ $0 < $1 }) {
        let order = places.indices.sorted { (places[$0], $0) < (places[$1], $1) }
        if let (next, _) = zip(order.dropFirst(), order).first(where: { places[$0] == places[$1] }) {
          throw PosteriorFileError(
            .invalid, path, "expected each draw of \(shown(index)) once, found \(inWords(places[next])) again",
            at: TextPlace(line: Int(elements[index].lines[next]), column: 1))
        }
        elements[index].values = order.map { elements[index].values[$0] }
        elements[index].places = order.map { places[$0] }
      }
      elements[index].lines = []
      let first = elements[0].places
      guard elements[index].places.count == first.count else {
        throw PosteriorFileError(
          .invalid, path,
          "expected \(first.count) draws of \(shown(index)), as of \(shown(0)), found \(elements[index].places.count)")
      }
      if let (place, expected) = zip(elements[index].places, first).first(where: { $0 != $1 }) {
        throw PosteriorFileError(
          .invalid, path,
          "expected the draws of \(shown(index)) that there are of \(shown(0)), with \(inWords(expected)), found "
            + inWords(place))
      }
      if index > 0 { elements[index].places = [] }
    }
    var chains: [(number: Int, count: Int)] = []
    for place in elements[0].places {
      let number = Int(place >> 32)
      if chains.last?.number == number { chains[chains.count - 1].count += 1 } else { chains.append((number, 1)) }
    }
    let longest = chains.map(\.count).max() ?? 0
    if let short = chains.first(where: { $0.count != longest }) {
      throw PosteriorFileError(
        .invalid, path,
        "expected as many draws in each chain, \(longest), found \(short.count) in chain \(short.number)")
    }
    return (chains.count, longest)
  }

  private func shown(_ index: Int) -> String {
    let name = elements[index].name
    return name.labels.isEmpty ? name.variable : "\(name.variable)[\(name.labels.joined(separator: ","))]"
  }

  private func inWords(_ place: Int64) -> String {
    "chain \(place >> 32), draw \((place & 0xFFFF_FFFF) + Int64(Int32.min))"
  }
}
