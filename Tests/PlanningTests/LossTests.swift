import ResponseModel
import Testing

@testable import Planning

/// How likely a plan is to be worse than the current one.
@Suite struct LossTests {
  @Test func `draws are counted that are worse by more than each fall`() throws {
    let plan = try smallPlan("current: {tv: 150, radio: 150, search: 300}\noutput: {loss_worse_than: [300, 0]}")
    let given = try CompiledPlan(
      plan.plan, plan.posterior,
      scoring: Allocation(
        amounts: [("tv", 300.0), ("radio", 150), ("search", 150)].map {
          CellAmount(cell: Placed($0.0), money: Placed($0.1))
        })
    ).evaluate()
    #expect(given.lossLevels == [0, 300])
    let falls = zip(given.currentDraws ?? [], given.draws).map { $0 - $1 }
    for level in [0.0, 300, 1e9] {
      #expect(given.probabilityOfLoss(beyond: level) == Double(falls.count { $0 > level }) / 24)
    }
    let never = try #require(given.probabilityOfLoss(beyond: 0))
    #expect(never > 0 && given.probabilityOfLoss(beyond: 1e9) == 0)
  }

  @Test func `without a current plan there is none to be worse than`() throws {
    let answer = try smallPlan("", smallPosterior(history: false)).optimise()
    #expect(answer.probabilityOfLoss(beyond: 0) == nil)
  }
}
