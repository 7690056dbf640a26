import Apportion
import Testing

/// Problems over point curves whose global optimum others have proved: it is found, and proved again.
@Suite struct PointCurveOptimumTests {
  @Test(arguments: PointCurveProblem.own)
  func `the known optimum of our own problems is found`(problem: PointCurveProblem) throws { try check(problem) }

  @Test(
    .enabled(if: !PointCurveProblem.peers.isEmpty, "the reference cases are not here"),
    arguments: PointCurveProblem.peers)
  func `the known optimum of the peers' examples is found`(problem: PointCurveProblem) throws { try check(problem) }

  private func check(_ problem: PointCurveProblem) throws {
    guard let optimum = problem.optimum else {
      #expect(throws: InfeasiblePlan.self) { try problem.compiled() }
      return
    }
    let answer = try problem.compiled().optimise(record: RunRecord(version: "test"))
    let value = answer.utility.value
    let bound = try #require(answer.utility.upperBound)
    // A plan above the optimum, or a bound below it, would be wrong; a few roundings are not.
    let size = abs(optimum.value)
    #expect(value <= optimum.value + 1e-12 * size)
    #expect(bound >= optimum.value - 1e-12 * size)
    #expect(value <= bound)
    #expect(abs(answer.budget.spent - problem.budget) <= 1e-9 * problem.budget)
    for cell in answer.cells { #expect(cell.total >= cell.lower && cell.total <= cell.upper) }
    #expect(value >= optimum.value - 1e-8 * size, "short by \((optimum.value - value) / size)")
    #expect(answer.utility.gap.map { $0 <= 1e-8 } == true, "gap \(answer.utility.gap ?? .nan)")
    // Another plan is right where it does as well: the optimum is then not unique.
    let distance = zip(answer.cells, optimum.allocation).map { abs($0.total - $1) }.max() ?? 0
    #expect(distance <= 1e-5 * problem.budget || value >= optimum.value - 1e-12 * size, "off by \(distance)")
  }
}
