import CNetCDF
import Foundation
import NumericKernel
import ResponseModel
import Testing

@testable import PosteriorFiles

/// Models by geo and further dims, and parameters that are not drawn.
@Suite struct PyMCPanelTests {
  @Test func `A cell is a channel in a geo, the geo running fastest`() throws {
    let posterior = try SmallModel.read(SmallModel.panel)
    #expect(
      posterior.dims == [
        Posterior.Dim(name: "channel", labels: SmallModel.channels),
        Posterior.Dim(name: "geo", labels: SmallModel.geos),
      ])
    #expect(
      posterior.cells.map(\.name) == [
        "tv/south", "tv/north", "search/south", "search/north", "radio/south", "radio/north",
      ])
    #expect(posterior.cells.map(\.mediaScale) == [100, 101, 200, 201, 300, 301])
    #expect(posterior.cells.map(\.outcomeScale) == [5000, 5001, 5000, 5001, 5000, 5001])
    // Date by geo by channel: 10, 11, 12 are south's in the first week, 13, 14, 15 north's.
    #expect(posterior.cells[3].history == [14, 20, 26, 32])
    let (search, draw) = (posterior.cells[3], 4)
    let expected = { SmallModel.value($0, chain: 1, draw: 1, channel: $1, geo: $2) }
    #expect(search.carryoverParameters[draw, 0] == expected(0.2, 0, 1))
    #expect(search.saturationParameters[draw, 0] == expected(0.4, 1, 1))
    #expect(search.saturationParameters[draw, 1] == expected(3, 1, 0))
  }

  @Test func `Diagnostics name each drawn parameter once, with its labels`() throws {
    let names = try SmallModel.read(SmallModel.panel).diagnostics.parameters.map(\.name)
    #expect(
      names == [
        "adstock_alpha[south]", "adstock_alpha[north]", "saturation_beta[south, tv]", "saturation_beta[south, search]",
        "saturation_beta[south, radio]", "saturation_beta[north, tv]", "saturation_beta[north, search]",
        "saturation_beta[north, radio]", "saturation_lam[tv]", "saturation_lam[search]", "saturation_lam[radio]",
      ])
  }

  @Test(arguments: [
    ["chain", "draw", "geo", "channel"], ["channel", "geo", "chain", "draw"], ["geo", "draw", "channel", "chain"],
    ["chain", "draw", "geo"], ["geo", "chain", "draw"], ["channel", "draw", "chain"], ["draw", "chain"],
  ]) func `A parameter holds along the dims that it has not, whatever the order of those it has`(
    dims: [String]
  ) throws {
    let posterior = try SmallModel.read(SmallModel.panel) { content in
      content["posterior/saturation_lam"] = SmallModel.parameter("saturation_lam", dims: dims)
    }
    for (index, cell) in posterior.cells.enumerated() {
      for row in 0..<posterior.drawCount {
        let value = SmallModel.value(
          3, chain: row / 3, draw: row % 3, channel: dims.contains("channel") ? index / 2 : 0,
          geo: dims.contains("geo") ? index % 2 : 0)
        #expect(cell.saturationParameters[row, 1] == value)
      }
    }
  }

  @Test func `Geos are found by label where the groups order them differently`() throws {
    let posterior = try SmallModel.read(SmallModel.panel) { content in
      let order = ["north", "south"]
      content["posterior/geo"]?.values = .texts(order)
      content["posterior/adstock_alpha"] = SmallModel.parameter(
        "adstock_alpha", dims: ["chain", "draw", "geo"], geoOrder: order)
      content["posterior/saturation_beta"] = SmallModel.parameter(
        "saturation_beta", dims: ["geo", "chain", "draw", "channel"], geoOrder: order)
    }
    let straight = try SmallModel.read(SmallModel.panel)
    #expect(posterior.dims == straight.dims)
    #expect(posterior.cells.map(\.saturationParameters) == straight.cells.map(\.saturationParameters))
    #expect(posterior.cells.map(\.carryoverParameters) == straight.cells.map(\.carryoverParameters))
  }

  @Test func `Scales hold along the dims that they have not`() throws {
    let posterior = try SmallModel.read(SmallModel.panel) {
      $0["constant_data/channel_scale"] = .init(dims: ["geo"], values: .numbers([7, 8]))
      $0["constant_data/target_scale"] = .init(dims: [], values: .numbers([9]))
    }
    #expect(posterior.cells.map(\.mediaScale) == [7, 8, 7, 8, 7, 8])
    #expect(posterior.cells.allSatisfy { $0.outcomeScale == 9 })
  }

  @Test func `Labels may be whole numbers`() throws {
    let posterior = try SmallModel.read(SmallModel.panel) {
      $0["constant_data/geo"] = .init(dims: ["geo"], values: .numbers([2, 10]), type: NC_INT64)
      $0["posterior/geo"] = .init(dims: ["geo"], values: .numbers([2, 10]), type: NC_INT64)
    }
    #expect(posterior.dims[1].labels == ["2", "10"])
    #expect(posterior.cells[1].name == "tv/10")
  }

  @Test func `A panel without observed media takes its labels from the draws`() throws {
    let posterior = try SmallModel.read(SmallModel.panel) {
      $0["constant_data/channel_data"] = nil
      $0["constant_data/geo"] = nil
      $0["constant_data/channel_scale"] = .init(dims: [], values: .numbers([7]))
      $0["constant_data/target_scale"] = .init(dims: [], values: .numbers([9]))
    }
    #expect(posterior.dims[1].labels == SmallModel.geos)
    #expect(posterior.cells.allSatisfy { $0.history.isEmpty && $0.mediaScale == 7 })
  }

  @Test func `A parameter fixed at a number is the same in every draw, and has no diagnostics`() throws {
    let posterior = try SmallModel.read { content in
      content.attributes["adstock"] = """
        {"__type__": "pymc_marketing.mmm.components.adstock.GeometricAdstock", "prefix": "adstock", "priors": \
        {"alpha": 0.35}, "l_max": 8, "normalize": true, "mode": "After"}
        """
      content["posterior/adstock_alpha"] = nil
    }
    for cell in posterior.cells { #expect(cell.carryoverParameters.column(0) == [Double](repeating: 0.35, count: 6)) }
    #expect(posterior.diagnostics.parameters.allSatisfy { $0.name.hasPrefix("saturation_") })
    #expect(posterior.notes.contains { $0 == ("fixed", "adstock_alpha 0.35") })
  }

  @Test(arguments: [", \"parametrization\": \"halflife\"", ""])
  func `An adstock by half-life is told by its parametrization, or else by its prior`(setting: String) throws {
    let posterior = try SmallModel.read { content in
      content.attributes["adstock"] = """
        {"__type__": "pymc_marketing.mmm.components.adstock.GeometricAdstock", "prefix": "adstock", "priors": \
        {"halflife": {"dist": "Gamma"}}, "l_max": 8, "normalize": true, "mode": "After"\(setting)}
        """
      content["posterior/adstock_halflife"] = content["posterior/adstock_alpha"]
      content["posterior/adstock_alpha"] = nil
    }
    #expect(posterior.cells.allSatisfy { $0.carryover == GeometricHalfLife.self })
  }

  @Test func `Saturation may come first`() throws {
    let posterior = try SmallModel.read { $0.attributes["adstock_first"] = "false" }
    #expect(posterior.cells.allSatisfy { $0.order == .saturationFirst })
    #expect(posterior.notes.contains { $0 == ("order", "saturation, then adstock") })
  }

  @Test func `The notes say the scales with their labels, or how many there are`() throws {
    func notes(_ change: (inout NetCDFContent) -> Void = { _ in }) throws -> [String] {
      try SmallModel.read(SmallModel.panel, changed: change).notes.map { "\($0.name): \($0.text)" }
    }
    #expect(try notes().contains("target: sales, scale south 5000, north 5001"))
    #expect(
      try notes().contains(
        "channel scales: tv/south 100, tv/north 101, search/south 200, search/north 201, radio/south 300, radio/north 301"
      ))
    let many = (1...7).map { "geo \($0)" }
    let posterior = try SmallModel.read(SmallModel.panel) { content in
      for group in ["posterior", "constant_data"] {
        content.groups[group]?.dims["geo"] = 7
        content["\(group)/geo"]?.values = .texts(many)
      }
      content["posterior/adstock_alpha"] = SmallModel.parameter("adstock_alpha")
      content["posterior/saturation_beta"] = SmallModel.parameter("saturation_beta")
      content["constant_data/channel_data"] = nil
      content["constant_data/channel_scale"]?.values = .numbers((1...21).map(Double.init))
      content["constant_data/target_scale"]?.values = .numbers([5, 5, 5, 5, 5, 5, 5])
    }
    #expect(posterior.notes.contains { $0 == ("channel scales", "21 from 1 to 21") })
  }
}
