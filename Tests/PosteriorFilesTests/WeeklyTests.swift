import Foundation
import NumericKernel
import PosteriorFiles
import ResponseModel
import Testing

/// The posterior in data/weekly, against what xarray and arviz 1.3 say of the same file.
@Suite struct WeeklyTests {
  private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("data/weekly/model.nc").path

  @Test func `The weekly model is read as xarray reads it`() throws {
    let posterior = try PosteriorFile.read(path: WeeklyTests.path)
    #expect(posterior.channels == ["tv", "search", "social", "display", "radio", "print"])
    #expect(posterior.chainCount == 4 && posterior.drawsPerChain == 500 && posterior.drawCount == 2000)
    #expect(posterior.cells.map(\.mediaScale) == [501281.76, 141391.85, 99130.88, 26548.25, 37624.66, 5924.5])
    #expect(posterior.cells.map(\.outcomeScale) == [Double](repeating: 1800897.05, count: 6))
    #expect(posterior.cells.compactMap(\.history.last) == [0.0, 43594.88, 61776.11, 0.0, 6887.68, 3468.01])
    #expect(posterior.dates.count == 130 && posterior.isContiguous)
    #expect(posterior.dates.first == "2022-01-03" && posterior.dates.last == "2024-06-24")
    #expect(posterior.diagnostics.divergences == 0)
    // (chain, draw, channel) (0, 0, tv), (1, 250, display), (3, 499, print), as xarray prints them.
    let places = [(row: 0, cell: 0), (row: 750, cell: 3), (row: 1999, cell: 5)]
    #expect(
      places.map { posterior.cells[$0.cell].carryoverParameters[$0.row, 0] }
        == [0.6370131379990209, 0.23757707257012498, 0.10503785411881772])
    #expect(
      places.map { posterior.cells[$0.cell].saturationParameters[$0.row, 0] }
        == [0.4568253410984964, 0.023546605089739447, 0.0035701298687918193])
    #expect(
      places.map { posterior.cells[$0.cell].saturationParameters[$0.row, 1] }
        == [1.4763091053713442, 4.177334944123324, 3.840201481479373])
  }

  @Test func `Its diagnostics are ArviZ's`() throws {
    let diagnostics = try PosteriorFile.read(path: WeeklyTests.path).diagnostics
    let expected: [(name: String, rHat: [Double], size: [Double])] = [
      (
        "adstock_alpha",
        [
          1.0027737715101304, 0.9993568071300454, 1.0006397186407965, 1.0007197715621756, 1.0023044055659056,
          1.0008335383770266,
        ],
        [
          2313.3128450468057, 2201.6760764716173, 1604.0142380686439, 1758.812524762481, 2382.13148105335,
          1921.2257666953894,
        ]
      ),
      (
        "saturation_beta",
        [
          1.0111662685555567, 1.0021342397923858, 1.0024900798598428, 1.0026744405411983, 1.0012822698821475,
          1.0001770565989685,
        ],
        [
          538.9359436367139, 678.2999337237553, 612.9424732941185, 1094.8014802391601, 651.065922504019,
          1223.5435013002689,
        ]
      ),
      (
        "saturation_lam",
        [
          1.009725883294569, 1.0022204542570712, 1.002036073476205, 1.0033034464774575, 1.0022509371532609,
          1.0000773440879862,
        ],
        [
          546.6934000807311, 674.667474321385, 558.5860860113826, 1370.0073823260502, 691.2187095017382,
          1813.5082932571172,
        ]
      ),
    ]
    let channels = ["tv", "search", "social", "display", "radio", "print"]
    #expect(
      diagnostics.parameters.map(\.name) == expected.flatMap { family in channels.map { "\(family.name)[\($0)]" } })
    // The same formulas; sums of 250 products in another order.
    for (parameter, rHat) in zip(diagnostics.parameters, expected.flatMap(\.rHat)) {
      #expect(abs(try #require(parameter.rHat) - rHat) < 1e-10, "\(parameter.name)")
    }
    for (parameter, size) in zip(diagnostics.parameters, expected.flatMap(\.size)) {
      #expect(abs(try #require(parameter.effectiveSampleSize) / size - 1) < 1e-10, "\(parameter.name)")
    }
  }

  @Test func `Readers in several threads agree`() async throws {
    let alone = try PosteriorFile.read(path: WeeklyTests.path)
    try await withThrowingTaskGroup(of: Posterior.self) { group in
      for _ in 0..<8 { group.addTask { try PosteriorFile.read(path: WeeklyTests.path) } }
      for try await posterior in group {
        #expect(posterior.cells.map(\.saturationParameters) == alone.cells.map(\.saturationParameters))
      }
    }
  }
}
