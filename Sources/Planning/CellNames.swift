import NumericKernel
import ResponseModel
import Tables

/// The plan's names looked up in the posterior, every mistake kept.
///
/// A name is a cell's labels with a slash between: all of them, those of the decided dims, or the first few or one alone, which
/// stand for every cell that has them. Spaces round a label do not count. A name that cells of different labels have is refused: labels
/// may have slashes of their own, and dims labels alike. A table's columns tell them apart.
struct CellNames {
  let posterior: Posterior
  let spendCells: SpendCells
  var problems: [PlanProblem] = []
  /// By name; more than one where it says too little.
  private(set) var groups: [String: [Group]] = [:]
  /// By places of dims, then by labels along these.
  var tables: [[Int]: [[String]: [Group]]] = [:]
  /// By the model's cell: the amount that it is part of, and its place among the amount's members.
  private let parts: [Part]

  /// The model's cells with the same labels along some dims.
  struct Group: Equatable {
    /// Of the dims, in the model's order.
    var places: [Int]
    var labels: [String]
    var members: [Int]

    var name: String { CellNames.name(labels) }
  }

  /// What a name stands for.
  enum Reference: Equatable {
    /// A decided amount.
    case cell(Int)
    /// Several of them: `tv`, where `tv/north` and `tv/south` are decided.
    case cells([Int])
    /// Cells of the model that are not all of what is decided as one: `tv/north`, where `tv` is.
    case parts([Part])
  }

  /// One of the model's cells.
  struct Part: Equatable {
    var amount: Int
    /// Among the amount's members.
    var member: Int
  }

  init(_ posterior: Posterior, decidedBy dims: [Placed<String>]) {
    self.posterior = posterior
    let known = posterior.dims.map(\.name)
    for dim in dims where !known.contains(where: { $0.trimmed == dim.value.trimmed }) {
      problems.append(
        PlanProblem(
          "decide.by: expected dims of the model, \(known.joined(separator: ", ")), found \(dim.value)",
          at: dim.position))
    }
    let decided = Set(dims.map(\.value.trimmed))
    spendCells = SpendCells(of: posterior, by: Set(known.filter { decided.contains($0.trimmed) }))
    var parts = [Part](repeating: Part(amount: 0, member: 0), count: posterior.cells.count)
    for (amount, cell) in spendCells.cells.enumerated() {
      for (member, index) in cell.members.enumerated() { parts[index] = Part(amount: amount, member: member) }
    }
    self.parts = parts
    let decidedPlaces = known.indices.filter { spendCells.dims.contains(known[$0]) }
    let named =
      known.indices.map { Array(0...$0) } + known.indices.map { [$0] }
      + decidedPlaces.indices.map { Array(decidedPlaces[...$0]) }
    for places in named {
      for group in groups(along: places)
      where !(groups[group.name] ?? []).contains(where: { $0.members == group.members }) {
        groups[group.name, default: []].append(group)
      }
    }
  }

  static func name(_ labels: [String]) -> String { labels.map(\.trimmed).joined(separator: "/") }

  func groups(along places: [Int]) -> [Group] {
    var groups: [Group] = []
    var found: [[String]: Int] = [:]
    for (index, cell) in modelCells.enumerated() {
      let labels = places.map { cell.labels[$0] }
      if let place = found[labels] {
        groups[place].members.append(index)
      } else {
        found[labels] = groups.count
        groups.append(Group(places: places, labels: labels, members: [index]))
      }
    }
    return groups
  }

  /// The model's.
  var modelCells: [Cell] { posterior.cells }

  /// The model's cell that is part of an amount.
  func modelCell(_ part: Part) -> Int { spendCells.cells[part.amount].members[part.member] }

  func reference(to members: [Int]) -> Reference {
    var seen: Set<Int> = []
    let amounts = members.map { parts[$0].amount }.filter { seen.insert($0).inserted }
    let isWhole = amounts.reduce(0) { $0 + spendCells.cells[$1].members.count } == members.count
    guard isWhole else { return .parts(members.map { parts[$0] }) }
    return amounts.count == 1 ? .cell(amounts[0]) : .cells(amounts)
  }

  // MARK: By name

  mutating func reference(_ name: Placed<String>) -> Reference? {
    let found = groups[name.value.trimmed] ?? []
    if found.count == 1 { return reference(to: found[0].members) }
    problems.append(found.isEmpty ? unknown(name) : ambiguous(name, found))
    return nil
  }

  /// The same, of a name that may be wrong; where it says too little, the amounts that it stands for.
  func known(_ name: Placed<String>) -> Reference? {
    let found = (groups[name.value.trimmed] ?? []).map { reference(to: $0.members) }
    if found.count == 1 { return found[0] }
    let whole = found.filter { if case .parts = $0 { false } else { true } }
    return whole.count == 1 ? whole[0] : nil
  }

  /// The amounts that a name stands for, none where it stands for less than one.
  mutating func indices(of name: Placed<String>) -> [Int] {
    switch known(name) ?? reference(name) {
    case .cell(let index): return [index]
    case .cells(let indices): return indices
    case .parts(let parts):
      var seen: Set<Int> = []
      let whole = parts.map(\.amount).filter { seen.insert($0).inserted }.map { spendCells.cells[$0].name }
      problems.append(
        PlanProblem(
          "\(name.value) is part of \(shortened(whole)), \(whole.count == 1 ? "which is decided as one" : "each decided as one"); "
            + "decide.by: [\(posterior.dims.map(\.name).joined(separator: ", "))] would decide it apart",
          at: name.position))
      return []
    case nil: return []
    }
  }

  private func unknown(_ name: Placed<String>) -> PlanProblem {
    let known = spendCells.names
    let guess =
      nearest(to: name.value, in: known) ?? nearest(to: name.value, in: groups.keys.sorted())
    let kind = spendCells.dims.count > 1 ? "cell" : spendCells.dims.first ?? "cell"
    return PlanProblem(
      "unknown \(kind), expected one of \(shortened(known)), found \(name.value)"
        + (guess.map { ", did you mean \($0)?" } ?? ""), at: name.position)
  }

  func ambiguous(_ name: Placed<String>, _ found: [Group]) -> PlanProblem {
    let cells = found.map { group in
      zip(group.places, group.labels).map { "\(posterior.dims[$0].name) \($1)" }.joined(separator: ", ")
    }
    return PlanProblem(
      "\(name.value) is ambiguous, expected the name of one cell or group of cells, found \(cells.joined(separator: "; and "))"
        + ": a CSV file with a column for each dim tells them apart", at: name.position)
  }

  func shortened(_ names: [String]) -> String {
    names.prefix(CellNames.listedNames).joined(separator: ", ") + (names.count > CellNames.listedNames ? ", …" : "")
  }

  /// Names that a message lists before it breaks off.
  private static let listedNames = 20

  mutating func repeated(_ name: Placed<String>) {
    problems.append(PlanProblem("\(name.value) is named twice, expected once", at: name.position))
  }

  /// Whether responses to no money and to the most are numbers, and their sums over cells and draws too; curves never fall, so
  /// that those to less are as well.
  mutating func checkFinite(_ surface: ResponseSurface, at most: [Double]) {
    for (responses, money) in [(surface.atRest, most.map { _ in 0 }), (surface.responses(at: most), most)] {
      let sizes = money.indices.map { index in
        responses.withColumn(index) { column in (0..<column.count).reduce(0) { $0 + abs(column[$1]) } }
      }
      for (index, size) in sizes.enumerated() where !size.isFinite {
        problems.append(
          PlanProblem(
            "\(spendCells.cells[index].name): expected responses whose sum over draws a number can hold, found none at "
              + "\(SpendLimits.format(money[index])) of money: its parameters or scales in \(posterior.source) are too large"
          ))
      }
      if sizes.allSatisfy(\.isFinite), !sizes.reduce(0, +).isFinite {
        problems.append(PlanProblem("the responses of all cells together are more than a number can hold"))
      }
      if !problems.isEmpty { return }
    }
  }

  /// The utility that the plan names, with every default filled in.
  mutating func utility(_ choice: UtilityChoice, periodCount: Int) -> any Utility {
    guard let entry = UtilityCatalogue.entry(named: choice.name.value) else {
      problems.append(PlanProblem("unknown utility \(choice.name.value)", at: choice.name.position))
      return Mean()
    }
    if posterior.drawCount < entry.minimumDraws {
      problems.append(
        PlanProblem(
          "\(entry.name): expected at least \(entry.minimumDraws) draws, which have a spread, found "
            + "\(posterior.drawCount)", at: choice.name.position))
    }
    var values: [String: UtilityEntry.Value] = [:]
    for option in entry.options { values[option.name] = option.defaultValue }
    for option in choice.options { values[option.name.value] = option.value.value }
    return entry.make(UtilityOptions(values, periodCount: periodCount))
  }
}
