import Apportion
import Foundation
import TestSupport
import Testing

@Suite struct ReadmeTests {
  private let weekly = PeerResponseTests.root.appending(path: "data/weekly").path

  @Test func `a utility of one's own is climbed like any other`() throws {
    var plan = try PlanFile.read(path: "\(weekly)/plan.yaml").plan
    plan.bounds = Bounds()
    let posterior = try PosteriorFile.read(path: plan.posterior.file.value, draws: 200)
    let answer = try CompiledPlan(plan, posterior, utility: MidRange()).optimise()
    #expect(answer.utility.name == "MidRange")
    let worst = try #require(answer.draws.min())
    let best = try #require(answer.draws.max())
    #expect(answer.utility.value == (worst + best) / 2)
    let mean = try CompiledPlan(plan, posterior).optimise()
    let meanWorst = try #require(mean.draws.min())
    let meanBest = try #require(mean.draws.max())
    #expect(answer.utility.value >= (meanWorst + meanBest) / 2)
  }
}
