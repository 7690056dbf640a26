import NumericKernel
import ResponseModel

/// What `MMM.save` of PyMC-Marketing writes: the model's structure as JSON in root attributes, `posterior` with the draws,
/// `constant_data` with scales and observed media, `sample_stats` with the sampler's account of itself.
///
/// Dims are found by name and channels by their labels, never by their order in the file; the order of the channels is the
/// model's own (`channel_columns`). Only the variables that the response needs are read.
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
    let draws = try PyMCDraws(file, structure: structure)
    let constants = try PyMCConstants(file, channels: structure.channels)

    var cells: [Cell] = []
    for (index, channel) in structure.channels.enumerated() {
      cells.append(
        Cell(
          labels: [channel], saturation: structure.saturation.family,
          saturationParameters: draws.matrix(draws.saturation, channel: index),
          carryover: structure.adstock.family, carryoverParameters: draws.matrix(draws.adstock, channel: index),
          window: structure.window, isNormalized: structure.isNormalized, mediaScale: constants.channelScales[index],
          outcomeScale: constants.targetScale, history: constants.histories[index]))
    }
    return Posterior(
      source: file.path, format: format, dims: [Posterior.Dim(name: "channel", labels: structure.channels)],
      cells: cells,
      chainCount: draws.chainCount, drawsPerChain: draws.drawsPerChain, dates: constants.time?.dates ?? [],
      isContiguous: constants.isContiguous,
      diagnostics: PosteriorDiagnostics(
        parameters: (draws.adstock + draws.saturation).flatMap { $0.diagnostics(chainCount: draws.chainCount) },
        divergences: draws.divergences),
      notes: try PyMCNotes.facts(file, structure: structure, constants: constants))
  }
}

/// One scalar parameter of a curve or a carryover: a column of draws for each channel, or one that holds for all.
private struct ParameterDraws {
  /// `adstock_alpha`, or `adstock_alpha[tv]` for each channel.
  var names: [String]
  /// Chain after chain.
  var columns: [[Double]]

  func diagnostics(chainCount: Int) -> [PosteriorDiagnostics.Parameter] {
    Parallel.map(names.count) { index in
      let draws = columns[index]
      return PosteriorDiagnostics.Parameter(name: names[index], draws: draws.span, chainCount: chainCount)
    }
  }
}

/// The posterior group: the draws of every parameter, checked against its domain.
private struct PyMCDraws {
  let chainCount: Int
  let drawsPerChain: Int
  /// In the order of the family's parameters.
  private(set) var adstock: [ParameterDraws] = []
  private(set) var saturation: [ParameterDraws] = []
  /// Nil where the file does not say.
  let divergences: Int?

  init(_ file: NetCDFFile, structure: PyMCStructure) throws(PosteriorFileError) {
    guard let posterior = try file.root.group("posterior") else {
      throw PosteriorFileError(.invalid, file.path, "expected a group posterior with the draws, found none")
    }
    guard let drawLength = try posterior.length(of: "draw") else {
      throw PosteriorFileError(.invalid, file.path, "posterior: expected a dimension draw, found none")
    }
    chainCount = try posterior.length(of: "chain") ?? 1
    drawsPerChain = drawLength
    guard try file.elementCount([chainCount, drawsPerChain], at: "posterior") > 0 else {
      throw PosteriorFileError(
        .invalid, file.path, "posterior: expected draws, found \(chainCount) chains of \(drawsPerChain) draws")
    }
    var diverging: [Double]?
    if let variable = try file.root.group("sample_stats")?.variable("diverging") { diverging = try variable.numbers() }
    divergences = diverging.map { flags in flags.count { $0 != 0 } }

    let (adstockParts, saturationParts) = (structure.adstock, structure.saturation)
    for parameter in adstockParts.family.parameters {
      adstock.append(try read(parameter, as: adstockParts.variable(parameter), from: posterior, structure.channels))
    }
    for parameter in saturationParts.family.parameters {
      saturation.append(
        try read(parameter, as: saturationParts.variable(parameter), from: posterior, structure.channels))
    }
  }

  /// One cell's columns.
  func matrix(_ parameters: [ParameterDraws], channel: Int) -> DrawMatrix {
    DrawMatrix(
      columns: parameters.map { $0.columns.count == 1 ? $0.columns[0] : $0.columns[channel] },
      drawCount: chainCount * drawsPerChain)
  }

  private func read(
    _ parameter: ModelParameter, as name: String, from group: NetCDFGroup, _ channels: [String]
  ) throws(PosteriorFileError) -> ParameterDraws {
    guard let variable = try group.variable(name) else {
      throw PosteriorFileError(
        .unsupported, group.file.path,
        "posterior: expected draws of \(name), found \(try group.variableNames().joined(separator: ", "));"
          + " a parameter fixed at a constant is not supported")
    }
    let array = try NamedArray(variable, allowed: ["chain", "draw", "channel"])
    let isByChannel = array.dims.contains("channel")
    let positions = isByChannel ? try group.positions(of: channels) : [0]
    let names = isByChannel ? channels.map { "\(name)[\($0)]" } : [name]
    let (chainStride, drawStride) = (array.stride(along: "chain"), array.stride(along: "draw"))
    let channelStride = array.stride(along: "channel")
    let columns = positions.map { position in
      (0..<(chainCount * drawsPerChain)).map { draw in
        array.values[
          draw / drawsPerChain * chainStride + draw % drawsPerChain * drawStride + position * channelStride]
      }
    }
    try check(columns, of: names, against: parameter.domain, in: group.file.path)
    return ParameterDraws(names: names, columns: columns)
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

extension NetCDFGroup {
  /// Where each channel stands along the group's `channel` coordinate, which must hold these labels and no others.
  func positions(of channels: [String]) throws(PosteriorFileError) -> [Int] {
    guard let coordinate = try variable("channel"), coordinate.isText else {
      throw PosteriorFileError(
        .invalid, file.path, "\(path): expected a coordinate channel with the channels' names, found none")
    }
    let labels = try coordinate.strings()
    guard labels.sorted() == channels.sorted() else {
      throw PosteriorFileError(
        .invalid, file.path,
        "\(coordinate.place): expected the model's channels \(channels.joined(separator: ", ")), found "
          + labels.joined(separator: ", "))
    }
    return channels.compactMap { labels.firstIndex(of: $0) }
  }
}
