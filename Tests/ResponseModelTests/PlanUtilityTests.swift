import ResponseModel
import TestSupport
import Testing

struct PlanUtilityTests {
  @Test(arguments: [0.0, 7]) func `RAROC keeps the promises of a utility of plans`(reference: Double) {
    expectPlanUtility(RAROC(reference: reference))
    expectPlanUtility(RAROC(reference: reference, periodCount: 13))
  }

  @Test func `The entropy of shares keeps the promises of a utility of plans`() {
    expectPlanUtility(EntropyOfShares())
  }

  @Test func `The diversification ratio keeps the promises of a utility of plans`() {
    expectPlanUtility(DiversificationRatio())
  }

  @Test func `A utility of plans offers the outcome alone no surrogate`() {
    #expect(RAROC(reference: 0).surrogate(at: [1.0, 2]) == nil)
    #expect(RAROC(reference: 0).smoothed([1.0, 2], width: 0.1) == nil)
  }

  @Test func `A utility of plans refuses to score an outcome alone`() async {
    await #expect(processExitsWith: .failure) { _ = RAROC(reference: 0).value(of: [1.0, 2]) }
  }
}
