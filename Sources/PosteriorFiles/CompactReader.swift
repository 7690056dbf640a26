import Foundation
import NumericKernel
import ResponseModel

/// Reads our own NetCDF, and believes nothing of it: what the structure promises is looked for, and every number is one that a
/// cell may have.
struct CompactReader {
  private let file: NetCDFFile
  private let model: CompactModel
  private let names: CompactNames
  private let grid: CellGrid
  private let draws: DrawGroup
  private let constants: NetCDFGroup
  private let time: TimeAxis?

  static func read(_ file: NetCDFFile) throws(PosteriorFileError) -> Posterior {
    try CompactReader(file).posterior()
  }

  private init(_ file: NetCDFFile) throws(PosteriorFileError) {
    self.file = file
    let root = file.root
    let version = try root.text(CompactFormat.mark)
    guard let version else {
      throw PosteriorFileError(
        .unsupported, file.path,
        "is a NetCDF file of another kind: expected the root attribute \(CompactFormat.mark), as apportion convert writes it, found none"
      )
    }
    guard version == CompactFormat.version else {
      throw PosteriorFileError(
        .unsupported, file.path,
        "root attribute \(CompactFormat.mark): expected \(CompactFormat.version), found \(version.prefix(40)): it may be of a later version of apportion"
      )
    }
    model = try CompactReader.model(root)
    names = CompactNames(model.kinds)
    draws = try DrawGroup(root.posterior)
    constants = try root.constantData
    var dims: [Posterior.Dim] = []
    for name in model.dims {
      guard let labels = try draws.group.labels(of: name), !labels.isEmpty else {
        throw PosteriorFileError(
          .invalid, file.path, "posterior: expected a coordinate \(name) with the labels along it, found none")
      }
      dims.append(Posterior.Dim(name: name, labels: labels))
    }
    grid = CellGrid(dims: dims)
    // Every cell gets its own draws.
    _ = try file.elementCount(
      [draws.chainCount, draws.drawsPerChain] + dims.map(\.labels.count), at: "posterior")
    if let kinds = model.kindOfCell {
      guard kinds.count == grid.cellCount, kinds.allSatisfy(model.kinds.indices.contains) else {
        throw root.wrong(
          CompactFormat.model,
          "kind_of_cell: expected one of \(model.kinds.count) kinds for each of \(grid.cellCount) cells")
      }
    }
    time = try constants.variable(CompactFormat.date) == nil ? nil : PyMCConstants.time(in: constants)
    if model.isContiguous, !(time?.isContiguous ?? false) {
      throw root.wrong(CompactFormat.model, "contiguous: expected false, for the dates are not at one distance")
    }
  }

  private static func model(_ root: NetCDFGroup) throws(PosteriorFileError) -> CompactModel {
    guard let text = try root.text(CompactFormat.model) else {
      throw root.wrong(CompactFormat.model, "expected the model's structure, found no such attribute")
    }
    let model: CompactModel
    do {
      model = try JSONDecoder().decode(CompactModel.self, from: Data(text.utf8))
    } catch {
      throw root.wrong(
        CompactFormat.model, "expected JSON as apportion convert writes it, found \u{201C}\(text.prefix(60))\u{201D}")
    }
    func wrong(_ message: String) -> PosteriorFileError { root.wrong(CompactFormat.model, message) }
    guard model.dims.first == "channel", model.dims.firstRepeated == nil,
      CompactFormat.reserved.isDisjoint(with: model.dims)
    else { throw wrong("dims: expected channel and others, each once, found \(listed(model.dims))") }
    guard !model.kinds.isEmpty, model.kinds.count == 1 || model.kindOfCell != nil else {
      throw wrong("expected one kind, or kind_of_cell, found \(model.kinds.count) kinds")
    }
    if let count = model.divergences, count < 0 { throw wrong("divergences: expected none or more, found \(count)") }
    for kind in model.kinds {
      guard SaturationCatalogue.family(named: kind.saturation) != nil else {
        throw wrong("saturation: expected a curve by its name, found \(kind.saturation.prefix(40))")
      }
      guard CarryoverCatalogue.family(named: kind.carryover) != nil else {
        throw wrong("carryover: expected one by its name, found \(kind.carryover.prefix(40))")
      }
      guard CompactFormat.windows.contains(kind.window) else {
        throw wrong("window: expected 1 to \(CompactFormat.windows.upperBound) lags, found \(kind.window)")
      }
      guard (kind.worth == .varying) == (kind.firstFunction != nil), (1...1_000_000).contains(kind.firstFunction ?? 1)
      else { throw wrong("first_function: expected 1 or more where worth is varying, and there alone") }
    }
    return model
  }

  private func posterior() throws(PosteriorFileError) -> Posterior {
    var cells: [Cell] = []
    var families = Families()
    for cell in 0..<grid.cellCount { families.add(cell, model.kind(ofCell: cell)) }
    var parameters = Parameters()
    for (name, users) in families.carryovers {
      guard let family = CarryoverCatalogue.family(named: name) else { continue }
      for parameter in family.parameters {
        try read(names.carryover(name, parameter.name), in: parameter.domain, for: users, into: &parameters)
      }
    }
    for (name, users) in families.saturations {
      guard let family = SaturationCatalogue.family(named: name) else { continue }
      for parameter in family.parameters {
        // That of reach follows from how it responds to frequency.
        try read(
          names.saturation(name, parameter.name), in: parameter.domain, for: users, into: &parameters,
          diagnosed: users.filter { model.kind(ofCell: $0).reach == nil })
      }
    }
    for (name, parameter) in zip(CompactFormat.reachParameters, Hill.parameters) {
      let users = families.reach.filter {
        name == CompactFormat.reachParameters[0] || model.kind(ofCell: $0).reach == .hill
      }
      if !users.isEmpty { try read(name, in: parameter.domain, for: users, into: &parameters) }
    }
    let all = Array(0..<grid.cellCount)
    let mediaScales = try numbers(CompactFormat.mediaScale, for: all, ModelParameter.Domain.positive.contains)
    let outcomeScales = try numbers(CompactFormat.outcomeScale, for: all, \.isFinite)
    func kept(_ isKept: (CompactModel.Kind) -> Bool) -> [Int] { all.filter { isKept(model.kind(ofCell: $0)) } }
    let media = try observed(CompactFormat.media, for: kept(\.hasMedia)) { $0.isNaN || $0 >= 0 && $0.isFinite }
    let spend = try observed(CompactFormat.spend, for: kept(\.hasSpend)) { $0.isNaN || $0 >= 0 && $0.isFinite }
    let worths = try observed(CompactFormat.worth, for: kept { $0.worth == .observed }, \.isFinite)
    let frequencies = try observed(CompactFormat.frequency, for: families.reach) { $0 >= 0 && $0.isFinite }
    let held = try numbers(
      CompactFormat.heldFrequency, for: families.reach, ModelParameter.Domain.positive.contains)
    let multipliers = try multipliers(for: kept { $0.worth == .varying })

    for index in all {
      let kind = model.kind(ofCell: index)
      guard let saturation = SaturationCatalogue.family(named: kind.saturation),
        let carryover = CarryoverCatalogue.family(named: kind.carryover)
      else { continue }
      var cell = Cell(
        labels: grid.labels(of: index), saturation: saturation,
        saturationParameters: matrix(
          saturation.parameters.map { names.saturation(kind.saturation, $0.name) }, parameters, of: index),
        carryover: carryover,
        carryoverParameters: matrix(
          carryover.parameters.map { names.carryover(kind.carryover, $0.name) }, parameters, of: index),
        window: kind.window, isNormalized: kind.isNormalized, order: TransformationOrder(kind.order),
        mediaScale: mediaScales[index]?[0] ?? 1, outcomeScale: outcomeScales[index]?[0] ?? 1,
        history: media[index] ?? [])
      cell.spendHistory = spend[index] ?? []
      switch kind.worth {
      case .one: break
      case .observed: cell.worth = .observed(worths[index] ?? [])
      case .varying: if let multiplier = multipliers[index] { cell.worth = .varying(multiplier) }
      }
      if let reach = kind.reach {
        cell.reach = ReachCurve(
          frequencies: frequencies[index] ?? [], held: held[index]?[0] ?? 1,
          parameters: matrix(
            Array(CompactFormat.reachParameters.prefix(reach == .hill ? 3 : 1)), parameters, of: index))
      }
      cells.append(cell)
    }
    let sampled = draws.drawCount == 1 || model.caveat != nil ? [] : parameters.diagnosed
    let scores = NormalScores(chainCount: draws.chainCount, drawsPerChain: draws.drawsPerChain)
    return Posterior(
      source: file.path, format: CompactFormat.name, dims: grid.dims, cells: cells, chainCount: draws.chainCount,
      drawsPerChain: draws.drawsPerChain, dates: time?.dates ?? [], isContiguous: model.isContiguous,
      diagnostics: PosteriorDiagnostics(
        parameters: Parallel.map(sampled.count) { [chainCount = draws.chainCount] index in
          let numbers = sampled[index].draws
          return PosteriorDiagnostics.Parameter(
            name: sampled[index].name, draws: numbers.span, chainCount: chainCount, scores: scores)
        }, divergences: model.divergences, caveat: model.caveat),
      notes: model.notes.map { ($0.name, $0.text) })
  }

  /// The cells of each family, families in the order in which cells have them.
  private struct Families {
    var saturations: [(name: String, cells: [Int])] = []
    var carryovers: [(name: String, cells: [Int])] = []
    var reach: [Int] = []

    mutating func add(_ cell: Int, _ kind: CompactModel.Kind) {
      func add(_ name: String, to families: inout [(name: String, cells: [Int])]) {
        if let index = families.firstIndex(where: { $0.name == name }) {
          families[index].cells.append(cell)
        } else {
          families.append((name, [cell]))
        }
      }
      add(kind.saturation, to: &saturations)
      add(kind.carryover, to: &carryovers)
      if kind.reach != nil { reach.append(cell) }
    }
  }

  // MARK: Draws

  /// The draws of parameters, by name and cell.
  private struct Parameters {
    var columns: [String: [Int: [Double]]] = [:]
    /// Those that differ from draw to draw, each once.
    var diagnosed: [(name: String, draws: [Double])] = []
  }

  private func matrix(_ names: [String], _ parameters: Parameters, of cell: Int) -> DrawMatrix {
    DrawMatrix(
      columns: names.map { parameters.columns[$0]?[cell] ?? [Double](repeating: .nan, count: draws.drawCount) },
      drawCount: draws.drawCount)
  }

  /// A parameter's draws, or the number that it is fixed at, for the cells that have it.
  private func read(
    _ name: String, in domain: ModelParameter.Domain, for cells: [Int], into parameters: inout Parameters,
    diagnosed: [Int]? = nil
  ) throws(PosteriorFileError) {
    var columns: [Int: [Double]] = [:]
    if let array = try CompactArray(name, in: draws.group, along: sampleDims, grid) {
      for (column, cells) in array.columns(of: cells) {
        let numbers = array.numbers(column: column)
        if let draw = numbers.firstIndex(where: { !domain.contains($0) }) {
          let count = numbers.count { !domain.contains($0) }
          throw PosteriorFileError(
            .invalid, file.path,
            "\(array.name(column: column)): expected \(domain.description), found \(numbers[draw]) in chain "
              + "\(draw / draws.drawsPerChain), draw \(draw % draws.drawsPerChain) (counted from 0); \(count) of \(numbers.count) values are wrong"
          )
        }
        for cell in cells { columns[cell] = numbers }
        let isFixed = numbers.allSatisfy { $0.bitPattern == numbers[0].bitPattern }
        if !isFixed, diagnosed.map({ !Set($0).isDisjoint(with: cells) }) ?? true {
          parameters.diagnosed.append((array.label(name, column: column), numbers))
        }
      }
    } else if let array = try CompactArray(name, in: constants, along: [], grid) {
      for (column, cells) in array.columns(of: cells) {
        let number = array.numbers(column: column)[0]
        guard domain.contains(number) else {
          throw PosteriorFileError(
            .invalid, file.path, "\(array.name(column: column)): expected \(domain.description), found \(number)")
        }
        for cell in cells { columns[cell] = [Double](repeating: number, count: draws.drawCount) }
      }
    } else {
      throw PosteriorFileError(
        .invalid, file.path,
        "posterior: expected draws of \(name), or its number in constant_data, found \(listed(try draws.group.variableNames()))"
      )
    }
    parameters.columns[name] = columns
  }

  private var sampleDims: [(name: String, length: Int)] {
    [("chain", draws.chainCount), ("draw", draws.drawsPerChain)]
  }

  private func multipliers(for cells: [Int]) throws(PosteriorFileError) -> [Int: HilbertMultiplier] {
    guard !cells.isEmpty else { return [:] }
    guard let count = try draws.group.length(of: CompactFormat.basis), count > 0 else {
      throw PosteriorFileError(
        .invalid, file.path,
        "posterior: expected a dimension \(CompactFormat.basis) for a multiplier that varies in time, found none")
    }
    _ = try file.elementCount([draws.drawCount, count, grid.cellCount], at: "posterior")
    let basis = [(name: CompactFormat.basis, length: count)]
    let coefficients = try numbers(
      CompactFormat.coefficient, in: draws.group, along: basis + sampleDims, for: cells, \.isFinite)
    let means = try numbers(
      CompactFormat.mean, in: draws.group, along: sampleDims, for: cells, ModelParameter.Domain.positive.contains)
    let middles = try numbers(CompactFormat.middle, for: cells, \.isFinite)
    let halfWidths = try numbers(CompactFormat.halfWidth, for: cells, ModelParameter.Domain.positive.contains)
    var multipliers: [Int: HilbertMultiplier] = [:]
    for cell in cells {
      guard let flat = coefficients[cell], let means = means[cell], let middle = middles[cell]?[0],
        let halfWidth = halfWidths[cell]?[0]
      else { continue }
      let drawCount = draws.drawCount
      multipliers[cell] = HilbertMultiplier(
        coefficients: DrawMatrix(
          columns: (0..<count).map { Array(flat[($0 * drawCount)..<(($0 + 1) * drawCount)]) }, drawCount: drawCount),
        firstFunction: model.kind(ofCell: cell).firstFunction ?? 1, means: means, middle: middle, halfWidth: halfWidth)
    }
    return multipliers
  }

  // MARK: Constants

  /// What was observed of some cells, by period.
  private func observed(
    _ name: String, for cells: [Int], _ isRight: (Double) -> Bool
  ) throws(PosteriorFileError) -> [Int: [Double]] {
    guard !cells.isEmpty else { return [:] }
    guard let time else {
      throw PosteriorFileError(
        .invalid, file.path, "constant_data: expected a coordinate \(CompactFormat.date) for \(name), found none")
    }
    return try numbers(
      name, in: constants, along: [(CompactFormat.date, time.dates.count)], for: cells, isRight)
  }

  /// A number of each of some cells.
  private func numbers(
    _ name: String, for cells: [Int], _ isRight: (Double) -> Bool
  ) throws(PosteriorFileError) -> [Int: [Double]] {
    try numbers(name, in: constants, along: [], for: cells, isRight)
  }

  private func numbers(
    _ name: String, in group: NetCDFGroup, along dims: [(name: String, length: Int)], for cells: [Int],
    _ isRight: (Double) -> Bool
  ) throws(PosteriorFileError) -> [Int: [Double]] {
    guard !cells.isEmpty else { return [:] }
    guard let array = try CompactArray(name, in: group, along: dims, grid) else {
      throw PosteriorFileError(
        .invalid, file.path, "\(group.path): expected \(name), found \(listed(try group.variableNames()))")
    }
    var found: [Int: [Double]] = [:]
    for (column, cells) in array.columns(of: cells) {
      let numbers = array.numbers(column: column)
      if let wrong = numbers.first(where: { !isRight($0) }) {
        throw PosteriorFileError(
          .invalid, file.path, "\(array.name(column: column)): \(wrong) is no number that it may be")
      }
      for cell in cells { found[cell] = numbers }
    }
    return found
  }
}

/// A variable along some dims, and along those of the model's that its numbers differ by.
private struct CompactArray {
  private let array: NamedArray
  private let grid: GridColumns
  /// Where the numbers of a column stand behind its first one.
  private let steps: [Int]

  /// Nil where there is no such variable.
  init?(
    _ name: String, in group: NetCDFGroup, along dims: [(name: String, length: Int)], _ grid: CellGrid
  ) throws(PosteriorFileError) {
    guard let variable = try group.variable(name) else { return nil }
    let array = try NamedArray(variable, allowed: dims.map(\.name) + grid.dims.map(\.name))
    var steps = [0]
    for (dim, length) in dims {
      guard array.dims.contains(dim) else {
        throw PosteriorFileError(
          .invalid, group.file.path,
          "\(array.place): expected the dim \(dim), found \(array.dims.isEmpty ? "none" : listed(array.dims))")
      }
      try array.expect(length, along: dim, in: group.file.path)
      let stride = array.stride(along: dim)
      steps = steps.flatMap { step in (0..<length).map { step + $0 * stride } }
    }
    self.array = array
    self.grid = try GridColumns(array, in: group, of: grid)
    self.steps = steps
  }

  /// The columns that some cells have, each with those of them that have it, in the order of the columns.
  func columns(of cells: [Int]) -> [(column: Int, cells: [Int])] {
    var users: [Int: [Int]] = [:]
    for cell in cells { users[grid.column[cell], default: []].append(cell) }
    return users.keys.sorted().map { ($0, users[$0] ?? []) }
  }

  func numbers(column: Int) -> [Double] { steps.map { array.values[grid.offsets[column] + $0] } }

  /// `posterior/saturation_beta[tv]`
  func name(column: Int) -> String { grid.name(array.place, column: column) }

  func label(_ name: String, column: Int) -> String { grid.name(name, column: column) }
}
