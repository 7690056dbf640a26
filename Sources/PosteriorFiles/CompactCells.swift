import NumericKernel
import ResponseModel

/// A posterior taken apart into what a file holds: kinds of cells, and for each parameter its columns by cell.
struct CompactCells {
  /// The numbers of a parameter, or of something else, by cell.
  struct Columns {
    var name: String
    /// Nil for a cell that has none.
    var columns: [[Double]?]

    /// Whether every cell's numbers are all the same.
    var isConstant: Bool {
      columns.allSatisfy { column in
        column.map { column in column.allSatisfy { $0.bitPattern == column[0].bitPattern } } ?? true
      }
    }
  }

  let posterior: Posterior
  let grid: CellGrid
  let chainCount: Int
  let drawsPerChain: Int
  let kinds: [CompactModel.Kind]
  let kindOfCell: [Int]
  /// What became of the chains of a posterior that was thinned, as a note.
  let thinning: String?

  /// - Throws: for a posterior that no file holds: one with a family of somebody's own, or with cells that are not its dims'.
  init(_ posterior: Posterior) throws(PosteriorFileError) {
    self.posterior = posterior
    grid = CellGrid(dims: posterior.dims)
    try CompactCells.check(posterior, grid)
    let whole = posterior.chainCount * posterior.drawsPerChain
    let count = posterior.drawCount
    let of = "\(count) of \(whole) draws"
    if count == whole {
      (chainCount, drawsPerChain, thinning) = (posterior.chainCount, posterior.drawsPerChain, nil)
    } else if count % posterior.chainCount == 0 {
      (chainCount, drawsPerChain) = (posterior.chainCount, count / posterior.chainCount)
      thinning = "\(of), thinned evenly; diagnostics are of these"
    } else {
      // Chains would differ by a draw.
      (chainCount, drawsPerChain) = (1, count)
      thinning =
        "\(of), thinned; its \(posterior.chainCount) chains, no longer of one length, are kept as one, so that R-hat is not known"
    }
    var kinds: [CompactModel.Kind] = []
    var indices: [CompactModel.Kind: Int] = [:]
    var kindOfCell: [Int] = []
    for cell in posterior.cells {
      let kind = CompactModel.Kind(cell)
      let index = indices[kind] ?? kinds.count
      if index == kinds.count { kinds.append(kind) }
      indices[kind] = index
      kindOfCell.append(index)
    }
    self.kinds = kinds
    self.kindOfCell = kindOfCell
  }

  private static func check(_ posterior: Posterior, _ grid: CellGrid) throws(PosteriorFileError) {
    func wrong(_ message: String) -> PosteriorFileError {
      PosteriorFileError(.unsupported, posterior.source, "cannot be converted: \(message)")
    }
    let cells = posterior.cells
    guard !cells.isEmpty, cells.count == grid.cellCount,
      cells.indices.allSatisfy({ cells[$0].labels == grid.labels(of: $0) })
    else { throw wrong("expected a cell for each combination of the labels of its dims") }
    guard posterior.drawCount > 0, cells.allSatisfy({ $0.drawCount == posterior.drawCount }) else {
      throw wrong("expected the same draws in every cell, at least one")
    }
    for dim in grid.dims {
      if CompactFormat.reserved.contains(dim.name) {
        throw wrong("a dim named \(dim.name) is taken for something else in the file")
      }
      if let twice = dim.labels.firstRepeated { throw wrong("expected each \(dim.name) once, found \(twice) twice") }
    }
    if let twice = grid.dims.map(\.name).firstRepeated { throw wrong("expected each dim once, found \(twice) twice") }
    for cell in cells {
      guard SaturationCatalogue.family(named: cell.saturation.name) == cell.saturation else {
        throw wrong("the curve \(cell.saturation.name) of \(cell.name) is none that files know by name")
      }
      guard CarryoverCatalogue.family(named: cell.carryover.name) == cell.carryover else {
        throw wrong("the carryover \(cell.carryover.name) of \(cell.name) is none that files know by name")
      }
      var observed = [cell.history.count, cell.spendHistory.count, cell.reach?.frequencies.count ?? 0].filter { $0 > 0 }
      if case .observed(let worths) = cell.worth { observed.append(worths.count) }
      if let count = observed.first(where: { $0 != posterior.dates.count }) {
        throw wrong("expected \(posterior.dates.count) observed periods of \(cell.name), as dates, found \(count)")
      }
    }
  }

  /// The parameters of curves and carryovers, and how reach responds to frequency: a number for each draw.
  var parameters: [Columns] {
    let names = CompactNames(kinds)
    var parameters: [Columns] = []
    var indices: [String: Int] = [:]
    func add(_ name: String, _ column: [Double], of cell: Int) {
      let index = indices[name] ?? parameters.count
      if index == parameters.count {
        parameters.append(Columns(name: name, columns: [[Double]?](repeating: nil, count: posterior.cells.count)))
        indices[name] = index
      }
      parameters[index].columns[cell] = column
    }
    for (index, cell) in posterior.cells.enumerated() {
      for (column, parameter) in cell.carryover.parameters.enumerated() {
        add(names.carryover(cell.carryover.name, parameter.name), cell.carryoverParameters.column(column), of: index)
      }
    }
    for (index, cell) in posterior.cells.enumerated() {
      for (column, parameter) in cell.saturation.parameters.enumerated() {
        add(names.saturation(cell.saturation.name, parameter.name), cell.saturationParameters.column(column), of: index)
      }
    }
    for (index, cell) in posterior.cells.enumerated() {
      guard let reach = cell.reach else { continue }
      for column in 0..<reach.parameters.columnCount {
        add(CompactFormat.reachParameters[column], reach.parameters.column(column), of: index)
      }
    }
    return parameters
  }

  /// What each cell has by a name; nil where no cell has it.
  func columns(_ name: String, _ column: (Cell) -> [Double]?) -> Columns? {
    let columns = posterior.cells.map(column)
    return columns.contains { $0 != nil } ? Columns(name: name, columns: columns) : nil
  }
}

extension CompactModel.Kind {
  init(_ cell: Cell) {
    var firstFunction: Int?
    let worth: Worth
    switch cell.worth {
    case .one: worth = .one
    case .observed: worth = .observed
    case .varying(let multiplier):
      worth = .varying
      firstFunction = multiplier.firstFunction
    }
    let order: Order
    switch cell.order {
    case .carryoverFirst: order = .carryoverFirst
    case .saturationFirst: order = .saturationFirst
    }
    self.init(
      saturation: cell.saturation.name, carryover: cell.carryover.name, window: cell.window,
      isNormalized: cell.isNormalized, order: order, hasMedia: !cell.history.isEmpty,
      hasSpend: !cell.spendHistory.isEmpty, worth: worth, firstFunction: firstFunction,
      reach: cell.reach.map { $0.parameters.columnCount == 1 ? .linear : .hill })
  }
}
