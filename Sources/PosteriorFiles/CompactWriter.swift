import Foundation
import NumericKernel
public import ResponseModel

extension PosteriorFile {
  /// A posterior as a NetCDF-4 file of our own, `format: apportion`, which reads back as the same posterior, every number bit for
  /// bit, and which ArviZ opens. Its diagnostics are those of its draws.
  ///
  /// Throws for a posterior that no file holds, such as one with a curve of somebody's own.
  public static func netCDF(of posterior: Posterior) throws(PosteriorFileError) -> [UInt8] {
    try CompactWriter(posterior).document().bytes(source: posterior.source)
  }
}

/// Lays a posterior out as a NetCDF file.
struct CompactWriter {
  private let cells: CompactCells
  private var posterior: Posterior { cells.posterior }

  init(_ posterior: Posterior) throws(PosteriorFileError) { cells = try CompactCells(posterior) }

  private typealias Dims = [(name: String, length: Int)]
  private var draws: Dims { [("chain", cells.chainCount), ("draw", cells.drawsPerChain)] }
  private var dates: Dims { [(CompactFormat.date, posterior.dates.count)] }

  func document() throws(PosteriorFileError) -> NetCDFDocument {
    var sampled = NetCDFDocument.Group(name: "posterior", dims: draws)
    for (name, length) in draws {
      sampled.variables.append(.init(name: name, dims: [name], values: .wholes(Array(0..<length))))
    }
    var constants = NetCDFDocument.Group(name: "constant_data")
    if !posterior.dates.isEmpty {
      constants.dims = dates
      constants.variables = [try dateCoordinate()]
    }
    for dim in posterior.dims {
      let coordinate = NetCDFDocument.Variable(name: dim.name, dims: [dim.name], values: .texts(dim.labels))
      sampled.dims.append((dim.name, dim.labels.count))
      sampled.variables.append(coordinate)
      constants.dims.append((dim.name, dim.labels.count))
      constants.variables.append(coordinate)
    }
    for parameter in cells.parameters {
      if parameter.isConstant, posterior.drawCount > 1 {
        var number = parameter
        number.columns = parameter.columns.map { column in column.map { [$0[0]] } }
        constants.variables.append(variable(number, along: []))
      } else {
        sampled.variables.append(variable(parameter, along: draws))
      }
    }
    try addMultipliers(sampled: &sampled, constants: &constants)
    let observed: [(String, Dims, (Cell) -> [Double]?)] = [
      (CompactFormat.mediaScale, [], { [$0.mediaScale] }),
      (CompactFormat.outcomeScale, [], { [$0.outcomeScale] }),
      (CompactFormat.media, dates, { $0.history.isEmpty ? nil : $0.history }),
      (CompactFormat.spend, dates, { $0.spendHistory.isEmpty ? nil : $0.spendHistory }),
      (
        CompactFormat.worth, dates,
        { if case .observed(let worths) = $0.worth, !worths.isEmpty { worths } else { nil } }
      ),
      (
        CompactFormat.frequency, dates,
        { cell in cell.reach.flatMap { $0.frequencies.isEmpty ? nil : $0.frequencies } }
      ),
      (CompactFormat.heldFrequency, [], { cell in cell.reach.map { [$0.held] } }),
    ]
    for (name, dims, column) in observed {
      if let columns = cells.columns(name, column) { constants.variables.append(variable(columns, along: dims)) }
    }
    return NetCDFDocument(
      attributes: [(CompactFormat.mark, CompactFormat.version), (CompactFormat.model, try model())],
      groups: [sampled, constants])
  }

  private func addMultipliers(
    sampled: inout NetCDFDocument.Group, constants: inout NetCDFDocument.Group
  ) throws(PosteriorFileError) {
    func multiplier(_ cell: Cell) -> HilbertMultiplier? {
      if case .varying(let multiplier) = cell.worth { multiplier } else { nil }
    }
    let counts = Set(posterior.cells.compactMap { multiplier($0)?.coefficients.columnCount })
    guard let count = counts.first else { return }
    guard counts.count == 1, count > 0 else {
      throw PosteriorFileError(
        .unsupported, posterior.source,
        "cannot be converted: expected as many basis functions in each cell's multiplier, found \(counts.sorted())")
    }
    let basis = [(name: CompactFormat.basis, length: count)]
    sampled.dims += basis
    let coefficients = cells.columns(CompactFormat.coefficient) { cell in
      multiplier(cell).map { multiplier in
        (0..<multiplier.coefficients.drawCount).flatMap { multiplier.coefficients.row($0) }
      }
    }
    if let coefficients { sampled.variables.append(variable(coefficients, along: draws, then: basis)) }
    if let means = cells.columns(CompactFormat.mean, { multiplier($0)?.means }) {
      sampled.variables.append(variable(means, along: draws))
    }
    for (name, number) in [
      (CompactFormat.middle, \HilbertMultiplier.middle), (CompactFormat.halfWidth, \HilbertMultiplier.halfWidth),
    ] {
      if let columns = cells.columns(name, { cell in multiplier(cell).map { [$0[keyPath: number]] } }) {
        constants.variables.append(variable(columns, along: []))
      }
    }
  }

  // MARK: Layout

  /// Columns laid out along some dims, then those of the model that they differ by, then others; not a number in cells without.
  private func variable(
    _ columns: CompactCells.Columns, along dims: Dims, then inner: Dims = []
  ) -> NetCDFDocument.Variable {
    let kept = dimsOfDifference(columns)
    // The first cell of each combination of the labels along those dims.
    let places = posterior.cells.indices.filter { cell in
      zip(kept, cells.grid.coordinates(of: cell)).allSatisfy { $0 || $1 == 0 }
    }
    let outerCount = dims.reduce(1) { $0 * $1.length }
    let innerCount = inner.reduce(1) { $0 * $1.length }
    var numbers = [Double](repeating: .nan, count: outerCount * places.count * innerCount)
    for (place, cell) in places.enumerated() {
      guard let column = columns.columns[cell] else { continue }
      precondition(column.count == outerCount * innerCount, "A column has a number for each place along its dims.")
      for outer in 0..<outerCount {
        for inside in 0..<innerCount {
          numbers[(outer * places.count + place) * innerCount + inside] = column[outer * innerCount + inside]
        }
      }
    }
    let own = zip(posterior.dims, kept).compactMap { $1 ? $0.name : nil }
    return .init(
      name: columns.name, dims: dims.map(\.name) + own + inner.map(\.name), values: .numbers(numbers))
  }

  /// Which of the model's dims columns differ by. A dim with one label stays.
  private func dimsOfDifference(_ columns: CompactCells.Columns) -> [Bool] {
    var identities: [[UInt64]: Int] = [:]
    let identity = columns.columns.map { column -> Int in
      guard let bits = column?.map(\.bitPattern) else { return -1 }
      let known = identities[bits] ?? identities.count
      identities[bits] = known
      return known
    }
    var stride = posterior.cells.count
    return posterior.dims.map { dim in
      stride /= dim.labels.count
      let isShared = identity.indices.allSatisfy { cell in
        identity[cell] == identity[cell - cell / stride % dim.labels.count * stride]
      }
      return dim.labels.count == 1 || !isShared
    }
  }

  private func dateCoordinate() throws(PosteriorFileError) -> NetCDFDocument.Variable {
    let days = posterior.dates.compactMap { TimeAxis.day($0) }
    guard let first = days.first, days.count == posterior.dates.count, days.map(TimeAxis.iso) == posterior.dates,
      zip(days, days.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw PosteriorFileError(
        .unsupported, posterior.source, "cannot be converted: expected dates such as 2022-01-03, oldest first")
    }
    return .init(
      name: CompactFormat.date, dims: [CompactFormat.date], values: .wholes(days.map { $0 - first }),
      attributes: [("units", "days since \(posterior.dates[0])"), ("calendar", "proleptic_gregorian")])
  }

  // MARK: Structure

  private func model() throws(PosteriorFileError) -> String {
    var notes = posterior.notes.map { CompactModel.Note(name: $0.name, text: $0.text) }
    if posterior.format != CompactFormat.name {
      notes.insert(.init(name: "converted from", text: "\(posterior.source) (\(posterior.format))"), at: 0)
    }
    if let thinning = cells.thinning { notes.append(.init(name: "thinned", text: thinning)) }
    let model = CompactModel(
      dims: posterior.dims.map(\.name), kinds: cells.kinds, kindOfCell: cells.kinds.count == 1 ? nil : cells.kindOfCell,
      isContiguous: posterior.isContiguous, divergences: posterior.diagnostics.divergences,
      caveat: posterior.diagnostics.caveat, notes: notes)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(model), as: UTF8.self)
    } catch {
      preconditionFailure("Texts and whole numbers are JSON.")
    }
  }
}
