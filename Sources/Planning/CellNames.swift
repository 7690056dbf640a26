import NumericKernel
import ResponseModel
import Tables

/// The plan's names looked up in the posterior, every mistake kept.
struct CellNames {
  let posterior: Posterior
  let spendCells: SpendCells
  var problems: [PlanProblem] = []
  private let references: [String: Reference]

  /// What a name stands for.
  enum Reference: Equatable {
    /// A decided amount.
    case cell(Int)
    /// Several of them: `tv`, where `tv/north` and `tv/south` are decided.
    case cells([Int])
    /// Part of one: `tv/north`, where `tv` is decided. Counted in the amount's members.
    case part(Int, member: Int)
  }

  init(_ posterior: Posterior, decidedBy dims: [Placed<String>]) {
    self.posterior = posterior
    let known = posterior.dims.map(\.name)
    for dim in dims where !known.contains(dim.value) {
      problems.append(
        PlanProblem(
          "decide.by: expected dims of the model, \(known.joined(separator: ", ")), found \(dim.value)",
          at: dim.position))
    }
    spendCells = SpendCells(of: posterior, by: Set(dims.map(\.value)))
    references = CellNames.references(to: spendCells, of: posterior)
  }

  /// A decided amount's name comes first, then the shorter ones, then labels of further dims alone, then the longer: labels may be
  /// alike.
  private static func references(to spendCells: SpendCells, of posterior: Posterior) -> [String: Reference] {
    var references: [String: Reference] = [:]
    for (index, cell) in spendCells.cells.enumerated() { references[cell.name] = .cell(index) }
    var groups: [String: [Int]] = [:]
    for (index, cell) in spendCells.cells.enumerated() {
      for count in 1..<max(cell.labels.count, 1) {
        groups[cell.labels.prefix(count).joined(separator: "/"), default: []].append(index)
      }
    }
    for dim in spendCells.dims.indices.dropFirst() {
      var labelled: [String: [Int]] = [:]
      for (index, cell) in spendCells.cells.enumerated() { labelled[cell.labels[dim], default: []].append(index) }
      groups.merge(labelled) { first, _ in first }
    }
    references.merge(groups.mapValues { .cells($0) }) { first, _ in first }
    for (index, cell) in spendCells.cells.enumerated() {
      for (member, part) in cell.members.enumerated() {
        let name = posterior.cells[part].name
        if references[name] == nil { references[name] = .part(index, member: member) }
      }
    }
    return references
  }

  /// The model's.
  var modelCells: [Cell] { posterior.cells }

  mutating func reference(_ name: Placed<String>) -> Reference? {
    if let reference = references[name.value] { return reference }
    let known = spendCells.names
    let guess = nearest(to: name.value, in: known).map { ", did you mean \($0)?" } ?? ""
    let kind = spendCells.dims.count > 1 ? "cell" : spendCells.dims.first ?? "cell"
    let listed = known.prefix(CellNames.listedNames).joined(separator: ", ")
    problems.append(
      PlanProblem(
        "unknown \(kind), expected one of \(listed)\(known.count > CellNames.listedNames ? ", …" : ""), "
          + "found \(name.value)\(guess)",
        at: name.position))
    return nil
  }

  /// Names that a message lists before it breaks off.
  private static let listedNames = 20

  /// The same, of a name that may be wrong.
  func known(_ name: Placed<String>) -> Reference? { references[name.value] }

  /// The amounts that a name stands for, none where it stands for less than one.
  mutating func indices(of name: Placed<String>) -> [Int] {
    switch reference(name) {
    case .cell(let index): return [index]
    case .cells(let indices): return indices
    case .part(let index, _):
      problems.append(
        PlanProblem(
          "\(name.value) is part of \(spendCells.cells[index].name), which is decided as one; decide.by: "
            + "[\(posterior.dims.map(\.name).joined(separator: ", "))] would decide it apart", at: name.position))
      return []
    case nil: return []
    }
  }

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
              + "\(SpendLimits.format(money[index])) of money: its parameters or scales are too large"))
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
