import Foundation
import NumericKernel
import PosteriorFiles
import ResponseModel
import TestSupport
import Testing

/// The models in data/pymc, each file alone against what PyMC-Marketing says of the same draws.
@Suite struct PyMCResponseTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "data/pymc")
  static let models = [
    "geo_hill", "delayed_michaelis_menten", "weibull_pdf_tanh", "weibull_cdf_tanh_baselined", "saturation_first",
    "half_life", "delayed_half_life", "global_scale", "fixed_scale", "geo_brand", "log_raw",
    "linear_saturation_first", "constants", "unused_cell",
  ]

  static func path(_ model: String, seed: Int) -> String { folder.appending(path: "\(model)_\(seed).nc").path }

  /// Sums run in another order than the library's: a few 1e-15 are expected.
  static let tolerance = 1e-12

  private func expectEqual(_ ours: [Double], _ library: [Double], _ label: String) {
    #expect(ours.count == library.count)
    let worst = zip(ours, library).map { $0 == $1 ? 0 : abs($0 - $1) / abs($1) }.max() ?? .infinity
    #expect(worst <= Self.tolerance, "\(label): \(worst)")
  }

  @Test(arguments: models, [1, 2])
  func `Every draw of every cell responds to the observed media as in the library`(model: String, seed: Int) throws {
    let posterior = try PosteriorFile.read(path: Self.path(model, seed: seed))
    let file = try #require(
      try NPZ(path: Self.folder.appending(path: "\(model)_\(seed).npz").path)?.arrays["contributions"])
    let (drawCount, cellCount) = (posterior.drawCount, posterior.cells.count)
    #expect(file.shape == [drawCount, cellCount])
    let surface = ResponseSurface(
      cells: posterior.cells, mediaPerMoney: posterior.cells.map(\.history), carryIn: false, carryOver: false)
    let responses = surface.responses(at: [Double](repeating: 1, count: cellCount))
    for cell in 0..<cellCount {
      expectEqual(
        (0..<drawCount).map { responses[$0, cell] }, (0..<drawCount).map { file.values[$0 * cellCount + cell] },
        "\(model), \(posterior.cells[cell].name)")
    }
  }

  @Test(arguments: ["time_varying", "time_varying_by_channel"])
  func `Media that vary in time are multiplied as in the library`(model: String) throws {
    let posterior = try PosteriorFile.read(path: Self.path(model, seed: 1))
    let file = try #require(
      try NPZ(path: Self.folder.appending(path: "\(model)_1.npz").path)?.arrays["contributions"])
    let (drawCount, cellCount) = (posterior.drawCount, posterior.cells.count)
    let planned = try posterior.cells.map { cell in
      guard case .varying(let multiplier) = cell.worth else { throw NothingVaries() }
      let columns = cell.history.indices.map { multiplier.values(at: $0) }
      return [
        PlannedCell(
          cell, mediaPerMoney: cell.history, worths: .drawn(DrawMatrix(columns: columns, drawCount: drawCount)))
      ]
    }
    let surface = ResponseSurface(planned, carryOver: false)
    let responses = surface.responses(at: [Double](repeating: 1, count: cellCount))
    for cell in 0..<cellCount {
      expectEqual(
        (0..<drawCount).map { responses[$0, cell] }, (0..<drawCount).map { file.values[$0 * cellCount + cell] },
        "\(model), \(posterior.cells[cell].name)")
    }
  }

  private struct NothingVaries: Error {}

  @Test(arguments: models, [1, 2])
  func `Every draw responds to a plan as in the library's budget optimiser`(model: String, seed: Int) throws {
    let posterior = try PosteriorFile.read(path: Self.path(model, seed: seed))
    let file = try #require(try NPZ(path: Self.folder.appending(path: "\(model)_\(seed).npz").path)).arrays
    let (allocations, expected) = (try #require(file["allocations"]), try #require(file["responses"]))
    let shares = try #require(file["distribution"])
    let (periodCount, cellCount) = (shares.shape[0], posterior.cells.count)
    #expect(allocations.shape[1] == cellCount && shares.shape[1] == cellCount)
    let even = [[Double]](
      repeating: [Double](repeating: 1 / Double(periodCount), count: periodCount), count: cellCount)
    let spread = (0..<cellCount).map { cell in (0..<periodCount).map { shares.values[$0 * cellCount + cell] } }
    let planCount = allocations.shape[0]
    for plan in 0..<planCount {
      let surface = ResponseSurface(
        cells: posterior.cells, mediaPerMoney: plan == planCount - 1 ? spread : even, carryIn: true, carryOver: true)
      let money = (0..<cellCount).map { allocations.values[plan * cellCount + $0] * Double(periodCount) }
      let planned = surface.responses(at: money).rowSums()
      expectEqual(
        zip(planned, surface.carriedIn).map { $0 + $1 },
        Array(expected.values[plan * posterior.drawCount..<(plan + 1) * posterior.drawCount]), "\(model), plan \(plan)")
    }
  }

  @Test(arguments: [
    (
      "log_link",
      "root attribute link: the log link, under which what media bring depends on all that the model has beside them,"
    ),
    ("leading", "root attribute adstock: convolution mode Before"),
  ]) func `What the library saves and is not supported is refused by name`(model: String, words: String) throws {
    let error = #expect(throws: PosteriorFileError.self) {
      try PosteriorFile.read(path: Self.path(model, seed: 1))
    }
    #expect(error?.kind == .unsupported)
    #expect(error?.message.hasPrefix(words + " is not supported: expected ") == true)
  }
}
