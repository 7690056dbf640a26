import NumericKernel
import Optimisation
import ResponseModel
import TestSupport
import Testing

@testable import Planning

@Suite struct SolverMethodTests {
  private static let record = RunRecord(version: "test")

  private static func plan(_ instance: PlanInstance, _ utility: String, _ solver: String = "") throws -> CompiledPlan {
    let text = instance.plan("utility: \(utility)", "solver: {time_limit: 600, gap: 1e-3\(solver)}")
    return try CompiledPlan(PlanFile.parse(text, source: "plan.yaml", folder: ".").plan, instance.posterior)
  }

  @Test(arguments: PlanFamily.allCases, ["mean", "expected_shortfall", "{quantile: {level: 0.1}}", "sharpe"])
  func `no method's answer is below that of auto by more than its own gap`(
    family: PlanFamily, utility: String
  ) throws {
    let instance = family.instance(channels: 3, draws: 40, periods: 2, seed: 1)
    let auto = try Self.plan(instance, utility).optimise(record: Self.record)
    let isCertifiable = !utility.contains("quantile")
    for method in SolverMethod.allCases.dropFirst() {
      let answer = try Self.plan(instance, utility, ", method: \(method.rawValue)").optimise(record: Self.record)
      #expect(answer.solver?.method == method)
      #expect(answer.utility.bound == (isCertifiable ? .certified : .box))
      let gap = isCertifiable ? try #require(answer.utility.gap) : 0
      #expect(gap <= 1e-3)
      // A climb on the surface ends where a climb on its table did, but for rounding.
      let short = auto.utility.value - answer.utility.value
      #expect(short <= (gap + 1e-12) * abs(answer.utility.value), "\(method) \(utility)")
    }
  }

  @Test func `each method begins where it says`() throws {
    let instance = PlanFamily.traps.instance(channels: 3, draws: 40, periods: 2, seed: 2)
    func starts(_ method: String, _ more: String = "") throws -> [String]? {
      try Self.plan(instance, "expected_shortfall", ", method: \(method)\(more)").optimise(record: Self.record)
        .solver?.starts.filter { $0 != "bound" }
    }
    #expect(try starts("slsqp") == ["uniform"])
    #expect(try starts("trust-constr") == ["uniform"])
    #expect(try starts("differential_evolution") == ["evolved 1"])
    #expect(try starts("hybrid") == (1...4).map { "evolved \($0)" })
    #expect(try starts("auto") == ["uniform", "mean optimum"])
    let current = try smallPlan("utility: mean\nsolver: {method: slsqp}").optimise(record: Self.record)
    #expect(current.solver?.starts == ["current"])
  }

  @Test func `a seed is an answer, on any number of threads`() throws {
    let instance = PlanFamily.traps.instance(channels: 4, draws: 60, periods: 2, seed: 3)
    let threads = Parallel.threadCount
    defer { Parallel.use(threads: threads) }
    for method in [SolverMethod.auto, .differentialEvolution, .hybrid] {
      let plan = try Self.plan(instance, "{quantile: {level: 0.1}}", ", seed: 5, method: \(method.rawValue)")
      let answers = try [1, 3].map { count in
        Parallel.use(threads: count)
        return try plan.optimise(record: Self.record)
      }
      #expect(answers[0].cells.map(\.total) == answers[1].cells.map(\.total))
      #expect(answers[0].solver == answers[1].solver)
    }
  }
}
