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

  /// One cell's draws.
  func draws(of cell: Int) -> [Double] { columns[column[cell]] }

  func diagnostics(chainCount: Int) -> [PosteriorDiagnostics.Parameter] {
    let scores = NormalScores(chainCount: chainCount, drawsPerChain: (columns.first?.count ?? 0) / chainCount)
    return Parallel.map(names.count) { index in
      let draws = columns[index]
      return PosteriorDiagnostics.Parameter(
        name: names[index], draws: draws.span, chainCount: chainCount, scores: scores)
    }
  }
}

/// A group of a NetCDF file that holds draws: chains, the draws of each, and the variables drawn along both.
struct DrawGroup {
  let group: NetCDFGroup
  let chainCount: Int
  let drawsPerChain: Int
  /// What every variable is drawn along.
  private let sampleDims: [String]

  init(_ group: NetCDFGroup) throws(PosteriorFileError) {
    self.group = group
    guard let drawLength = try group.length(of: "draw") else {
      throw PosteriorFileError(.invalid, group.file.path, "\(group.path): expected a dimension draw, found none")
    }
    let chainLength = try group.length(of: "chain")
    sampleDims = chainLength == nil ? ["draw"] : ["chain", "draw"]
    chainCount = chainLength ?? 1
    drawsPerChain = drawLength
    guard try group.file.elementCount([chainCount, drawsPerChain], at: group.path) > 0 else {
      throw PosteriorFileError(
        .invalid, group.file.path,
        "\(group.path): expected draws, found \(chainCount) chains of \(drawsPerChain) draws")
    }
  }

  var drawCount: Int { chainCount * drawsPerChain }

  /// The draws of a variable, checked against its domain; nil where there is no such variable.
  func read(
    _ name: String, in domain: ModelParameter.Domain, _ grid: CellGrid
  ) throws(PosteriorFileError) -> ParameterDraws? {
    guard let variable = try group.variable(name) else { return nil }
    let array = try array(variable, along: sampleDims, grid)
    let draws = try draws(name, of: array, at: 0, grid)
    try check(draws.columns, of: draws.names, against: domain)
    return draws
  }

  /// The draws of a variable with a dim of its own, apart for each of so many places along it; all finite.
  func read(
    _ name: String, along own: String, count: Int, _ grid: CellGrid
  ) throws(PosteriorFileError) -> [ParameterDraws] {
    guard let variable = try group.variable(name) else {
      throw PosteriorFileError(
        .invalid, group.file.path,
        "\(group.path): expected draws of \(name), found \(try group.variableNames().joined(separator: ", "))")
    }
    let array = try array(variable, along: sampleDims + [own], grid)
    try array.expect(count, along: own, in: group.file.path)
    var parameters: [ParameterDraws] = []
    for place in 0..<count {
      let draws = try draws(name, of: array, at: place * array.stride(along: own), grid)
      try check(draws.columns, of: draws.names, against: .real)
      parameters.append(draws)
    }
    return parameters
  }

  /// The numbers of a variable, which has all of these dims, and beside them only the grid's.
  private func array(
    _ variable: NetCDFVariable, along dims: [String], _ grid: CellGrid
  ) throws(PosteriorFileError) -> NamedArray {
    let array = try NamedArray(variable, allowed: dims + grid.dims.map(\.name))
    if let missing = dims.first(where: { !array.dims.contains($0) }) {
      throw PosteriorFileError(
        .invalid, group.file.path,
        "\(array.place): expected the dim \(missing), found \(array.dims.isEmpty ? "none" : listed(array.dims))")
    }
    try array.expect(chainCount, along: "chain", in: group.file.path)
    try array.expect(drawsPerChain, along: "draw", in: group.file.path)
    return array
  }

  /// Draws by cell, from some place in the array.
  private func draws(
    _ name: String, of array: NamedArray, at start: Int, _ grid: CellGrid
  ) throws(PosteriorFileError) -> ParameterDraws {
    let grid = try GridColumns(array, in: group, of: grid)
    let (chainStride, drawStride) = (array.stride(along: "chain"), array.stride(along: "draw"))
    let columns = grid.offsets.map { offset in
      (0..<drawCount).map { draw in
        array.values[start + offset + draw / drawsPerChain * chainStride + draw % drawsPerChain * drawStride]
      }
    }
    return ParameterDraws(
      names: columns.indices.map { grid.name(name, column: $0) }, columns: columns, column: grid.column)
  }

  /// Every draw within the domain, or an error that says which is the first that is not, and how many there are.
  private func check(
    _ columns: [[Double]], of names: [String], against domain: ModelParameter.Domain
  ) throws(PosteriorFileError) {
    let wrong = columns.reduce(0) { count, draws in count + draws.count { !domain.contains($0) } }
    guard wrong > 0 else { return }
    for (name, draws) in zip(names, columns) {
      guard let draw = draws.firstIndex(where: { !domain.contains($0) }) else { continue }
      throw PosteriorFileError(
        .invalid, group.file.path,
        "\(group.place(of: name)): expected \(domain.description), found \(draws[draw]) in chain \(draw / drawsPerChain), draw "
          + "\(draw % drawsPerChain) (counted from 0); \(wrong) of \(columns.count * draws.count) values are wrong")
    }
  }
}

extension NetCDFFile {
  /// Divergent transitions after warm-up; nil where the file does not say.
  func divergences() throws(PosteriorFileError) -> Int? {
    guard let flags = try root.group("sample_stats")?.variable("diverging") else { return nil }
    return try flags.numbers().count { $0 != 0 }
  }
}
