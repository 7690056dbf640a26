import NumericKernel
import Optimisation
import ResponseModel

/// Ends of price tiers: money of a cell at which the price of some of its media is about to be another one.
///
/// A response bends there. What a cell's last unit of money brought is not what its next one brings, and many a plan is best just
/// there. Climbs take responses for smooth and end near such an end without knowing why; from there the plan is climbed between
/// ends, where responses are smooth.
struct TierEnds: Sendable {
  /// By cell, rising: money over the horizon.
  let ends: [[Double]]

  /// - Parameters:
  ///   - pattern: how each amount is spent.
  ///   - prices: by the model's cells, then by period.
  init(_ cells: SpendCells, _ pattern: SpendPattern, _ prices: [[MediaPrice]]) {
    ends = zip(cells.cells, pattern.shares).map { cell, shares in
      var ends: [Double] = []
      for (member, shares) in zip(cell.members, shares) {
        for (share, price) in zip(shares, prices[member]) where share > 0 {
          guard case .tiers(let tiers) = price else { continue }
          ends += tiers.tiers.dropFirst().map { $0.start / share }
        }
      }
      ends.sort()
      // Ends of periods that differ by rounding are one, behind the last of them.
      return ends.indices.filter { $0 + 1 == ends.count || ends[$0 + 1] > ends[$0] * (1 + Self.coincidence) }.map {
        ends[$0]
      }
    }
  }

  /// Ends this near to each other, relatively, are those of equal shares.
  private static let coincidence = 1e-13
  /// How far above an end a unit of money counts as the next: more than rounding, less than anybody's cent.
  private static let step = 1e-12
  /// A cell this near to an end, relatively, rests on it.
  static let nearness = 1e-9

  var isEmpty: Bool { ends.allSatisfy(\.isEmpty) }

  /// The end that a cell rests on; nil elsewhere.
  func end(of cell: Int, at money: Double, within nearness: Double = TierEnds.nearness) -> Double? {
    ends[cell].first { abs(money - $0) <= nearness * $0 }
  }

  /// The same money, but just above the end where a cell rests on one: derivatives there are those of its next unit of money.
  func above(_ spend: [Double]) -> [Double] {
    spend.indices.map { cell in
      end(of: cell, at: spend[cell]).map { max($0, spend[cell]) * (1 + Self.step) } ?? spend[cell]
    }
  }

  /// The same just below, where derivatives are those of its last unit.
  func below(_ spend: [Double]) -> [Double] {
    spend.indices.map { cell in
      end(of: cell, at: spend[cell]).map { min($0, spend[cell]) * (1 - Self.step) } ?? spend[cell]
    }
  }

  /// Between two neighbouring ends, of which the lower one is 0 and the upper one infinite at last; just above the one and just
  /// below the other.
  func piece(_ place: Int, of cell: Int) -> ClosedRange<Double> {
    let lower = place == 0 ? 0 : ends[cell][place - 1] * (1 + Self.step)
    let upper = place == ends[cell].count ? .infinity : ends[cell][place] * (1 - Self.step)
    return lower...max(lower, upper)
  }

  /// The piece that some money is in; of money at an end that above it.
  func place(of money: Double, in cell: Int) -> Int {
    ends[cell].count { $0 <= money * (1 + Self.found) }
  }

  /// How near to an end a climb that takes it for smooth comes.
  private static let found = 1e-7
}

extension PlanSearch {
  /// The optimum near an answer, climbed between ends of tiers until none of its cells does better on the other side of one; the
  /// answer itself where there are none, or where that is no better. Multipliers are then those of each limit's next unit.
  func onTiers(_ outcome: LocalSearch.Outcome) -> LocalSearch.Outcome {
    let tiers = plan.tierEnds
    guard !tiers.isEmpty else { return outcome }
    let objective = objective
    var places = outcome.solution.point.indices.map {
      tiers.place(of: outcome.solution.point[$0] * plan.money, in: $0)
    }
    var point = outcome.solution.point
    var best = outcome
    var evaluations = outcome.solution.evaluations
    var tried: Set<[Int]> = []
    while tried.insert(places).inserted, !isOver {
      var region = polytope
      for cell in places.indices {
        let piece = tiers.piece(places[cell], of: cell)
        region.lower[cell] = min(max(polytope.lower[cell], piece.lowerBound / plan.money), polytope.upper[cell])
        region.upper[cell] = max(region.lower[cell], min(polytope.upper[cell], piece.upperBound / plan.money))
      }
      let start = LocalSearch.Start(name: outcome.start, point: point)
      guard var found = search.maximum(of: objective, over: region, from: [start]) else { break }
      evaluations += found.solution.evaluations
      point = found.solution.point
      let others = otherSides(found.solution, places, region)
      if others == places {
        found.solution = settled(found.solution, in: region)
        // Money has been just above its end, not at it.
        let play = Self.play * abs(outcome.solution.value)
        if found.solution.value >= outcome.solution.value - play { best = found }
      }
      places = others
    }
    best.solution.evaluations = evaluations
    if outcome.solution.termination == .timeLimit { best.solution.termination = .timeLimit }
    return best
  }

  /// What a step above an end may cost, as a share of the value, and more.
  private static let play = 1e-11

  /// Each cell's piece, or where it stands at an end of that and would gain beyond it, the one beyond.
  private func otherSides(_ solution: Solution, _ places: [Int], _ region: Polytope) -> [Int] {
    let tiers = plan.tierEnds
    let spend = solution.point.map { $0 * plan.money }
    // What the last unit of money brought, by what the next one brings: the same for most draws.
    let means = plan.objective.scoring(Mean())
    let next = means.supergradient(at: tiers.above(spend).map { $0 / plan.money })
    let last = means.supergradient(at: tiers.below(spend).map { $0 / plan.money })
    return places.indices.map { cell in
      let (place, x) = (places[cell], solution.point[cell])
      // At an upper end, the piece above it has the same money at its lower one.
      if x == region.upper[cell], x < polytope.upper[cell] { return place + 1 }
      guard x == region.lower[cell], x > polytope.lower[cell], next[cell] > 0 else { return place }
      let price = solution.gradient[cell] - solution.boundMultipliers[cell]
      return solution.gradient[cell] * last[cell] / next[cell] < price ? place - 1 : place
    }
  }

  /// The solution of a region whose own ends are no limits of the plan: they have no price, and money goes back to the very end.
  private func settled(_ solution: Solution, in region: Polytope) -> Solution {
    var solution = solution
    var isFree = false
    var next = 0.0
    for (cell, x) in solution.point.enumerated() {
      if x < polytope.upper[cell] { next = max(next, solution.gradient[cell]) }
      guard x > polytope.lower[cell], x < polytope.upper[cell] else { continue }
      if x > region.lower[cell], x < region.upper[cell] {
        isFree = true
      } else if let end = plan.tierEnds.end(of: cell, at: x * plan.money) {
        solution.boundMultipliers[cell] = 0
        solution.point[cell] = end / plan.money
      }
    }
    // Where no cell is between ends, many prices would do: the next unit of the budget goes where it brings most.
    if !isFree, polytope.rows.count == 1, solution.rowMultipliers[0] > 0, next > 0 { solution.rowMultipliers[0] = next }
    return solution
  }
}
