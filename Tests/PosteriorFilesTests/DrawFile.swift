import Foundation
import NumericKernel
import PosteriorFiles
import ResponseModel
import Testing

/// The files that `Tests/Fixtures/make_draw_files.py` makes of one posterior, and the model that it has.
enum DrawFile {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/draws").path

  static func path(_ name: String) -> String { folder + "/" + name }

  static func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: path(name))) }

  /// What numpy makes of the same numbers.
  struct Reference: Decodable {
    var channels: [String]
    var periods: Int
    var window: Int
    var spend: [Double]
    var divergences: Int
    var channelScale: [Double]
    var outcomeScale: Double
    /// By channel.
    var responses: [[Double]]
    /// In single precision as far as the file has it.
    var single: [[Double]]

    init() throws {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      self = try decoder.decode(Reference.self, from: DrawFile.bytes("responses.json"))
    }
  }

  /// - Parameter isLabelled: whether the file names the channels.
  static func model(isLabelled: Bool, channelScale: ModelMapping.ByChannel<ModelMapping.Feed>? = nil) -> ModelMapping {
    ModelMapping(
      labels: isLabelled ? [] : [Posterior.Dim(name: "channel", labels: ["tv", "search", "radio"])],
      saturation: .all(ModelMapping.Curve(Hill.self, [.variable("beta"), .variable("kappa"), .variable("slope")])),
      carryover: .all(ModelMapping.Lags(Geometric.self, [.variable("alpha")], window: .lags(4))),
      channelScale: channelScale ?? scales, outcomeScale: .all(.number(12.5)))
  }

  static let scales = ModelMapping.ByChannel<ModelMapping.Feed>.each([
    .init("tv", .number(1000)), .init("search", .number(500)), .init("radio", .number(250)),
  ])

  /// Responses to even spending, by channel in the reference's order, then by draw.
  static func responses(of posterior: Posterior) throws -> [[Double]] {
    let reference = try Reference()
    let cells = try reference.channels.map { channel in
      try #require(posterior.cells.first { $0.labels == [channel] })
    }
    let even = [Double](repeating: 1 / Double(reference.periods), count: reference.periods)
    let surface = ResponseSurface(
      cells: cells, mediaPerMoney: cells.map { _ in even }, carryIn: false, carryOver: true)
    let values = surface.responses(at: reference.spend)
    return cells.indices.map { values.column($0) }
  }

  static func expect(
    _ found: [[Double]], _ expected: [[Double]], within tolerance: Double = 1e-9,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(found.map(\.count) == expected.map(\.count), sourceLocation: sourceLocation)
    for (found, expected) in zip(found.joined(), expected.joined()) {
      #expect(abs(found - expected) <= tolerance * abs(expected), sourceLocation: sourceLocation)
    }
  }

  /// What reading says is wrong; nil where nothing is.
  static func failure(
    _ paths: [String], format: String = "auto", model: ModelMapping? = DrawFile.model(isLabelled: false)
  ) -> PosteriorFileError? {
    do {
      _ = try PosteriorFile.read(paths: paths, format: format, model: model)
      return nil
    } catch {
      return error
    }
  }
}
