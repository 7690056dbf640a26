import NumericKernel
public import ResponseModel
import Tables

/// The draws of a posterior as a file of their own, and the model by which it reads back.
public struct ConvertedDraws: Sendable {
  public var bytes: [UInt8]
  /// What the variables of the file mean: `posterior.model` of a plan.
  public var model: ModelMapping
  /// What the posterior knows and such a file has no place for, in words.
  public var leftOut: [String]
}

extension PosteriorFile {
  /// A wide table, as R's `posterior::as_draws_df` is written: a row for each draw, a column for each parameter of each cell, named
  /// `saturation_beta[tv,north]`; by numbers, counted from 1, where a label has a comma or a bracket in it.
  ///
  /// Throws for a posterior whose response the table and a model cannot tell: worths that differ by period, multipliers that
  /// vary in time, curves that differ within a channel.
  public static func csv(of posterior: Posterior) throws(PosteriorFileError) -> ConvertedDraws {
    try DrawContent(posterior).csv()
  }

  /// An archive of numpy's arrays, one for each parameter: chains, draws, then the dims of the model. Not a number in cells
  /// whose curve has no such parameter. Draws alone along the first axis where there are as many chains as draws in each, or one.
  ///
  /// Throws as `csv(of:)`.
  public static func npz(of posterior: Posterior) throws(PosteriorFileError) -> ConvertedDraws {
    try DrawContent(posterior).npz()
  }
}

/// The variables of a file of draws, and what they mean.
private struct DrawContent {
  private let cells: CompactCells
  private let variables: [CompactCells.Columns]
  private let model: ModelMapping
  private var leftOut: [String]

  private var posterior: Posterior { cells.posterior }

  init(_ posterior: Posterior) throws(PosteriorFileError) {
    cells = try CompactCells(posterior)
    try DrawContent.check(cells)
    var variables: [CompactCells.Columns] = []
    var numbers: [String: Double] = [:]
    for parameter in cells.parameters where !CompactFormat.reachParameters.contains(parameter.name) {
      if posterior.drawCount > 1, let number = DrawContent.onlyNumber(parameter) {
        numbers[parameter.name] = number
      } else {
        variables.append(parameter)
      }
    }
    func feed(_ name: String) -> ModelMapping.Feed { numbers[name].map { .number($0) } ?? .variable(name) }
    let names = CompactNames(cells.kinds)
    var curves: [ModelMapping.Named<ModelMapping.Curve>] = []
    var lags: [ModelMapping.Named<ModelMapping.Lags>] = []
    for cell in DrawContent.firstCells(of: posterior) {
      let curve = cell.saturation
      curves.append(
        .init(
          cell.labels[0],
          ModelMapping.Curve(curve, curve.parameters.map { feed(names.saturation(curve.name, $0.name)) })))
      let family = cell.carryover
      lags.append(
        .init(
          cell.labels[0],
          family == NoCarryover.self
            ? .none
            : ModelMapping.Lags(
              family, family.parameters.map { feed(names.carryover(family.name, $0.name)) },
              window: .lags(cell.window), isNormalized: cell.isNormalized, order: cell.order)))
    }
    func scale(_ name: String, _ number: (Cell) -> Double) -> ModelMapping.ByChannel<ModelMapping.Feed> {
      let channels = posterior.channels.map { channel in
        posterior.cells.filter { $0.labels[0] == channel }.map(number)
      }
      if channels.allSatisfy({ Set($0.map(\.bitPattern)).count == 1 }) {
        return DrawContent.byChannel(zip(posterior.channels, channels).map { .init($0, .number($1[0])) })
      }
      variables.append(
        .init(
          name: name, columns: posterior.cells.map { [Double](repeating: number($0), count: posterior.drawCount) }))
      return .all(.variable(name))
    }
    let channelScale = scale(CompactFormat.mediaScale, \.mediaScale)
    let outcomeScale = scale(CompactFormat.outcomeScale, \.outcomeScale)
    model = ModelMapping(
      dims: posterior.dims.map(\.name), labels: posterior.dims, saturation: DrawContent.byChannel(curves),
      carryover: DrawContent.byChannel(lags), channelScale: channelScale, outcomeScale: outcomeScale)
    self.variables = variables
    leftOut = DrawContent.leftOut(of: posterior)
    if let thinning = cells.thinning { leftOut.append("that these are \(thinning)") }
  }

  /// The first cell of each channel.
  private static func firstCells(of posterior: Posterior) -> [Cell] {
    posterior.channels.compactMap { channel in posterior.cells.first { $0.labels[0] == channel } }
  }

  private static func byChannel<Part>(_ parts: [ModelMapping.Named<Part>]) -> ModelMapping.ByChannel<Part> {
    if let first = parts.first, parts.allSatisfy({ $0.part == first.part }) { .all(first.part) } else { .each(parts) }
  }

  /// The number that a parameter is in every draw of every cell that has it.
  private static func onlyNumber(_ columns: CompactCells.Columns) -> Double? {
    let present = columns.columns.compactMap { $0 }
    guard columns.isConstant, let first = present.first?.first,
      present.allSatisfy({ $0[0].bitPattern == first.bitPattern })
    else { return nil }
    return first
  }

  private static func check(_ cells: CompactCells) throws(PosteriorFileError) {
    let posterior = cells.posterior
    func wrong(_ message: String) -> PosteriorFileError {
      PosteriorFileError(
        .unsupported, posterior.source,
        "draws alone do not tell its response: \(message); a NetCDF file (.nc) has a place for it")
    }
    for cell in posterior.cells {
      switch cell.worth {
      case .one: break
      case .observed(let worths):
        if worths.contains(where: { $0 != 1 }) {
          throw wrong("what a unit of \(cell.name)'s outcome is worth differs from 1, or by period")
        }
      case .varying: throw wrong("the effect of \(cell.name) varies in time")
      }
      if cell.window > 4096 { throw wrong("\(cell.name) has a window of \(cell.window) lags, and plans 4096 at most") }
    }
    for (cell, first) in firstCells(of: posterior).flatMap({ first in
      posterior.cells.filter { $0.labels[0] == first.labels[0] }.map { ($0, first) }
    }) {
      guard cell.saturation == first.saturation, cell.carryover == first.carryover, cell.window == first.window,
        cell.isNormalized == first.isNormalized, cell.order == first.order
      else { throw wrong("\(cell.name) has another curve or carryover than \(first.name)") }
    }
  }

  private static func leftOut(of posterior: Posterior) -> [String] {
    let cells = posterior.cells
    var leftOut: [String] = []
    if cells.contains(where: { !$0.history.isEmpty }) { leftOut.append("observed media and their dates") }
    if cells.contains(where: { !$0.spendHistory.isEmpty }) { leftOut.append("what they cost") }
    if cells.contains(where: { $0.reach != nil }) { leftOut.append("how reach responds at another frequency") }
    if let count = posterior.diagnostics.divergences, count > 0 { leftOut.append("\(count) divergences") }
    if let caveat = posterior.diagnostics.caveat { leftOut.append("that \(caveat)") }
    return leftOut
  }

  // MARK: Files

  func csv() throws(PosteriorFileError) -> ConvertedDraws {
    let dims = posterior.dims
    let isPlain = dims.allSatisfy { $0.labels.allSatisfy(DrawContent.isPlain) }
    if !isPlain { try checkNumbers() }
    // Columns are told apart by their labels: those of one dim among another's could be taken for either.
    for (index, dim) in dims.enumerated() {
      for other in dims[(index + 1)...] where isPlain && Set(dim.labels).isSubset(of: other.labels) {
        throw PosteriorFileError(
          .unsupported, posterior.source,
          "cannot be converted to a table: the labels of \(dim.name), \(listed(dim.labels)), are labels of \(other.name) too"
        )
      }
    }
    let grid = CellGrid(dims: dims)
    var header = [".chain", ".iteration", ".draw"]
    var columns: [[Double]] = []
    for variable in variables {
      for (cell, column) in variable.columns.enumerated() {
        // By numbers every element has to be there.
        guard column != nil || !isPlain else { continue }
        let labels = isPlain ? grid.labels(of: cell) : grid.coordinates(of: cell).map { "\($0 + 1)" }
        header.append("\(variable.name)[\(labels.joined(separator: ","))]")
        columns.append(column ?? [Double](repeating: .nan, count: posterior.drawCount))
      }
    }
    var bytes = Array(TextTable(header: header, rows: []).csv.utf8)
    for draw in 0..<posterior.drawCount {
      let (chain, iteration) = draw.quotientAndRemainder(dividingBy: cells.drawsPerChain)
      bytes += "\(chain + 1),\(iteration + 1),\(draw + 1)".utf8
      for column in columns {
        bytes.append(UInt8(ascii: ","))
        bytes += column[draw].description.utf8
      }
      bytes.append(UInt8(ascii: "\n"))
    }
    return ConvertedDraws(bytes: bytes, model: model, leftOut: leftOut)
  }

  func npz() throws(PosteriorFileError) -> ConvertedDraws {
    try checkNumbers()
    let lengths = posterior.dims.map(\.labels.count)
    let drawCount = posterior.drawCount
    // Half of what the archive's 32 bits can count, as a reader takes them.
    guard 8 * drawCount * posterior.cells.count * (variables.count + 1) < 1 << 31,
      8 * drawCount * posterior.cells.count < 1 << 30
    else {
      throw PosteriorFileError(
        .unsupported, posterior.source, "cannot be converted to an archive: it would be larger than 2 GB")
    }
    var archive = StoredArchive()
    let hasChains = cells.chainCount > 1 && cells.chainCount < cells.drawsPerChain
    var leftOut = leftOut
    if !hasChains {
      // An array of draws alone says that the first axis is theirs.
      archive.add("draw", shape: [drawCount], (1...drawCount).map(Double.init))
      if cells.chainCount > 1 { leftOut.append("which of \(cells.chainCount) chains a draw is of") }
    }
    let sample = hasChains ? [cells.chainCount, cells.drawsPerChain] : [drawCount]
    for variable in variables {
      var numbers: [Double] = []
      numbers.reserveCapacity(drawCount * posterior.cells.count)
      for draw in 0..<drawCount {
        for column in variable.columns { numbers.append(column?[draw] ?? .nan) }
      }
      archive.add(variable.name, shape: sample + lengths, numbers)
    }
    return ConvertedDraws(bytes: archive.finished(), model: model, leftOut: leftOut)
  }

  /// A name that is the number of another element stands for that element.
  private func checkNumbers() throws(PosteriorFileError) {
    for dim in posterior.dims {
      for (index, label) in dim.labels.enumerated() {
        guard let number = Int(label), (1...dim.labels.count).contains(number), number != index + 1 else { continue }
        throw PosteriorFileError(
          .unsupported, posterior.source,
          "cannot be converted by numbers: \(label) is a label of \(dim.name), and the number of another one")
      }
    }
  }

  private static func isPlain(_ label: String) -> Bool {
    !label.isEmpty && label.trimmingSpaces == label && !label.contains { ",[]\"\n\r\r\n".contains($0) }
  }
}
