import ResponseModel
import Tables

/// A label of a cell, and the dim that it is of: `tv` in the column `channel` of a table.
///
/// Spaces round labels and names of dims do not count, in plans, tables and models alike.
public struct CellLabel: Sendable, Equatable {
  /// The dim's name, and where the column that has it begins.
  public var dim: Placed<String>
  /// One of the dim's labels.
  public var label: String

  public init(dim: Placed<String>, label: String) {
    self.dim = dim
    self.label = label
  }
}

/// What a plan says of cells, which it calls by a name or by labels.
protocol CellEntry {
  var cell: Placed<String> { get set }
  /// None where only the name says which cells are meant.
  var labels: [CellLabel] { get set }
  /// Whether what is said of several cells holds for each of them; else it is theirs together.
  static var holdsForEach: Bool { get }
}

extension CellSeries: CellEntry { static var holdsForEach: Bool { true } }
extension CellAmount: CellEntry { static var holdsForEach: Bool { false } }

// MARK: - Labels looked up in the posterior

extension CellNames {
  /// By its labels where it has any, else by its name.
  mutating func reference(_ entry: some CellEntry) -> Reference? {
    entry.labels.isEmpty ? reference(entry.cell) : group(entry).map { reference(to: $0.members) }
  }

  private mutating func group(_ entry: some CellEntry) -> Group? {
    var labels: [Int: String] = [:]
    for label in entry.labels {
      let place = posterior.dims.firstIndex { $0.name.trimmed == label.dim.value.trimmed }
      guard let place, labels.updateValue(label.label.trimmed, forKey: place) == nil else {
        let known = posterior.dims.map(\.name)
        problems.append(
          PlanProblem(
            "wrong header", expected: "each column of labels to be a dim of the model, \(known.listed)",
            found: label.dim.value, suggestion: place == nil ? nearest(to: label.dim.value, in: known) : nil,
            at: label.dim.position))
        return nil
      }
    }
    let places = labels.keys.sorted()
    let key = places.compactMap { labels[$0] }
    if tables[places] == nil {
      tables[places] = Dictionary(grouping: groups(along: places)) { $0.labels.map(\.trimmed) }
    }
    let found = tables[places]?[key] ?? []
    if found.count == 1 { return found[0] }
    problems.append(
      found.isEmpty ? unknown(zip(places, key).map { ($0, $1) }, at: entry.cell.position) : ambiguous(entry.cell, found)
    )
    return nil
  }

  private func unknown(_ labels: [(place: Int, label: String)], at position: TextPosition?) -> PlanProblem {
    for (place, label) in labels {
      let known = posterior.dims[place].labels.map(\.trimmed)
      guard !known.contains(label) else { continue }
      return PlanProblem(
        "unknown \(posterior.dims[place].name), expected one of \(shortened(known)), found \(label)"
          + (nearest(to: label, in: known).map { ", did you mean \($0)?" } ?? ""), at: position)
    }
    return PlanProblem(
      "unknown cell, expected labels that some cell of the model has together, found "
        + labels.map { "\(posterior.dims[$0.place].name) \($0.label)" }.joined(separator: ", "), at: position)
  }

  /// The same, cells that are said by labels called by names that a plan file can have: where no name stands for all that a row
  /// does, and what it says holds for each of them, one by one.
  mutating func named<Entry: CellEntry>(_ entries: [Entry]) -> [Entry] {
    entries.flatMap { entry -> [Entry] in
      guard !entry.labels.isEmpty else { return [entry] }
      guard let group = group(entry) else { return [] }
      func named(_ places: [Int], _ labels: [String]) -> Entry {
        var own = entry
        own.cell.value = CellNames.name(labels)
        own.labels = zip(places, labels).map { place, label in
          CellLabel(
            dim: Placed(posterior.dims[place].name, at: entry.labels[0].dim.position), label: label)
        }
        return own
      }
      let isName = groups[group.name]?.contains { $0.members == group.members } ?? false
      if isName || !Entry.holdsForEach && group.members.count > 1 { return [named(group.places, group.labels)] }
      return group.members.map { named(Array(posterior.dims.indices), modelCells[$0].labels) }
    }
  }

  /// The same of amounts of money, which need a label of each decided dim where they have labels.
  mutating func namedAmounts(_ amounts: [CellAmount]) -> [CellAmount] {
    guard let labels = amounts.lazy.map(\.labels).first(where: { !$0.isEmpty }) else { return amounts }
    let columns = labels.map(\.dim.value.trimmed)
    let known = posterior.dims.map(\.name.trimmed)
    if columns.allSatisfy(known.contains), !spendCells.dims.allSatisfy({ columns.contains($0.trimmed) }) {
      problems.append(
        PlanProblem(
          "wrong header", expected: "a column for each dim that is decided, \(spendCells.dims.listed)",
          found: columns.listed, at: labels[0].dim.position))
      return []
    }
    return named(amounts)
  }

  /// The plan with the cells of its tables called by names that a plan file can have.
  mutating func named(_ plan: Plan) -> Plan {
    var plan = plan
    if case .shares(let series) = plan.distribution { plan.distribution = .shares(named(series)) }
    if case .costs(let series) = plan.costPerUnit { plan.costPerUnit = .costs(named(series)) }
    plan.seasonality = named(plan.seasonality)
    if case .amounts(let amounts, let position) = plan.current {
      plan.current = .amounts(namedAmounts(amounts), position: position)
    }
    if case .byPeriod(let series, let position) = plan.current {
      // A name for each row, as amounts over the horizon have it: money of several cells is theirs together.
      let names = namedAmounts(Allocation(byPeriod: series).amounts)
      plan.current = .byPeriod(
        zip(names, series).map { CellSeries(cell: $0.cell, labels: $0.labels, values: $1.values) }, position: position)
    }
    return plan
  }

  /// The same of an allocation.
  mutating func named(_ allocation: Allocation) -> Allocation {
    Allocation(amounts: namedAmounts(allocation.amounts), distribution: allocation.distribution.map { named($0) })
  }
}

extension StringProtocol {
  /// Without the spaces, tabs and the like at its ends.
  var trimmed: String {
    var rest = self[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }
}

extension [String] {
  /// `a, b and c`
  var listed: String {
    guard let last else { return "" }
    return count == 1 ? last : dropLast().joined(separator: ", ") + " and " + last
  }
}
