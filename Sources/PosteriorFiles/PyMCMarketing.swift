import NumericKernel
import ResponseModel

/// What `MMM.save` of PyMC-Marketing writes: the model's structure as JSON in root attributes, `posterior` with the draws,
/// `constant_data` with scales and observed media, `sample_stats` with the sampler's account of itself.
///
/// Dims are found by name and labels by what they say, never by their order in the file; the order of the channels is the
/// model's own (`channel_columns`), that of the other labels the observed media's. Only the variables that the response needs
/// are read.
enum PyMCMarketing {
  /// The spelling in plan files.
  static let format = "pymc-marketing"
  /// The root attributes that tell such a file from others.
  static let marks = ["adstock", "saturation", "channel_columns"]

  static func recognises(_ file: NetCDFFile) throws(PosteriorFileError) -> Bool {
    for mark in marks {
      guard try file.root.text(mark) != nil else { return false }
    }
    return true
  }

  static func read(_ file: NetCDFFile) throws(PosteriorFileError) -> Posterior {
    let structure = try PyMCStructure(file.root)
    let grid = try grid(file.root, of: structure)
    let draws = try PyMCDraws(file, structure: structure, grid: grid)
    let constants = try PyMCConstants(file.root, grid: grid)
    let multipliers = try PyMCMultiplier.read(
      structure.multiplier, from: file.root, draws: draws, constants: constants, grid: grid)

    let cells = (0..<grid.cellCount).map { index in
      // The library divides by a scale of 0 and takes what comes of it for no media: there is no response.
      let isUsed = constants.channelScales[index] > 0
      var cell = Cell(
        labels: grid.labels(of: index), saturation: structure.saturation.family,
        saturationParameters: draws.matrix(draws.saturation, cell: index),
        carryover: structure.adstock.family, carryoverParameters: draws.matrix(draws.adstock, cell: index),
        window: structure.window, isNormalized: structure.isNormalized, order: structure.order,
        mediaScale: isUsed ? constants.channelScales[index] : 1,
        outcomeScale: isUsed ? constants.targetScales[index] : 0,
        history: constants.histories[index])
      if !multipliers.isEmpty { cell.worth = .varying(multipliers[index]) }
      return cell
    }
    return Posterior(
      source: file.path, format: format, dims: grid.dims, cells: cells,
      chainCount: draws.chainCount, drawsPerChain: draws.drawsPerChain, dates: constants.time?.dates ?? [],
      isContiguous: constants.isContiguous,
      diagnostics: PosteriorDiagnostics(
        parameters: (draws.adstock + draws.saturation).flatMap { $0.diagnostics(chainCount: draws.chainCount) },
        divergences: draws.divergences),
      notes: try PyMCNotes.facts(file, structure: structure, constants: constants))
  }

  /// The model's channels, and the labels of its other dims.
  private static func grid(
    _ root: NetCDFGroup, of structure: PyMCStructure
  ) throws(PosteriorFileError) -> CellGrid {
    let groups = [try root.constantData, try root.posterior]
    var dims = [Posterior.Dim(name: "channel", labels: structure.channels)]
    for name in structure.dims {
      var labels: [String] = []
      for group in groups where labels.isEmpty { labels = try group.labels(of: name) ?? [] }
      guard !labels.isEmpty else {
        throw PosteriorFileError(
          .invalid, root.file.path, "constant_data: expected a coordinate \(name) with the labels along it, found none")
      }
      dims.append(Posterior.Dim(name: name, labels: labels))
    }
    return CellGrid(dims: dims)
  }
}

extension NetCDFGroup {
  /// The root's group of draws.
  var posterior: NetCDFGroup {
    get throws(PosteriorFileError) { try group("posterior", with: "the draws") }
  }

  /// The root's group of scales and observed media.
  var constantData: NetCDFGroup {
    get throws(PosteriorFileError) { try group("constant_data", with: "the model's scales") }
  }

  private func group(_ name: String, with content: String) throws(PosteriorFileError) -> NetCDFGroup {
    guard let group = try group(name) else {
      throw PosteriorFileError(.invalid, file.path, "expected a group \(name) with \(content), found none")
    }
    return group
  }
}
