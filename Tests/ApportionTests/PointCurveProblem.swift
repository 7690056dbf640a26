import Apportion
import Foundation
import Testing

/// A budget problem over point curves whose optimum is known.
struct PointCurveProblem: Decodable, Sendable, CustomTestStringConvertible {
  struct Optimum: Decodable, Sendable {
    /// Under the problem's measure.
    var value: Double
    /// Money over the horizon, by channel.
    var allocation: [Double]
  }

  var name: String
  var kind: String
  /// Of the table, beside the channel's.
  var columns: [String]
  var channels: [String]
  /// By channel, then by column.
  var rows: [[Double]]
  /// Money over the horizon.
  var budget: Double
  /// Lower and upper end by channel; nil where the budget is the only limit.
  var bounds: [String: [Double?]]
  var numPeriods: Int
  var measure: String
  /// Nil where the limits cannot all be met.
  var optimum: Optimum?

  var testDescription: String { name }

  /// Solved as a user would: from a table and a plan on disk.
  func compiled() throws -> CompiledPlan {
    let folder = FileManager.default.temporaryDirectory.appending(path: "apportion \(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) } }
    let lines = zip(channels, rows).map { ([$0] + $1.map { "\($0)" }).joined(separator: ",") }
    let table = ([(["channel"] + columns).joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
    try Data(table.utf8).write(to: folder.appending(path: "curves.csv"))
    let limits = bounds.sorted { $0.key < $1.key }.map { channel, ends in
      "\(channel): [\(ends.map { $0.map { "\($0)" } ?? "null" }.joined(separator: ", "))]"
    }
    let text = """
      posterior: {file: curves.csv, format: curves, curves: {kind: \(kind)}}
      horizon: {num_periods: \(numPeriods)}
      budget: {total: \(budget)}
      measure: \(measure)
      utility: mean
      bounds: {\(limits.joined(separator: ", "))}
      solver: {gap: 1e-8, time_limit: 5}
      """
    let plan = try PlanFile.parse(text, source: "plan.yaml", folder: folder.path).plan
    let choice = plan.posterior
    let posterior = try PosteriorFile.read(
      path: choice.file.value, format: choice.format.rawValue, draws: choice.draws?.value, curves: choice.curves)
    return try CompiledPlan(plan, posterior)
  }
}

extension PointCurveProblem {
  /// Our own, made and certified by `Tests/Fixtures/make_point_curves.py`.
  static let own: [PointCurveProblem] = {
    do {
      let data = try Data(contentsOf: PeerResponseTests.root.appending(path: "Tests/Fixtures/point_curves.json"))
      return try peerDecoder.decode([PointCurveProblem].self, from: data)
    } catch {
      preconditionFailure("The fixture of point curves cannot be read: \(error)")
    }
  }()

  static let peerFolder = PeerResponseTests.root.deletingLastPathComponent().appending(
    path: "shared/cases/point_curves")

  /// The peers' examples; none where they are not here.
  static let peers: [PointCurveProblem] = {
    let fileManager = FileManager.default
    guard fileManager.fileExists(atPath: peerFolder.path) else { return [] }
    do {
      return try fileManager.contentsOfDirectory(atPath: peerFolder.path).filter { $0.hasSuffix(".json") }.sorted().map
      {
        let data = try Data(contentsOf: peerFolder.appending(path: $0))
        return try peerDecoder.decode(PeerCase.self, from: data).problem(name: $0)
      }
    } catch {
      preconditionFailure("A reference case of point curves cannot be read: \(error)")
    }
  }()
}

/// A case as DeepCausalMMM's or AMMM's scripts left it.
private struct PeerCase: Decodable {
  struct Inputs: Decodable {
    var channels: [String]
    // DeepCausalMMM
    var budget: Double?
    var numWeeks: Int?
    var responseCurves: [String: [String: Double]]?
    // AMMM
    var totalBudget: Double?
    var method: String?
    var parameters: [String: [Double]]?
  }
  struct Known: Decodable {
    var status: String?
    var globalObjective: Double?
    var objective: Double?
    var allocation: [String: Double]?
    var bounds: [[Double]]?
  }
  var inputs: Inputs
  var global: Known
  var effectiveBounds: [String: [Double]]?

  func problem(name: String) throws -> PointCurveProblem {
    let channels = inputs.channels
    let allocation = channels.map { global.allocation?[$0] ?? 0 }
    let value = global.globalObjective ?? global.objective
    let optimum = value.map { PointCurveProblem.Optimum(value: $0, allocation: allocation) }
    guard let curves = inputs.responseCurves else {
      return PointCurveProblem(
        name: name, kind: try #require(inputs.method).replacing("-", with: "_"), columns: ["alpha", "lam"],
        channels: channels, rows: try channels.map { try #require(inputs.parameters?[$0]) },
        budget: try #require(inputs.totalBudget), bounds: try #require(effectiveBounds), numPeriods: 1,
        measure: "response", optimum: optimum)
    }
    let columns = ["top", "bottom", "saturation", "slope"]
    return PointCurveProblem(
      name: name, kind: "hill_bottom", columns: columns, channels: channels,
      rows: try channels.map { channel in try columns.map { try #require(curves[channel]?[$0]) } },
      budget: try #require(inputs.budget),
      bounds: Dictionary(
        zip(channels, try #require(global.bounds)), uniquingKeysWith: { first, _ in first }),
      numPeriods: try #require(inputs.numWeeks), measure: "response", optimum: optimum)
  }
}
