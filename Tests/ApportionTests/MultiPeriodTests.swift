import Apportion
import Foundation
import TestSupport
import Testing

/// Plans by period of others, with the best that is known of each.
@Suite struct MultiPeriodTests {
  struct Problem: Decodable, Sendable, CustomTestStringConvertible {
    struct Inputs: Decodable {
      struct Curve: Decodable {
        var kind: String
        var alpha: [Double]
        var lam: [Double]
        var slope: [Double]?
      }
      struct Adstock: Decodable {
        var theta: [Double]
        var lMax: Int
        var carryIn: Bool
      }
      struct Ramp: Decodable {
        var pct: Double?
        var abs: [Double]?
        var fromHist: Bool
      }
      struct PeriodBudget: Decodable {
        var min: [Double]
        var max: [Double]
      }
      var id: String
      var channels: [String]
      var histSpend: [Double]
      var totalBudget: Double
      /// By period, then by channel.
      var seasonality: [[Double]]
      var lower: [Double]
      var upper: [Double]
      var curve: Curve
      var adstock: Adstock?
      var ramp: Ramp?
      var periodBudget: PeriodBudget?
    }
    var inputs: Inputs
    var bestKnown: Double

    var testDescription: String { inputs.id }
    var isConcave: Bool { inputs.curve.kind == "tanh" }
    private var periods: Int { inputs.seasonality.count }

    var objective: CalendarObjective {
      let curve = inputs.curve
      let cells = inputs.channels.indices.map { channel in
        var parameters = [curve.alpha[channel], curve.lam[channel]]
        if let slope = curve.slope { parameters.append(slope[channel]) }
        let adstock = inputs.adstock
        let cell = Cell(
          labels: [inputs.channels[channel]], saturation: isConcave ? Logistic.self : Hill.self,
          saturationParameters: DrawMatrix(columns: parameters.map { [$0] }, drawCount: 1), carryover: Geometric.self,
          carryoverParameters: DrawMatrix(columns: [[adstock?.theta[channel] ?? 0]], drawCount: 1),
          window: adstock?.lMax ?? 1, isNormalized: true, mediaScale: 1, outcomeScale: 1, history: [])
        let before = [Double](
          repeating: inputs.histSpend[channel], count: adstock?.carryIn == true ? cell.window : 0)
        return [
          PlannedCell(
            cell, mediaPerMoney: [Double](repeating: 1, count: periods), carriedIn: before,
            worths: .shared(before.map { _ in 1 } + inputs.seasonality.map { $0[channel] }))
        ]
      }
      return CalendarObjective(
        PeriodSurface(cells, carryOver: false), Mean(), money: inputs.totalBudget,
        reference: even.map { $0 * inputs.totalBudget })
    }

    var even: [Double] {
      let count = inputs.channels.count * periods
      return [Double](repeating: 1 / Double(count), count: count)
    }

    /// In shares of the budget.
    var polytope: SparsePolytope {
      let money = inputs.totalBudget
      func place(_ channel: Int, _ t: Int) -> Int { channel * periods + t }
      let everything = inputs.channels.indices.flatMap { channel in (0..<periods).map { place(channel, $0) } }
      func row(_ label: String, _ places: [Int], _ coefficients: [Double], _ lower: Double, _ upper: Double)
        -> SparsePolytope.Row
      {
        SparsePolytope.Row(
          label: label, places: places, coefficients: coefficients, lower: lower / money, upper: upper / money)
      }
      var rows = [row("budget", everything, everything.map { _ in 1 }, money, money)]
      if let budgets = inputs.periodBudget {
        for t in 0..<periods {
          let places = inputs.channels.indices.map { place($0, t) }
          rows.append(row("period", places, places.map { _ in 1 }, budgets.min[t], budgets.max[t]))
        }
      }
      if let ramp = inputs.ramp {
        for channel in inputs.channels.indices {
          let before = inputs.histSpend[channel]
          for t in 0..<periods where t > 0 || ramp.fromHist {
            let (places, last) =
              t > 0 ? ([place(channel, t), place(channel, t - 1)], 0) : ([place(channel, 0)], before)
            func limit(_ factor: Double) -> [Double] { t > 0 ? [1, -factor] : [1] }
            if let share = ramp.pct {
              rows.append(row("up", places, limit(1 + share), -.infinity, (1 + share) * last))
              rows.append(row("down", places, limit(1 - share), (1 - share) * last, .infinity))
            }
            if let most = ramp.abs?[channel] { rows.append(row("by", places, limit(1), last - most, last + most)) }
          }
        }
      }
      func everyPeriod(_ ends: [Double]) -> [Double] {
        ends.flatMap { [Double](repeating: $0 / money, count: periods) }
      }
      return SparsePolytope(lower: everyPeriod(inputs.lower), upper: everyPeriod(inputs.upper), rows: rows)
    }

    static let folder = PeerResponseTests.root.deletingLastPathComponent().appending(
      path: "shared/cases/multi_period")

    /// None where they are not here.
    static let all: [Problem] = {
      let fileManager = FileManager.default
      guard fileManager.fileExists(atPath: folder.path) else { return [] }
      do {
        return try fileManager.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }.sorted().map {
          try peerDecoder.decode(Problem.self, from: try Data(contentsOf: folder.appending(path: $0)))
        }
      } catch {
        preconditionFailure("A reference case of plans by period cannot be read: \(error)")
      }
    }()
  }

  @Test(.enabled(if: !Problem.all.isEmpty, "the reference cases are not here"), arguments: Problem.all)
  func `what others found by period is found, and proved where curves are concave`(problem: Problem) throws {
    let (objective, polytope) = (problem.objective, problem.polytope)
    let outcome = try #require(InteriorPoint().maximum(of: objective, over: polytope, from: problem.even))
    #expect(outcome.termination == .converged)
    #expect(polytope.violation(at: outcome.point) <= 1e-9)
    let value = outcome.value * objective.scale
    #expect(value >= problem.bestKnown * (1 - 1e-6), "short by \(1 - value / problem.bestKnown)")
    guard problem.isConcave else { return }
    let bound = try #require(outcome.upperBound)
    #expect(bound >= outcome.value && bound - outcome.value <= 1e-5 * outcome.value)
    #expect(bound * objective.scale >= problem.bestKnown * (1 - 1e-12))
  }

  @Test(
    .enabled(if: !Problem.all.isEmpty, "the reference cases are not here"),
    arguments: Problem.all.filter { !$0.isConcave })
  func `where curves are S-shaped boxes prove the plan to a hundredth`(problem: Problem) throws {
    let (objective, polytope) = (problem.objective, problem.polytope)
    var search = EnvelopeSearch()
    search.gap = 1e-2
    let outcome = try #require(search.maximum(of: objective, over: polytope, from: problem.even))
    let bound = try #require(outcome.upperBound)
    #expect(outcome.value * objective.scale >= problem.bestKnown * (1 - 1e-6))
    #expect(bound * objective.scale >= problem.bestKnown && bound - outcome.value <= 1e-2 * outcome.value)
  }
}
