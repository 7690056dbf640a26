import Foundation
import NumericKernel
import Optimisation
import Synchronization
import TestSupport
import Testing

@Suite struct SeparableStartTests {
  func variable(_ nodes: [Double], _ values: [Double], cost: Double = 1) -> SeparableStart.Variable {
    SeparableStart.Variable(nodes: nodes, values: values, cost: cost)
  }

  @Test func `The steepest segments are bought first`() throws {
    // Yields 3, 1 against 2, 0.5: all of the first's first, all of the second's first, then half of the first's second.
    let start = SeparableStart(
      variables: [variable([0, 1, 2], [0, 3, 4]), variable([0, 1, 2], [0, 2, 2.5])], lower: 2.5, upper: 2.5)
    #expect(start.maximum() == [1.5, 1])
  }

  @Test func `What dips below its envelope is bought as one segment`() throws {
    // The S-shape (0, 0), (1, 0.1), (2, 3) has one segment of yield 1.5, less than the straight line's 2 for its first unit.
    let start = SeparableStart(
      variables: [variable([0, 1, 2], [0, 0.1, 3]), variable([0, 1, 2], [0, 2, 2.2])], lower: 3, upper: 3)
    #expect(start.maximum() == [2, 1])
  }

  @Test func `Costs count`() throws {
    // Per unit of cost the first yields 4 / 4 and the second 2 / 1.
    let start = SeparableStart(
      variables: [variable([0, 1], [0, 4], cost: 4), variable([0, 1], [0, 2])], lower: 0, upper: 3)
    #expect(start.maximum() == [0.5, 1])
  }

  @Test func `Losses are only made as far as the budget must be spent`() throws {
    let losing = [variable([0, 1, 2], [0, 1, 0.5]), variable([0, 1], [0, -1])]
    #expect(SeparableStart(variables: losing, lower: -.infinity, upper: 3).maximum() == [1, 0])
    #expect(SeparableStart(variables: losing, lower: 1.5, upper: 3).maximum() == [1.5, 0])
    #expect(SeparableStart(variables: losing, lower: 3, upper: 3).maximum() == [2, 1])
  }

  @Test func `Bounds that break the budget leave nothing`() {
    let variables = [variable([1, 2], [0, 1]), variable([1], [0])]
    #expect(SeparableStart(variables: variables, lower: 0, upper: 1.9).maximum() == nil)
    #expect(SeparableStart(variables: variables, lower: 3.1, upper: 4).maximum() == nil)
    #expect(SeparableStart(variables: variables, lower: 3, upper: 4).maximum() == [2, 1])
  }

  @Test(arguments: [1e-9, 1, 1e9]) func `Bounds that meet the budget but for rounding do, in any unit`(unit: Double) {
    // Three thirds of 0.9: a share of 1e-13 above what may be spent is rounding, one of 1e-9 is not.
    let thirds = (0..<3).map { _ in variable([0.3 * unit], [0]) }
    #expect(SeparableStart(variables: thirds, lower: 0, upper: 0.9 * unit * (1 - 1e-13)).maximum() != nil)
    #expect(SeparableStart(variables: thirds, lower: 0, upper: 0.9 * unit * (1 - 1e-9)).maximum() == nil)
    #expect(SeparableStart(variables: thirds, lower: 0.9 * unit * (1 + 1e-9), upper: unit).maximum() == nil)
  }

  @Test(arguments: 0..<30) func `Concave functions are maximised to within their grid`(seed: Int) throws {
    var random = Xorshift(seed: UInt64(seed) + 1)
    let a = (0..<6).map { _ in random.uniform(0.2, 3) }
    let nodes = (0...512).map { Double($0) / 512 }
    let start = SeparableStart(
      variables: a.map { a in variable(nodes, nodes.map { a * log1p($0) }) }, lower: 1, upper: 1)
    let x = try #require(start.maximum())
    #expect(abs(x.reduce(0, +) - 1) < 1e-14)
    #expect(isClose(x, waterFilling(a).point, 2.0 / 512))
    // At most one variable is between its nodes.
    #expect(x.filter { ($0 * 512).rounded() != $0 * 512 }.count <= 1)
  }
}

@Suite struct LocalSearchTests {
  let shapes = [0.2, 0.35, 0.5]

  var objective: SmoothObjective {
    let shapes = shapes
    return SmoothObjective(dimension: 3) { j, x in
      let s = sShape(x, shapes[j])
      return (Double(j + 1) * s.0, Double(j + 1) * s.1, Double(j + 1) * s.2)
    }
  }

  func start(_ name: String, _ point: [Double]) -> LocalSearch.Start { LocalSearch.Start(name: name, point: point) }

  @Test func `The best hill wins and says who climbed it`() throws {
    let starts = [start("first", [1, 0, 0]), start("pair", [0, 0.5, 0.5]), start("middle", [0.3, 0.3, 0.4])]
    let outcome = try #require(LocalSearch().maximum(of: objective, over: simplex(3), from: starts))
    #expect(outcome.start == "pair")
    #expect(outcome.solution.value >= bestOnGrid(objective, parts: 500) - 1e-12)
    let alone = try #require(LocalSearch().maximum(of: objective, over: simplex(3), from: [starts[1]]))
    #expect(alone.solution.point == outcome.solution.point)
    #expect(alone.solution.evaluations < outcome.solution.evaluations)
  }

  @Test func `Starts outside are projected and the same start is climbed once`() throws {
    let counting = CountingObjective(objective)
    let starts = [
      start("inside", [0.4, 0.3, 0.3]), start("outside", [1.4, 1.3, 1.3]), start("again", [0.4, 0.3, 0.3]),
    ]
    let outcome = try #require(LocalSearch().maximum(of: counting, over: simplex(3), from: starts))
    #expect(outcome.start == "inside")
    #expect(counting.repetitions == 0)
    #expect(outcome.solution.evaluations == counting.count)
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `What is told is counted to the last evaluation, where there is nothing to polish too`(seed: UInt64) throws {
    var failing = FailingObjective(
      saturatingObjective(4, draws: 80, outer: OrderStatisticOuter(rank: 8), seed: seed), fault: .noModel)
    failing.share = 1
    let counting = CountingObjective(failing)
    var search = LocalSearch()
    search.evolution = DifferentialEvolution()
    search.evolution?.generationLimit = 3
    let starts = [start("a", [1, 0, 0, 0]), start("b", [0.25, 0.25, 0.25, 0.25])]
    let outcome = try #require(search.maximum(of: counting, over: simplex(4), from: starts))
    // A question for a model that is not there is no evaluation.
    #expect(outcome.solution.evaluations == counting.count(of: "value") + counting.count(of: "expansion"))
  }

  @Test func `Of equals the earliest is named`() throws {
    let concave = SmoothObjective(dimension: 2) { _, x in (log1p(x), 1 / (1 + x), -1 / (1 + x) / (1 + x)) }
    let starts = [start("middle", [0.5, 0.5]), start("corner", [1, 0])]
    let outcome = try #require(LocalSearch().maximum(of: concave, over: simplex(2), from: starts))
    #expect(outcome.start == "middle")
  }

  @Test func `Kinks are polished, and the answer is no worse than any start`() throws {
    let kinked = saturatingObjective(4, draws: 80, outer: WorstTailOuter(tail: 0.1), seed: 21)
    let starts = [start("a", [1, 0, 0, 0]), start("b", [0.25, 0.25, 0.25, 0.25]), start("c", [0, 0, 0.5, 0.5])]
    let outcome = try #require(LocalSearch().maximum(of: kinked, over: simplex(4), from: starts))
    #expect(outcome.solution.termination == .converged)
    #expect(outcome.solution.residual <= 1e-8)
    for start in starts { #expect(outcome.solution.value >= kinked.value(at: start.point)) }
    let again = try #require(
      LocalSearch().maximum(of: kinked, over: simplex(4), from: [start("optimum", outcome.solution.point)]))
    #expect(again.solution.value >= outcome.solution.value)
    #expect(isClose(again.solution.point, outcome.solution.point, 1e-7))
  }

  @Test func `A time limit of nothing still gives the best of the starts, and says so`() throws {
    var search = LocalSearch()
    search.timeLimit = .zero
    let outcome = try #require(
      search.maximum(of: objective, over: simplex(3), from: [start("a", [1, 0, 0]), start("b", [0, 1, 0])]))
    #expect(outcome.solution.termination == .timeLimit)
    let isFirstBetter = objective.value(at: [1, 0, 0]) >= objective.value(at: [0, 1, 0])
    #expect(outcome.solution.point == (isFirstBetter ? [1, 0, 0] : [0, 1, 0]))
    #expect(outcome.start == (isFirstBetter ? "a" : "b"))
  }

  @Test func `An empty polytope has no answer`() {
    var polytope = simplex(3)
    polytope.upper = [0.1, 0.1, 0.1]
    #expect(LocalSearch().maximum(of: objective, over: polytope, from: [start("a", [1, 0, 0])]) == nil)
  }

  @Test func `An evolution finds higher of the small hills that kinks make`() throws {
    var higher = 0
    for seed in 1...6 as ClosedRange<UInt64> {
      let kinked = saturatingObjective(4, draws: 80, outer: OrderStatisticOuter(rank: 8), seed: seed)
      let starts = [start("even", [0.25, 0.25, 0.25, 0.25])]
      var search = LocalSearch()
      let alone = try #require(search.maximum(of: kinked, over: simplex(4), from: starts)).solution
      search.evolution = DifferentialEvolution()
      search.evolution?.generationLimit = 3
      let evolved = try #require(search.maximum(of: kinked, over: simplex(4), from: starts)).solution
      #expect(evolved.value >= alone.value)
      #expect(evolved.evaluations > alone.evaluations)
      #expect(evolved.value == kinked.value(at: evolved.point))
      if evolved.value > alone.value { higher += 1 }
    }
    #expect(higher > 0)
  }

  /// Smooth with many hills; kinked and concave; kinked with many hills and exchanges.
  static let searches = ["smooth", "concave", "exchanges"]

  func search(_ kind: String, threads: Int, _ wrap: (any Objective) -> any Objective = { $0 }) throws
    -> LocalSearch.Outcome
  {
    var search = LocalSearch()
    let four = [
      start("a", [1, 0, 0, 0]), start("b", [0.25, 0.25, 0.25, 0.25]), start("c", [0, 0, 0.5, 0.5]),
      start("d", [0, 1, 0, 0]), start("again", [1, 0, 0, 0]),
    ]
    Parallel.use(threads: threads)
    switch kind {
    case "smooth":
      let three = [start("a", [1, 0, 0]), start("b", [0, 0.5, 0.5]), start("c", [0.3, 0.3, 0.4])]
      return try #require(search.maximum(of: wrap(objective), over: simplex(3), from: three))
    case "concave":
      let kinked = saturatingObjective(4, draws: 80, outer: WorstTailOuter(tail: 0.1), seed: 21)
      return try #require(search.maximum(of: wrap(kinked), over: simplex(4), from: four))
    default:
      search.exchanges = [0.2, 0.05, 0.01]
      var evolution = DifferentialEvolution()
      evolution.generationLimit = 2
      search.evolution = evolution
      let kinked = saturatingObjective(4, draws: 80, outer: OrderStatisticOuter(rank: 8), seed: 22)
      return try #require(search.maximum(of: wrap(kinked), over: simplex(4), from: four))
    }
  }

  @Test(arguments: searches, [2, 3, 8, 64])
  func `The number of threads changes no bit, nor what is counted`(kind: String, threads: Int) throws {
    // The shortest digits that give a number back tell its bits, the sign of zero included.
    #expect("\(try search(kind, threads: threads))" == "\(try search(kind, threads: 1))")
  }

  @Test(arguments: searches)
  func `An objective that is threaded itself is asked for one evaluation at a time`(kind: String) throws {
    let traffic = Traffic()
    let outcome = try search(kind, threads: 8) { TurnTaking($0, traffic) }
    #expect(traffic.most == 1)
    let together = try search(kind, threads: 8)
    #expect(outcome.solution.point == together.solution.point)
    #expect(outcome.start == together.start)
    // An exchange that rises leaves none of its batch to be tried in vain.
    #expect(outcome.solution.evaluations <= together.solution.evaluations)
    if kind != "exchanges" { #expect(outcome == together) }
  }

  @Test(arguments: searches)
  func `Every climb and every polish has an objective of its own`(kind: String) throws {
    let traffic = Traffic()
    _ = try search(kind, threads: 8) { ForOneClimb($0, traffic) }
    #expect(traffic.copies >= 3)
    #expect(traffic.mostInOne == 1)
  }

  /// One hill at equal shares, and one twice as high at equal shares of three: no exchange of two shares leads over to it.
  private struct TwoHills: Objective {
    static let hills = [
      (height: 1.0, top: [0.25, 0.25, 0.25, 0.25]), (height: 2.0, top: [0, 1.0 / 3, 1.0 / 3, 1.0 / 3]),
    ]
    let dimension = 4
    let isSmooth = true

    func value(at x: [Double]) -> Double { expansion(at: x, smoothing: 0).value }

    /// `Σ h exp(−50 |x − top|²)`
    func expansion(at x: [Double], smoothing: Double) -> Expansion {
      var sum = Expansion(value: 0, gradient: [0, 0, 0, 0], hessian: Matrix(rowCount: 4, columnCount: 4))
      for hill in TwoHills.hills {
        let away = zip(x, hill.top).map { $0 - $1 }
        let value = hill.height * exp(-50 * away.reduce(0) { $0 + $1 * $1 })
        sum.value += value
        for i in 0..<4 {
          sum.gradient[i] -= 100 * away[i] * value
          for j in 0..<4 { sum.hessian[i, j] += (10_000 * away[i] * away[j] - (i == j ? 100 : 0)) * value }
        }
      }
      return sum
    }

    func localModel(at x: [Double]) -> (any LocalModel)? { nil }
  }

  @Test func `A hill without one of the variables is found from the one with all of them`() throws {
    var search = LocalSearch()
    let starts = [start("equal", TwoHills.hills[0].top)]
    let low = try #require(search.maximum(of: TwoHills(), over: simplex(4), from: starts))
    #expect(low.solution.value < 1.1)
    search.exchanges = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01]
    let high = try #require(search.maximum(of: TwoHills(), over: simplex(4), from: starts))
    #expect(high.solution.value > 2 && high.solution.point[0] < 0.01)
  }

  @Test func `Scouts are looked at, and the most promising climbed`() throws {
    var random = Xorshift(seed: 4)
    let scouts = (0..<128).map { number in start("scout \(number)", (0..<4).map { _ in random.uniform(0, 1) }) }
    let starts = [start("equal", TwoHills.hills[0].top)]
    let outcome = try #require(LocalSearch().maximum(of: TwoHills(), over: simplex(4), from: starts, scouts: scouts))
    #expect(outcome.start.hasPrefix("scout") && outcome.solution.value > 2)
  }

  @Test func `The same search gives the same bits`() throws {
    let kinked = saturatingObjective(4, draws: 80, outer: OrderStatisticOuter(rank: 8), seed: 22)
    let starts = [start("a", [1, 0, 0, 0]), start("b", [0.25, 0.25, 0.25, 0.25])]
    let first = try #require(LocalSearch().maximum(of: kinked, over: simplex(4), from: starts))
    let second = try #require(LocalSearch().maximum(of: kinked, over: simplex(4), from: starts))
    #expect(first == second)
  }
}

/// How many evaluations were under way at once, of all objectives and of any one.
private final class Traffic: Sendable {
  private let counts = Mutex((now: 0, most: 0, mostInOne: 0, copies: 0))

  var most: Int { counts.withLock { $0.most } }
  var mostInOne: Int { counts.withLock { $0.mostInOne } }
  var copies: Int { counts.withLock { $0.copies } }

  func copied() { counts.withLock { $0.copies += 1 } }

  func pass<T>(_ inOne: borrowing Mutex<Int>, _ body: () -> T) -> T {
    let one = inOne.withLock { now in
      now += 1
      return now
    }
    counts.withLock {
      $0.now += 1
      $0.most = max($0.most, $0.now)
      $0.mostInOne = max($0.mostInOne, one)
    }
    defer {
      counts.withLock { $0.now -= 1 }
      inOne.withLock { $0 -= 1 }
    }
    return body()
  }
}

/// Says that it is threaded, and watches whether it is left alone.
private final class TurnTaking: Objective {
  let base: any Objective
  let traffic: Traffic
  private let here = Mutex(0)

  init(_ base: any Objective, _ traffic: Traffic) {
    self.base = base
    self.traffic = traffic
  }

  var dimension: Int { base.dimension }
  var isSmooth: Bool { base.isSmooth }
  var isThreaded: Bool { true }
  func value(at x: [Double]) -> Double { traffic.pass(here) { base.value(at: x) } }
  func expansion(at x: [Double], smoothing: Double) -> Expansion {
    traffic.pass(here) { base.expansion(at: x, smoothing: smoothing) }
  }
  func localModel(at x: [Double]) -> (any LocalModel)? { traffic.pass(here) { base.localModel(at: x) } }
}

/// Has expansions and models asked of its copies only, and watches that each is asked by one climb.
private final class ForOneClimb: Objective {
  let base: any Objective
  let traffic: Traffic
  let isCopy: Bool
  private let here = Mutex(0)

  init(_ base: any Objective, _ traffic: Traffic, isCopy: Bool = false) {
    self.base = base
    self.traffic = traffic
    self.isCopy = isCopy
  }

  var dimension: Int { base.dimension }
  var isSmooth: Bool { base.isSmooth }
  func value(at x: [Double]) -> Double { base.value(at: x) }
  func expansion(at x: [Double], smoothing: Double) -> Expansion {
    precondition(isCopy)
    return traffic.pass(here) { base.expansion(at: x, smoothing: smoothing) }
  }
  func localModel(at x: [Double]) -> (any LocalModel)? {
    precondition(isCopy)
    return traffic.pass(here) { base.localModel(at: x) }
  }
  func forOneClimb() -> any Objective {
    traffic.copied()
    return ForOneClimb(base, traffic, isCopy: true)
  }
}
