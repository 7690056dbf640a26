import NumericKernel
import ResponseModel

/// The draws of one parameter of a curve or a carryover: a column for each combination of the labels it has.
struct ParameterDraws {
  /// `adstock_alpha`, or `adstock_alpha[tv]` for each channel; none for a number that is the same in every draw.
  var names: [String]
  /// Chain after chain.
  var columns: [[Double]]
  /// The column of each cell.
  var column: [Int]

  func diagnostics(chainCount: Int) -> [PosteriorDiagnostics.Parameter] {
    Parallel.map(names.count) { index in
      let draws = columns[index]
      return PosteriorDiagnostics.Parameter(name: names[index], draws: draws.span, chainCount: chainCount)
    }
  }
}

/// The posterior group: the draws of every parameter, checked against its domain.
struct PyMCDraws {
  let chainCount: Int
  let drawsPerChain: Int
  /// What every parameter is drawn along.
  private let sampleDims: [String]
  /// In the order of the family's parameters.
  private(set) var adstock: [ParameterDraws] = []
  private(set) var saturation: [ParameterDraws] = []
  /// Nil where the file does not say.
  let divergences: Int?

  init(
    _ file: NetCDFFile, structure: PyMCStructure, grid: CellGrid
  ) throws(PosteriorFileError) {
    let posterior = try file.root.posterior
    guard let drawLength = try posterior.length(of: "draw") else {
      throw PosteriorFileError(.invalid, file.path, "posterior: expected a dimension draw, found none")
    }
    let chainLength = try posterior.length(of: "chain")
    sampleDims = chainLength == nil ? ["draw"] : ["chain", "draw"]
    chainCount = chainLength ?? 1
    drawsPerChain = drawLength
    guard try file.elementCount([chainCount, drawsPerChain], at: "posterior") > 0 else {
      throw PosteriorFileError(
        .invalid, file.path, "posterior: expected draws, found \(chainCount) chains of \(drawsPerChain) draws")
    }
    // Every cell gets its own draws, also of a parameter that is the same in all.
    _ = try file.elementCount(
      [chainCount, drawsPerChain] + grid.dims.map(\.labels.count), at: "posterior")
    var diverging: [Double]?
    if let variable = try file.root.group("sample_stats")?.variable("diverging") { diverging = try variable.numbers() }
    divergences = diverging.map { flags in flags.count { $0 != 0 } }

    for parameter in structure.adstock.family.parameters {
      adstock.append(try read(parameter, of: structure.adstock, from: posterior, grid))
    }
    for parameter in structure.saturation.family.parameters {
      saturation.append(try read(parameter, of: structure.saturation, from: posterior, grid))
    }
  }

  /// One cell's columns.
  func matrix(_ parameters: [ParameterDraws], cell: Int) -> DrawMatrix {
    DrawMatrix(
      columns: parameters.map { $0.columns[$0.column[cell]] }, drawCount: chainCount * drawsPerChain)
  }

  private func read<Family>(
    _ modelParameter: ModelParameter, of component: PyMCComponent<Family>, from group: NetCDFGroup, _ grid: CellGrid
  ) throws(PosteriorFileError) -> ParameterDraws {
    let name = component.variable(modelParameter)
    guard let variable = try group.variable(name) else {
      return try constant(modelParameter, of: component, absentFrom: group, grid)
    }
    let array = try NamedArray(variable, allowed: sampleDims + grid.dims.map(\.name))
    if let missing = sampleDims.first(where: { !array.dims.contains($0) }) {
      throw PosteriorFileError(
        .invalid, group.file.path,
        "\(array.place): expected the dim \(missing), found \(array.dims.isEmpty ? "none" : listed(array.dims))")
    }
    let draws = try parameter(name, array, at: 0, from: group, grid)
    try check(draws.columns, of: draws.names, against: modelParameter.domain, in: group.file.path)
    return draws
  }

  /// The draws of a variable, apart for each place along a dim of its own, where it has one; all finite.
  func parameters(
    _ name: String, along own: String?, count: Int, from group: NetCDFGroup, _ grid: CellGrid
  ) throws(PosteriorFileError) -> [ParameterDraws] {
    guard let variable = try group.variable(name) else {
      throw PosteriorFileError(
        .invalid, group.file.path,
        "posterior: expected draws of \(name), found \(try group.variableNames().joined(separator: ", "))")
    }
    let array = try NamedArray(variable, allowed: sampleDims + grid.dims.map(\.name) + (own.map { [$0] } ?? []))
    if let missing = (sampleDims + (own.map { [$0] } ?? [])).first(where: { !array.dims.contains($0) }) {
      throw PosteriorFileError(.invalid, group.file.path, "\(array.place): expected the dim \(missing), found none")
    }
    if let own { try array.expect(count, along: own, in: group.file.path) }
    if let wrong = array.values.firstIndex(where: { !$0.isFinite }) {
      throw PosteriorFileError(
        .invalid, group.file.path, "\(array.place): expected finite numbers, found \(array.values[wrong])")
    }
    var draws: [ParameterDraws] = []
    for place in 0..<count {
      draws.append(
        try parameter(name, array, at: place * (own.map { array.stride(along: $0) } ?? 0), from: group, grid))
    }
    return draws
  }

  /// Draws by cell, at some offset.
  private func parameter(
    _ name: String, _ array: NamedArray, at start: Int, from group: NetCDFGroup, _ grid: CellGrid
  ) throws(PosteriorFileError) -> ParameterDraws {
    try array.expect(chainCount, along: "chain", in: group.file.path)
    try array.expect(drawsPerChain, along: "draw", in: group.file.path)
    let grid = try GridColumns(array, in: group, of: grid)
    let (chainStride, drawStride) = (array.stride(along: "chain"), array.stride(along: "draw"))
    let columns = grid.offsets.map { offset in
      (0..<(chainCount * drawsPerChain)).map { draw in
        array.values[start + offset + draw / drawsPerChain * chainStride + draw % drawsPerChain * drawStride]
      }
    }
    return ParameterDraws(
      names: columns.indices.map { grid.name(name, column: $0) }, columns: columns, column: grid.column)
  }

  /// A parameter that was given as one number is not among the draws.
  private func constant<Family>(
    _ parameter: ModelParameter, of component: PyMCComponent<Family>, absentFrom group: NetCDFGroup, _ grid: CellGrid
  ) throws(PosteriorFileError) -> ParameterDraws {
    let name = component.variable(parameter)
    switch component.priors[parameter.name] {
    case .number(let value):
      guard parameter.domain.contains(value) else {
        throw group.wrong(
          component.attribute, "\(parameter.name): expected \(parameter.domain.description), found \(value)")
      }
      return ParameterDraws(
        names: [], columns: [[Double](repeating: value, count: chainCount * drawsPerChain)],
        column: [Int](repeating: 0, count: grid.cellCount))
    case .array:
      throw PosteriorFileError(
        .unsupported, group.file.path,
        "root attribute \(component.attribute): \(parameter.name) is fixed at a list of numbers, of which the file does not say what "
          + "each is for: expected one number, or draws of \(name) in posterior")
    case .distribution, nil:
      throw PosteriorFileError(
        .invalid, group.file.path,
        "posterior: expected draws of \(name), found \(try group.variableNames().joined(separator: ", "))")
    }
  }

  /// Every draw within the domain, or an error that says which is the first that is not, and how many there are.
  private func check(
    _ columns: [[Double]], of names: [String], against domain: ModelParameter.Domain, in path: String
  ) throws(PosteriorFileError) {
    let wrong = columns.reduce(0) { count, draws in count + draws.count { !domain.contains($0) } }
    guard wrong > 0 else { return }
    for (name, draws) in zip(names, columns) {
      guard let draw = draws.firstIndex(where: { !domain.contains($0) }) else { continue }
      throw PosteriorFileError(
        .invalid, path,
        "posterior/\(name): expected \(domain.description), found \(draws[draw]) in chain \(draw / drawsPerChain), draw "
          + "\(draw % drawsPerChain) (counted from 0); \(wrong) of \(columns.count * draws.count) values are wrong")
    }
  }
}
