import NumericKernel
import ResponseModel
import Tables

/// The model that a mapping makes of a source's variables.
///
/// Everything is resolved before a draw is read: labels, then an element or a constant for every parameter of every cell.
struct ModelMapper<Source: DrawSource> {
  private let source: Source
  private let model: ModelMapping
  private let names: VariableNames
  private let dims: [Posterior.Dim]

  static func posterior(of source: Source, by model: ModelMapping) throws(PosteriorFileError) -> Posterior {
    try ModelMapper(source, model).posterior()
  }

  private init(_ source: Source, _ model: ModelMapping) throws(PosteriorFileError) {
    self.source = source
    self.model = model
    names = VariableNames(path: source.path, variables: source.variables)
    dims = try MappedLabels.dims(of: model, names)
  }

  /// A number of a cell before any draw is read: the same in all, or an element of a variable, and the plan's key that asks for it.
  private struct Input {
    enum Content {
      case number(Double)
      case element(DrawElement)
    }
    var content: Content
    var key: String
    var domain: ModelParameter.Domain
  }

  /// The inputs of one cell.
  private struct Inputs {
    var labels: [String]
    var curve: ModelMapping.Curve
    var lags: ModelMapping.Lags
    var saturation: [Input]
    var carryover: [Input]
    var mediaScale: Input
    var outcomeScale: Input

    var parameters: [Input] { saturation + carryover }
    var all: [Input] { parameters + [mediaScale, outcomeScale] }
  }

  private func posterior() throws(PosteriorFileError) -> Posterior {
    var inputs: [Inputs] = []
    for labels in cellLabels { inputs.append(try self.inputs(of: labels)) }
    var elements: [DrawElement] = []
    var indices: [DrawElement: Int] = [:]
    for input in inputs.flatMap(\.all) {
      guard case .element(let element) = input.content, indices[element] == nil else { continue }
      indices[element] = elements.count
      elements.append(element)
    }
    let draws = try source.draws(of: elements)
    let mapped = MappedDraws(source: source, elements: elements, indices: indices, draws: draws)
    for input in inputs.flatMap(\.all) {
      if case .element(let element) = input.content { try mapped.check(element, against: input.domain, as: input.key) }
    }
    var cells: [Cell] = []
    for inputs in inputs { cells.append(try cell(inputs, mapped)) }
    let sampled = Set(
      inputs.flatMap(\.parameters).compactMap { input in
        if case .element(let element) = input.content { element } else { nil }
      })
    return Posterior(
      source: source.path, format: Source.format, dims: dims, cells: cells, chainCount: draws.chainCount,
      drawsPerChain: draws.drawsPerChain, dates: [], isContiguous: false,
      diagnostics: mapped.diagnostics(of: elements.filter { sampled.contains($0) }),
      notes: source.notes + notes(inputs))
  }

  /// All combinations of labels, the last dim running fastest.
  private var cellLabels: [[String]] {
    dims.reduce([[]]) { cells, dim in cells.flatMap { cell in dim.labels.map { cell + [$0] } } }
  }

  // MARK: From keys to elements

  private func inputs(of labels: [String]) throws(PosteriorFileError) -> Inputs {
    let channel = labels[0]
    let curve = try part(of: model.saturation, channel, "saturation")
    let lags = try part(of: model.carryover, channel, "carryover")
    func key<Part>(_ name: String, _ parts: ModelMapping.ByChannel<Part>) -> String {
      parts.channels.isEmpty ? "posterior.model.\(name)" : "posterior.model.\(name).\(channel)"
    }
    func parameters(
      _ feeds: [ModelMapping.Feed], _ parameters: [ModelParameter], _ key: String
    ) throws(PosteriorFileError) -> [Input] {
      var inputs: [Input] = []
      for (feed, parameter) in zip(feeds, parameters) {
        inputs.append(try input(feed, parameter.domain, labels, "\(key).\(parameter.name)"))
      }
      return inputs
    }
    let one = ModelMapping.Feed.number(1)
    return Inputs(
      labels: labels, curve: curve, lags: lags,
      saturation: try parameters(
        curve.feeds, curve.family.parameters, "\(key("saturation", model.saturation)).\(curve.family.name)"),
      carryover: try parameters(
        lags.feeds, lags.family.parameters, "\(key("carryover", model.carryover)).\(lags.family.name)"),
      mediaScale: try input(
        model.channelScale.part(for: channel) ?? one, .positive, labels, key("channel_scale", model.channelScale)),
      outcomeScale: try input(
        model.outcomeScale.part(for: channel) ?? one, .real, labels, key("outcome_scale", model.outcomeScale)))
  }

  private func part<Part>(
    of parts: ModelMapping.ByChannel<Part>, _ channel: String, _ key: String
  ) throws(PosteriorFileError) -> Part {
    if let part = parts.part(for: channel) { return part }
    throw names.wrong(
      "posterior.model.\(key): expected \(channel) too, found \(parts.channels.joined(separator: ", "))")
  }

  private func input(
    _ feed: ModelMapping.Feed, _ domain: ModelParameter.Domain, _ labels: [String], _ key: String
  ) throws(PosteriorFileError) -> Input {
    switch feed {
    case .number(let number): return Input(content: .number(number), key: key, domain: domain)
    case .variable(let written):
      let reference = try names.reference(written, as: key)
      let element = try names.element(of: reference, at: labels, dims: dims, as: key)
      return Input(content: .element(element), key: key, domain: domain)
    }
  }

  // MARK: From elements to cells

  private func cell(_ inputs: Inputs, _ draws: MappedDraws<Source>) throws(PosteriorFileError) -> Cell {
    let carryover = matrix(inputs.carryover, draws)
    return Cell(
      labels: inputs.labels, saturation: inputs.curve.family, saturationParameters: matrix(inputs.saturation, draws),
      carryover: inputs.lags.family, carryoverParameters: carryover,
      window: try window(inputs, carryover), isNormalized: inputs.lags.isNormalized, order: inputs.lags.order,
      mediaScale: try scale(inputs.mediaScale, draws), outcomeScale: try scale(inputs.outcomeScale, draws), history: [])
  }

  private func matrix(_ inputs: [Input], _ draws: MappedDraws<Source>) -> DrawMatrix {
    let count = draws.draws.drawCount
    let columns = inputs.map { input -> [Double] in
      switch input.content {
      case .number(let number): [Double](repeating: number, count: count)
      case .element(let element): draws.column(element)
      }
    }
    return DrawMatrix(columns: columns, drawCount: count)
  }

  /// A scale is one number of a cell, the same in all draws.
  private func scale(_ input: Input, _ draws: MappedDraws<Source>) throws(PosteriorFileError) -> Double {
    switch input.content {
    case .number(let number): return number
    case .element(let element):
      let column = draws.column(element)
      if let draw = column.firstIndex(where: { $0 != column[0] }) {
        throw draws.draws.wrong(
          draw: draw, in: source.path,
          "\(source.name(of: element)) as \(input.key): expected the same number in every draw, found \(column[0]) and \(column[draw])"
        )
      }
      return column[0]
    }
  }

  /// Without end, the lags that the draw with the longest carryover feels.
  private func window(_ inputs: Inputs, _ carryover: DrawMatrix) throws(PosteriorFileError) -> Int {
    switch inputs.lags.window {
    case .lags(let count): return count
    case .unbounded:
      let largest = carryover.withColumn(0) { draws in
        var largest = draws[0]
        for draw in 0..<draws.count { largest = max(largest, draws[draw]) }
        return largest
      }
      let isByHalfLife = inputs.lags.family == GeometricHalfLife.self
      let window =
        isByHalfLife
        ? GeometricHalfLife.unboundedWindow(halfLife: largest) : Geometric.unboundedWindow(retention: largest)
      if let window { return window }
      let name = isByHalfLife ? "half-life" : "retention"
      let limit = isByHalfLife ? "77 periods" : "0.991"
      throw names.wrong(
        "posterior.model.carryover.window: infinite needs a \(name) of at most \(limit), found \(largest) for \(inputs.labels.joined(separator: "/"))"
      )
    }
  }

  private func notes(_ inputs: [Inputs]) -> [(name: String, text: String)] {
    func once(_ texts: [String]) -> String {
      texts.enumerated().filter { !texts[..<$0].contains($1) }.map { $0.element }.joined(separator: "; ")
    }
    let lags = inputs.map { cell -> String in
      guard cell.lags.family != NoCarryover.self else { return NoCarryover.name }
      let window =
        switch cell.lags.window {
        case .lags(let count): "\(count) periods"
        case .unbounded: "without end"
        }
      let first = cell.lags.order == .saturationFirst ? ", after saturation" : ""
      return "\(cell.lags.family.name), \(window), \(cell.lags.isNormalized ? "normalised" : "not normalised")\(first)"
    }
    return [("carryover", once(lags)), ("saturation", once(inputs.map { $0.curve.family.name }))]
  }
}

/// The draws that were asked for, by element.
private struct MappedDraws<Source: DrawSource> {
  let source: Source
  let elements: [DrawElement]
  let indices: [DrawElement: Int]
  let draws: DrawColumns

  func column(_ element: DrawElement) -> [Double] { indices[element].map { draws.columns[$0] } ?? [] }

  /// Every draw within the domain, or an error that says which is the first that is not, and how many there are.
  func check(
    _ element: DrawElement, against domain: ModelParameter.Domain, as key: String
  ) throws(PosteriorFileError) {
    let column = column(element)
    guard let draw = column.firstIndex(where: { !domain.contains($0) }) else { return }
    let count = column.count { !domain.contains($0) }
    throw draws.wrong(
      draw: draw, in: source.path,
      "\(source.name(of: element)) as \(key): expected \(domain.description), found \(column[draw])",
      count == 1 ? "" : "; \(count) of \(column.count) draws are wrong")
  }

  func diagnostics(of elements: [DrawElement]) -> PosteriorDiagnostics {
    guard draws.drawCount > 1 else {
      return PosteriorDiagnostics(parameters: [], divergences: draws.divergences)
    }
    let scores = NormalScores(chainCount: draws.chainCount, drawsPerChain: draws.drawsPerChain)
    let parameters = Parallel.map(elements.count) { index in
      PosteriorDiagnostics.Parameter(
        name: source.name(of: elements[index]), draws: column(elements[index]).span, chainCount: draws.chainCount,
        scores: scores)
    }
    return PosteriorDiagnostics(parameters: parameters, divergences: draws.divergences)
  }
}
