import CNetCDF
import Foundation
import Testing

@testable import PosteriorFiles

/// What each wrong file of a model by geo is told.
@Suite struct WrongPanelTests {
  private func expect(
    _ kind: PosteriorFileError.Kind, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation,
    after change: (inout NetCDFContent) -> Void
  ) throws {
    let error = try #require(try SmallModel.failure(SmallModel.panel, after: change), sourceLocation: sourceLocation)
    #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation)
    for word in words { #expect(error.message.contains(word), "\(error)", sourceLocation: sourceLocation) }
  }

  @Test(arguments: [
    ("[\"channel\"]", "expected dims beside the channel, found channel"),
    ("[\"geo\", \"date\"]", "expected dims beside the channel, found date"),
    ("[\"geo\", \"geo\"]", "expected each name once, found geo twice"), ("[1]", "expected JSON"),
    ("null", "expected JSON"),
  ]) func `Dims are names beside the channel, each once`(text: String, words: String) throws {
    try expect(.invalid, "root attribute dims: \(words)") { $0.attributes["dims"] = text }
  }

  @Test func `Every dim needs labels, the same in both groups`() throws {
    try expect(.invalid, "constant_data: expected a coordinate brand with the labels along it, found none") {
      $0.attributes["dims"] = "[\"geo\", \"brand\"]"
    }
    try expect(.invalid, "constant_data: expected a coordinate geo") { $0["constant_data/geo"] = nil }
    try expect(.invalid, "posterior: expected a coordinate geo") { $0["posterior/geo"] = nil }
    try expect(.invalid, "posterior/geo: expected the labels south, north, found south, east") {
      $0["posterior/geo"]?.values = .texts(["south", "east"])
    }
    try expect(.invalid, "constant_data/geo: expected each label once, found south twice") {
      $0["constant_data/geo"]?.values = .texts(["south", "south"])
    }
    try expect(.invalid, "constant_data/geo: expected texts or whole numbers as labels") {
      $0["constant_data/geo"] = .init(dims: ["geo"], values: .numbers([0.5, 1]))
    }
    try expect(.invalid, "posterior: expected a coordinate geo") {
      $0["posterior/geo"]?.dims = ["chain"]
    }
  }

  @Test func `A parameter or a scale by a dim that the model has not is refused`() throws {
    try expect(.unsupported, "posterior/adstock_alpha: expected dims among chain, draw, channel, found geo") {
      $0.attributes["dims"] = "[]"
    }
    try expect(.unsupported, "constant_data/target_scale: expected dims among geo, found channel") {
      $0["constant_data/target_scale"] = .init(dims: ["channel"], values: .numbers([1, 2, 3]))
    }
    try expect(.unsupported, "constant_data/channel_scale", "found date") {
      $0["constant_data/channel_scale"] = .init(dims: ["date"], values: .numbers([1, 2, 3, 4]))
    }
  }

  @Test func `Observed media are wanted for every cell`() throws {
    try expect(
      .invalid, "constant_data/channel_data: expected the dims date, geo, channel, found date, channel"
    ) {
      $0["constant_data/channel_data"] = .init(
        dims: ["date", "channel"], values: .numbers([Double](repeating: 1, count: 12)))
    }
    try expect(.invalid, "constant_data/channel_data[north, tv]", "found -1.0 on 2024-02-26") {
      $0.set("constant_data/channel_data", at: 3, to: -1)
    }
  }

  @Test func `The wrong cell is named`() throws {
    try expect(
      .invalid, "constant_data/channel_scale[search, north]: expected a number that is not negative, found -2.0"
    ) { $0.set("constant_data/channel_scale", at: 3, to: -2) }
    try expect(.invalid, "constant_data/target_scale[north]: expected a number that is not negative, found -1.0") {
      $0.set("constant_data/target_scale", at: 1, to: -1)
    }
    // Chain 0, draw 1, north, tv: element (1 · 2 + 1) · 3.
    try expect(.invalid, "posterior/saturation_beta[north, tv]", "found nan in chain 0, draw 1", "1 of 36") {
      $0.set("posterior/saturation_beta", at: 9, to: .nan)
    }
  }

  @Test func `More cells than a file can hold are refused before any is made`() throws {
    try expect(.invalid, "posterior: a shape of 2 × 3 × 3 × 5000 × 5000 is more than a file of") { content in
      content.attributes["dims"] = "[\"geo\", \"brand\"]"
      for dim in ["geo", "brand"] {
        content.groups["constant_data"]?.dims[dim] = 5000
        content["constant_data/\(dim)"] = .init(
          dims: [dim], values: .numbers((0..<5000).map(Double.init)), type: NC_SHORT)
      }
      content["constant_data/channel_data"] = nil
      content["constant_data/channel_scale"] = .init(dims: [], values: .numbers([1]))
      content["constant_data/target_scale"] = .init(dims: [], values: .numbers([1]))
      for name in SmallModel.bases.keys { content["posterior/\(name)"] = SmallModel.parameter(name) }
    }
  }
}
