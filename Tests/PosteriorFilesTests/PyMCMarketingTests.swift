import CNetCDF
import Foundation
import NumericKernel
import ResponseModel
import Testing

@testable import PosteriorFiles

@Suite struct PyMCMarketingTests {
  /// Every draw where it belongs: chain after chain, each channel its own.
  private func expectDrawsInPlace(_ posterior: Posterior, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(posterior.cells.map(\.labels) == SmallModel.channels.map { [$0] }, sourceLocation: sourceLocation)
    for (channel, cell) in posterior.cells.enumerated() {
      for chain in 0..<SmallModel.chainCount {
        for draw in 0..<SmallModel.drawsPerChain {
          let row = chain * SmallModel.drawsPerChain + draw
          let read = [
            "adstock_alpha": cell.carryoverParameters[row, 0], "saturation_beta": cell.saturationParameters[row, 0],
            "saturation_lam": cell.saturationParameters[row, 1],
          ]
          let expected = SmallModel.bases.mapValues {
            SmallModel.value($0, chain: chain, draw: draw, channel: channel)
          }
          #expect(read == expected, sourceLocation: sourceLocation)
        }
      }
    }
  }

  @Test func `A valid file is read in full`() throws {
    let posterior = try SmallModel.read()
    expectDrawsInPlace(posterior)
    #expect(posterior.format == "pymc-marketing")
    #expect(posterior.dims == [Posterior.Dim(name: "channel", labels: SmallModel.channels)])
    #expect(posterior.chainCount == 2 && posterior.drawsPerChain == 3 && posterior.drawCount == 6)
    #expect(posterior.dates == ["2024-02-26", "2024-03-04", "2024-03-11", "2024-03-18"])
    #expect(posterior.isContiguous)
    #expect(posterior.diagnostics.divergences == 2)
    #expect(posterior.diagnostics.parameters.count == 9)
    #expect(posterior.diagnostics.parameters.first?.name == "adstock_alpha[tv]")
    let search = posterior.cells[1]
    #expect(search.mediaScale == 200 && search.outcomeScale == 5000)
    #expect(search.history == [20, 21, 22, 23])
    #expect(search.window == 8 && search.isNormalized)
    #expect(search.saturation == Logistic.self && search.carryover == Geometric.self)
  }

  @Test func `The notes say what the model is`() throws {
    let notes = try SmallModel.read().notes.map { "\($0.name): \($0.text)" }
    #expect(
      notes == [
        "model: MMM, version 0.0.2", "library: PyMC-Marketing 1.3.0", "sampler: nutpie",
        "adstock: geometric, 8 periods, normalised", "saturation: logistic", "order: adstock, then saturation",
        "target: sales, scale 5000", "channel scales: tv 100, search 200, radio 300",
        "yearly seasonality: 2 harmonics",
      ])
  }

  @Test func `The notes say what the model has beside media, and what of it is not used`() throws {
    let notes = try SmallModel.read {
      $0.attributes["control_columns"] = "[\"promo\", \"price\"]"
      $0.attributes["mu_effects"] = """
        [{"__type__": "pymc_marketing.mmm.additive_effect.FourierEffect"}, {"__type__": "own.Funnel"}]
        """
      $0.attributes["lift_test_calibrations"] = "[{}, {}]"
      $0.attributes["cost_per_unit"] = "{\"columns\": []}"
      $0.attributes["time_varying_intercept"] = "true"
      $0.attributes["yearly_seasonality"] = "null"
    }.notes.map { "\($0.name): \($0.text)" }
    #expect(
      notes.suffix(6) == [
        "controls: promo, price", "intercept: varies in time",
        "other effects: 1 in the baseline, which spend does not change",
        "effects not known here: own.Funnel: what spend does through them, if anything, is not counted",
        "lift tests: calibrated with 2",
        "cost per unit: in the file and not used: a plan gives its own",
      ])
  }

  @Test(arguments: [
    ["draw", "chain", "channel"], ["channel", "chain", "draw"], ["channel", "draw", "chain"],
    ["draw", "channel", "chain"],
  ]) func `Dims are found by name in any order`(dims: [String]) throws {
    let posterior = try SmallModel.read { content in
      for name in SmallModel.bases.keys { content["posterior/\(name)"] = SmallModel.parameter(name, dims: dims) }
    }
    expectDrawsInPlace(posterior)
  }

  @Test func `Channels are found by label where the groups order them differently`() throws {
    let order = ["radio", "tv", "search"]
    let posterior = try SmallModel.read { content in
      for name in SmallModel.bases.keys { content["posterior/\(name)"] = SmallModel.parameter(name, order: order) }
      content["posterior/channel"]?.values = .texts(order)
      content["constant_data/channel"]?.values = .texts(["search", "radio", "tv"])
      content["constant_data/channel_scale"]?.values = .numbers([200, 300, 100])
      content["constant_data/channel_data"] = .init(
        dims: ["channel", "date"], values: .numbers([20, 21, 22, 23, 30, 31, 32, 33, 10, 11, 12, 13]))
    }
    expectDrawsInPlace(posterior)
    #expect(posterior.cells.map(\.mediaScale) == [100, 200, 300])
    #expect(posterior.cells.map(\.history) == [[10, 11, 12, 13], [20, 21, 22, 23], [30, 31, 32, 33]])
  }

  @Test func `Attributes of variable length are read as characters are`() throws {
    let posterior = try SmallModel.read { $0.hasStringAttributes = true }
    expectDrawsInPlace(posterior)
    #expect(posterior.notes.contains { $0 == ("model", "MMM, version 0.0.2") })
  }

  @Test func `Labels of fixed length are read as those of variable length`() throws {
    let posterior = try SmallModel.read {
      $0["posterior/channel"]?.values = .characters(SmallModel.channels, width: 6)
      $0["constant_data/channel"]?.values = .characters(SmallModel.channels, width: 9)
    }
    expectDrawsInPlace(posterior)
  }

  @Test func `A parameter without the channel dim holds for all channels`() throws {
    let posterior = try SmallModel.read {
      $0["posterior/saturation_lam"] = SmallModel.parameter("saturation_lam", dims: ["draw", "chain"])
    }
    for cell in posterior.cells {
      #expect(cell.saturationParameters[4, 1] == SmallModel.value(3, chain: 1, draw: 1, channel: 0))
    }
    #expect(posterior.diagnostics.parameters.map(\.name).contains("saturation_lam"))
    #expect(posterior.diagnostics.parameters.count == 7)
  }

  @Test func `A prefix of the model's own names the variables`() throws {
    let posterior = try SmallModel.read { content in
      content.attributes["saturation"] = SmallModel.saturation.replacingOccurrences(
        of: "\"saturation\"", with: "\"curve\"")
      for name in ["beta", "lam"] {
        content["posterior/curve_\(name)"] = content["posterior/saturation_\(name)"]
        content["posterior/saturation_\(name)"] = nil
      }
    }
    expectDrawsInPlace(posterior)
  }

  @Test func `Packed numbers are unpacked`() throws {
    let posterior = try SmallModel.read {
      // 0.5 + 0.125 · 4 = 1, …; the fill value is a hole in what was observed.
      $0["constant_data/channel_data"] = .init(
        dims: ["date", "channel"], values: .numbers([4, 8, 12, 4, -9, 12, 4, 8, 12, 4, 8, 12]), type: NC_BYTE,
        numbers: ["scale_factor": 0.125, "add_offset": 0.5, "_FillValue": -9])
      $0["constant_data/channel_scale"] = .init(dims: ["channel"], values: .numbers([1, 2, 3]), type: NC_FLOAT)
    }
    #expect(posterior.cells[0].history == [1, 1, 1, 1])
    #expect(posterior.cells[1].history[1].isNaN && posterior.cells[1].history[2] == 1.5)
    #expect(posterior.cells.map(\.mediaScale) == [1, 2, 3])
    #expect(!posterior.isContiguous)
  }

  @Test(arguments: [NC_FLOAT, NC_INT64, NC_UINT, NC_SHORT, NC_USHORT, NC_UBYTE, NC_UINT64, NC_INT])
  func `Draws of any numeric type are read`(type: nc_type) throws {
    let posterior = try SmallModel.read {
      $0["posterior/saturation_lam"] = .init(
        dims: ["chain", "draw"], values: .numbers([1, 2, 3, 4, 5, 6]), type: type)
    }
    #expect(posterior.cells[2].saturationParameters.column(1) == [1, 2, 3, 4, 5, 6])
  }

  @Test func `One draw is a posterior without diagnostics`() throws {
    let posterior = try SmallModel.read { content in
      content.groups["posterior"]?.dims["chain"] = 1
      content.groups["posterior"]?.dims["draw"] = 1
      for (name, base) in SmallModel.bases {
        content["posterior/\(name)"]?.values = .numbers([base, base, base])
      }
    }
    #expect(posterior.drawCount == 1)
    #expect(posterior.diagnostics.largestRHat == nil && posterior.diagnostics.smallestEffectiveSampleSize == nil)
    #expect(posterior.cells[2].saturationParameters[0, 1] == 3)
  }

  @Test func `A posterior without a chain dimension is one chain`() throws {
    let posterior = try SmallModel.read { content in
      content.groups["posterior"]?.dims["chain"] = nil
      for (name, base) in SmallModel.bases {
        content["posterior/\(name)"] = .init(
          dims: ["draw", "channel"], values: .numbers((0..<9).map { base + Double($0) / 100 }))
      }
    }
    #expect(posterior.chainCount == 1 && posterior.drawCount == 3)
    #expect(posterior.cells[1].carryoverParameters.column(0) == [0.2 + 0.01, 0.2 + 0.04, 0.2 + 0.07])
  }

  @Test func `Divergences are unknown where the sampler's statistics are absent`() throws {
    #expect(try SmallModel.read { $0.groups["sample_stats"] = nil }.diagnostics.divergences == nil)
  }

  @Test func `A file without observed media has no history`() throws {
    let posterior = try SmallModel.read { $0["constant_data/channel_data"] = nil }
    #expect(posterior.dates.isEmpty && !posterior.isContiguous)
    #expect(posterior.cells.allSatisfy { $0.history.isEmpty })
  }

  @Test func `A hole in the dates is seen`() throws {
    #expect(try !SmallModel.read { $0["constant_data/date"]?.values = .numbers([0, 7, 21, 28]) }.isContiguous)
  }

  @Test(arguments: [
    (6, [0, 1, 2, 3, 4, 5]), (3, [0, 2, 4]), (4, [0, 1, 3, 4]), (1, [0]),
  ]) func `Thinning takes even steps through all chains`(count: Int, kept: [Int]) throws {
    let whole = try SmallModel.read()
    let thinned = try SmallModel.read(draws: count)
    #expect(thinned.drawCount == count)
    let column = whole.cells[1].saturationParameters.column(0)
    #expect(thinned.cells[1].saturationParameters.column(0) == kept.map { column[$0] })
    #expect(thinned.diagnostics == whole.diagnostics)
    #expect(thinned.chainCount == 2 && thinned.drawsPerChain == 3)
  }
}
