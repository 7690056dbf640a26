import NumericKernel
import ResponseModel

/// The posterior group: the draws of every parameter, checked against its domain.
struct PyMCDraws {
  let group: DrawGroup
  /// In the order of the family's parameters.
  private(set) var adstock: [ParameterDraws] = []
  private(set) var saturation: [ParameterDraws] = []
  /// Nil where the file does not say.
  let divergences: Int?

  init(
    _ file: NetCDFFile, structure: PyMCStructure, grid: CellGrid
  ) throws(PosteriorFileError) {
    group = try DrawGroup(file.root.posterior)
    // Every cell gets its own draws, also of a parameter that is the same in all.
    _ = try file.elementCount(
      [group.chainCount, group.drawsPerChain] + grid.dims.map(\.labels.count), at: "posterior")
    divergences = try file.divergences()

    for parameter in structure.adstock.family.parameters {
      adstock.append(try read(parameter, of: structure.adstock, grid))
    }
    for parameter in structure.saturation.family.parameters {
      saturation.append(try read(parameter, of: structure.saturation, grid))
    }
  }

  var chainCount: Int { group.chainCount }
  var drawsPerChain: Int { group.drawsPerChain }

  /// One cell's columns.
  func matrix(_ parameters: [ParameterDraws], cell: Int) -> DrawMatrix {
    DrawMatrix(columns: parameters.map { $0.draws(of: cell) }, drawCount: group.drawCount)
  }

  private func read<Family>(
    _ parameter: ModelParameter, of component: PyMCComponent<Family>, _ grid: CellGrid
  ) throws(PosteriorFileError) -> ParameterDraws {
    if let drawn = try group.read(component.variable(parameter), in: parameter.domain, grid) { return drawn }
    return try constant(parameter, of: component, absentFrom: group.group, grid)
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
        names: [], columns: [[Double](repeating: value, count: self.group.drawCount)],
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
}
