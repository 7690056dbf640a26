import Foundation
import NumericKernel
public import ResponseModel

/// Families of plans to measure solvers on: Hill curves under geometric carryover, a fixed pattern of periods, as many instances as
/// there are seeds.
public enum PlanFamily: String, CaseIterable, Sendable {
  /// Every curve is concave.
  case concave
  /// Half of the channels are S-shaped.
  case mixed
  /// As mixed, each channel within half of an allocation that spends the budget.
  case tight
  /// As mixed, with wide posteriors that two common factors move together.
  case correlated
  /// Every channel is steeply S-shaped, and there is not enough for all of them: local optima everywhere.
  case traps

  /// Money is of the order of the number of channels in each period, and so is a channel's half saturation.
  ///
  /// - Parameters:
  ///   - channels: two or more.
  ///   - draws: an even number: two chains.
  ///   - seed: any; another one for each family.
  public func instance(channels: Int = 10, draws: Int = 4000, periods: Int = 13, seed: UInt64) -> PlanInstance {
    var random = TestRandom(seed: seed &* 5 &+ UInt64(PlanFamily.allCases.firstIndex(of: self)!))
    let shapes = shapes(channels, &random)
    let factors = Factors(channels: channels, draws: draws, share: self == .correlated ? 0.75 : 0.3, &random)
    let labels = (1...channels).map { "channel \($0)" }
    let cells = shapes.enumerated().map { channel, shape in
      let common = factors.mixed(into: channel, &random)
      func logNormal(_ mean: Double, _ variation: Double, _ z: Double) -> Double {
        let sigma = log1p(variation * variation).squareRoot()
        return mean * exp(sigma * z - 0.5 * sigma * sigma)
      }
      // A larger ceiling goes with a later half saturation, as in most posteriors.
      let parameters = common.map { z in
        [
          logNormal(shape.ceiling, shape.ceilingVariation, z),
          logNormal(shape.half, shape.halfVariation, 0.5 * z + 0.75.squareRoot() * random.normal()),
          shape.slope * exp(shape.slopeVariation * random.normal()),
        ]
      }
      let retention = (0..<draws).map { _ in 1 / (1 + exp(-(shape.retention + 0.3 * random.normal()))) }
      return Cell(
        labels: [labels[channel]], saturation: Hill.self,
        saturationParameters: DrawMatrix(columns: (0..<3).map { k in parameters.map { $0[k] } }, drawCount: draws),
        carryover: Geometric.self, carryoverParameters: DrawMatrix(columns: [retention], drawCount: draws), window: 4,
        isNormalized: true, mediaScale: 1, outcomeScale: 1, history: [])
    }
    let budget = Double(channels * periods)
    var lower = [Double](repeating: 0, count: channels)
    var upper = [Double](repeating: 0.5 * budget, count: channels)
    if self == .tight {
      // Shares of a Dirichlet distribution with concentration 6.
      let weights = lower.map { _ in (0..<6).reduce(0) { sum, _ in sum - log(random.uniform()) } }
      let base = weights.map { $0 / weights.reduce(0, +) * budget }
      lower = base.map { 0.5 * $0 }
      upper = base.map { 1.5 * $0 }
    }
    let pattern = labels.map { _ in
      let weights = (0..<periods).map { _ in exp(0.35 * random.normal()) }
      return weights.map { $0 / weights.reduce(0, +) }
    }
    return PlanInstance(
      name: "\(rawValue) \(seed)",
      posterior: Posterior(
        source: "\(rawValue) \(seed)", format: "generated",
        dims: [Posterior.Dim(name: "channel", labels: labels)], cells: cells, chainCount: 2, drawsPerChain: draws / 2,
        dates: [], isContiguous: true, diagnostics: PosteriorDiagnostics(parameters: [], divergences: 0), notes: []),
      budget: budget, lower: lower, upper: upper, pattern: pattern)
  }

  /// One channel's curve in the middle of its posterior, and how far it varies.
  private struct Shape {
    var ceiling: Double
    var ceilingVariation: Double
    var half: Double
    var halfVariation: Double
    var slope = 1.0
    var slopeVariation = 0.0
    /// Its logit.
    var retention: Double
  }

  private func shapes(_ count: Int, _ random: inout TestRandom) -> [Shape] {
    var shapes = (0..<count).map { _ in
      Shape(
        ceiling: exp(0.5 * random.normal()),
        ceilingVariation: self == .correlated ? random.uniform(0.4, 0.9) : random.uniform(0.15, 0.45),
        half: exp(0.2 + 0.5 * random.normal()), halfVariation: random.uniform(0.1, 0.3),
        retention: random.uniform(-1.5, 0.5))
    }
    switch self {
    case .concave: break
    case .mixed, .tight, .correlated:
      for channel in random.permutation(count: count).prefix((count + 1) / 2) {
        shapes[channel].slope = random.uniform(1.3, 3)
        shapes[channel].slopeVariation = random.uniform(0.03, 0.12)
      }
    case .traps:
      for channel in shapes.indices {
        shapes[channel].slope = random.uniform(2.5, 6)
        shapes[channel].slopeVariation = random.uniform(0.03, 0.12)
        shapes[channel].half = random.uniform(1.2, 3.5)
        shapes[channel].ceiling = shapes[channel].half * exp(0.15 * random.normal())
      }
    }
    return shapes
  }
}

/// What moves the channels' posteriors together: two standard normal numbers a draw, and each channel's part in them.
private struct Factors {
  let share: Double
  let draws: [[Double]]
  let loads: [[Double]]

  init(channels: Int, draws: Int, share: Double, _ random: inout TestRandom) {
    self.share = share
    self.draws = (0..<2).map { _ in (0..<draws).map { _ in random.normal() } }
    loads = (0..<channels).map { _ in
      let load = [random.normal(), random.normal()]
      let length = (load[0] * load[0] + load[1] * load[1]).squareRoot()
      return load.map { $0 / length }
    }
  }

  /// A channel's own standard normal numbers, the common ones mixed in.
  func mixed(into channel: Int, _ random: inout TestRandom) -> [Double] {
    draws[0].indices.map { d in
      let common = loads[channel][0] * draws[0][d] + loads[channel][1] * draws[1][d]
      return (1 - share).squareRoot() * random.normal() + share.squareRoot() * common
    }
  }
}

/// A plan to be solved: a posterior, money over the horizon and its limits.
public struct PlanInstance: Sendable {
  public var name: String
  public var posterior: Posterior
  public var budget: Double
  /// By channel: money over the horizon.
  public var lower: [Double]
  /// By channel, as `lower`.
  public var upper: [Double]
  /// By channel, then by period: shares that sum to one.
  public var pattern: [[Double]]

  /// The plan as a file would have it, with further lines.
  public func plan(_ lines: String...) -> String {
    func mapping(_ rows: [[Double]]) -> String {
      "{" + zip(posterior.channels, rows).map { "\($0): \($1)" }.joined(separator: ", ") + "}"
    }
    return """
      posterior: {file: generated.nc}
      horizon: {num_periods: \(pattern[0].count)}
      budget: {total: \(budget)}
      distribution: \(mapping(pattern))
      bounds: \(mapping(zip(lower, upper).map { [$0, $1] }))
      \(lines.joined(separator: "\n"))

      """
  }

  /// The same posterior, horizon and money with an amount for each channel in each period, up to a multiple of the even share.
  public func planByPeriod(upTo multiple: Double, _ lines: String...) -> String {
    """
    posterior: {file: generated.nc}
    horizon: {num_periods: \(pattern[0].count)}
    budget: {total: \(budget)}
    decide: {by: [channel, period]}
    bounds: {default: [0, \(multiple * budget / Double(pattern.count * pattern[0].count))]}
    \(lines.joined(separator: "\n"))

    """
  }
}

extension TestRandom {
  fileprivate mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }
}
