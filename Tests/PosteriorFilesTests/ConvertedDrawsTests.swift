import Foundation
import NumericKernel
import PosteriorFiles
import ResponseModel
import TestSupport
import Testing

/// Tables and arrays of draws, and the model by which they read back.
@Suite struct ConvertedDrawsTests {
  private func read(_ draws: ConvertedDraws, _ name: String) throws -> Posterior {
    let folder = try TemporaryFolder()
    return try PosteriorFile.read(path: folder.write(Data(draws.bytes), as: name), model: draws.model)
  }

  /// The curves as they were, every number bit for bit; what a model cannot say is gone.
  private func expectRoundTrip(_ posterior: Posterior, sourceLocation: SourceLocation = #_sourceLocation) throws {
    for (name, draws) in [
      ("draws.csv", try PosteriorFile.csv(of: posterior)), ("draws.npz", try PosteriorFile.npz(of: posterior)),
    ] {
      let found = try read(draws, name)
      #expect(found.dims == posterior.dims && found.drawCount == posterior.drawCount, sourceLocation: sourceLocation)
      if name == "draws.csv", posterior.drawCount > 1 {
        #expect(found.chainCount == posterior.chainCount, sourceLocation: sourceLocation)
      }
      if !posterior.diagnostics.parameters.isEmpty, found.chainCount == posterior.chainCount {
        #expect(found.diagnostics.largestRHat == posterior.diagnostics.largestRHat, sourceLocation: sourceLocation)
      }
      let cells = posterior.cells.map { cell in
        var cell = cell
        cell.history = []
        cell.spendHistory = []
        cell.worth = .one
        cell.reach = nil
        if cell.carryover == NoCarryover.self {
          (cell.isNormalized, cell.window, cell.order) = (true, 1, .carryoverFirst)
        }
        return cell
      }
      CompactFormatTests.expectSame(found.cells, cells, sourceLocation: sourceLocation)
    }
  }

  @Test func `models of PyMC-Marketing, by any dims`() throws {
    for name in CompactFormatTests.pymc where name.hasSuffix("_1.nc") && !name.hasPrefix("time_varying") {
      try expectRoundTrip(PosteriorFile.read(path: PyMCResponseTests.folder.appending(path: name).path))
    }
    let weekly = try PosteriorFile.read(path: CompactFormatTests.data.appending(path: "weekly/model.nc").path)
    try expectRoundTrip(weekly)
    #expect(try PosteriorFile.csv(of: weekly).leftOut == ["observed media and their dates"])
    let header = try String(decoding: PosteriorFile.csv(of: weekly).bytes.prefix(63), as: UTF8.self)
    #expect(header == ".chain,.iteration,.draw,adstock_alpha[tv],adstock_alpha[search]")
  }

  @Test func `models of Meridian whose outcome is counted, draws of samplers, and Robyn's models`() throws {
    try expectRoundTrip(
      PosteriorFile.read(
        path: MeridianResponseTests.path("national_1", "nc"), meridian: MeridianResponseTests.model("national", seed: 1)
      ))
    for (name, isLabelled) in [("fit_*.csv", false), ("wide.csv", true), ("flat.npz", false), ("arviz.nc", true)] {
      try expectRoundTrip(
        PosteriorFile.read(path: DrawFile.path(name), model: DrawFile.model(isLabelled: isLabelled)))
    }
    for name in ["1_2_3", "2_1_1", "3_4_2"] {
      try expectRoundTrip(
        PosteriorFile.read(paths: ["RobynModel-\(name).json", "raw_data.csv"].map(RobynFile.path)))
    }
    let pareto = try PosteriorFile.read(
      paths: ["RobynModel-inputs.json", "pareto_hyperparameters.csv", "pareto_aggregated.csv", "raw_data.csv"]
        .map(RobynFile.path))
    try expectRoundTrip(pareto)
    #expect(
      try PosteriorFile.csv(of: pareto).leftOut.contains { $0.hasPrefix("that 5 models of a Pareto set are scenarios") }
    )
  }

  @Test func `a curve for each channel, labels that are no names of columns, and one draw`() throws {
    var mixed = CompactFormatTests.mixed
    for cell in mixed.cells.indices { mixed.cells[cell].worth = .one }
    try expectRoundTrip(mixed)
    let text = try String(decoding: PosteriorFile.csv(of: mixed).bytes, as: UTF8.self)
    #expect(text.contains("\"saturation_hill_beta[1,2]\""))
    var plain = mixed
    plain.dims[0].labels[1] = "search"
    for cell in 2...3 { plain.cells[cell].labels[0] = "search" }
    try expectRoundTrip(plain)
    #expect(
      try String(decoding: PosteriorFile.csv(of: plain).bytes, as: UTF8.self).contains("saturation_hill_beta[tv,south]")
    )
    try expectRoundTrip(
      PosteriorFile.read(
        path: PyMCResponseTests.folder.appending(path: "geo_hill_1.nc").path, draws: 1))
  }

  @Test func `what draws cannot tell is refused, and what of it goes is said`() throws {
    func expect(_ words: String, _ posterior: Posterior) {
      #expect { try PosteriorFile.csv(of: posterior) } throws: { error in
        (error as? PosteriorFileError)?.message.contains(words) ?? false
      }
      #expect { try PosteriorFile.npz(of: posterior) } throws: { error in
        (error as? PosteriorFileError)?.message.contains(words) ?? false
      }
    }
    expect(
      "the effect of", try PosteriorFile.read(path: PyMCResponseTests.folder.appending(path: "time_varying_1.nc").path))
    expect(
      "what a unit of",
      try PosteriorFile.read(
        path: MeridianResponseTests.path("by_channel_1", "nc"),
        meridian: MeridianResponseTests.model("by_channel", seed: 1)))
    var mixed = CompactFormatTests.mixed
    for cell in mixed.cells.indices { mixed.cells[cell].worth = .one }
    mixed.cells[1].window = 2
    expect("tv/south has another curve or carryover than tv/north", mixed)
    mixed.cells[1].window = 1
    mixed.dims[1].labels = ["2", "1"]
    for cell in mixed.cells.indices { mixed.cells[cell].labels[1] = ["2", "1"][cell % 2] }
    expect("2 is a label of geo, and the number of another one", mixed)
  }

  @Test func `the archive is one that numpy's readers know`() throws {
    let folder = try TemporaryFolder()
    let weekly = try PosteriorFile.read(path: CompactFormatTests.data.appending(path: "weekly/model.nc").path)
    let path = try folder.write(Data(PosteriorFile.npz(of: weekly).bytes), as: "draws.npz")
    let arrays = try #require(try NPZ(path: path)).arrays
    #expect(arrays["saturation_beta"]?.shape == [4, 500, 6])
  }
}
