import Foundation
import NumericKernel
import Optimisation
import Synchronization
import TestSupport
import Testing

@testable import Planning

/// Numeric routines that fail, or lie, at some of their calls or all of them, from the plan's compilation to its answer: bounds are true, answers within
/// all limits, and nothing stops or hangs.
@Suite struct InjectedFaultTests {
  enum Lie: CaseIterable, Sendable {
    case failure, notNumber, infinite, zero, wrongSign, huge, near, random

    func fault(_ random: inout Xorshift) -> Interference.Fault {
      let factor = random.uniform(-3, 3)
      switch self {
      case .failure: return .failure
      case .notNumber: return .numbers { _ in .nan }
      case .infinite: return .numbers { $0 < 0 ? -.infinity : .infinity }
      case .zero: return .numbers { _ in 0 }
      case .wrongSign: return .numbers { -$0 }
      case .huge: return .numbers { $0 * 1e200 }
      case .near: return .numbers { $0 * 1.001 }
      case .random: return .numbers { $0 * factor + factor }
      }
    }
  }

  static let routines: [Interference.Routine] = [.linearProgram, .quadraticProgram, .cholesky, .symmetricEigen]

  /// A plan, and the family and the limits that make it hard.
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var family: PlanFamily
    var utility: String
    var lines: String
    var spend = "exactly"
    var isByPeriod = false

    func compiled() throws -> CompiledPlan {
      let instance = family.instance(channels: 4, draws: 60, periods: 3, seed: 2)
      let amount = isByPeriod ? 4.0 : 6.0
      let text = """
        posterior: {file: generated.nc}
        horizon: {num_periods: 3, carry_in: false}
        budget: {total: \(instance.budget), spend: \(spend)}
        utility: \(utility)
        bounds: {default: [0, \(amount)]}
        solver: {gap: 1e-3, time_limit: 5}
        \(isByPeriod ? "decide: {by: [channel, period]}" : "")
        \(lines)

        """
      return try CompiledPlan(PlanFile.parse(text, source: "plan.yaml", folder: ".").plan, instance.posterior)
    }
  }

  private static let group = "{group: [channel 1, channel 2], at_most: {share: 0.55}}"

  static let cases = [
    Case(
      testDescription: "spread, S-shaped, a group", family: .traps, utility: "mean", lines: "constraints: [\(group)]"),
    Case(
      testDescription: "spread, worst draws, off or at least", family: .mixed,
      utility: "{expected_shortfall: {tail: 0.2}}",
      lines: "constraints: [{off_or_at_least: channel 3, spend: 4}, \(group)]", spend: "at_most"),
    Case(
      testDescription: "spread, deviation, in round numbers", family: .mixed, utility: "{mean_deviation: {lambda: 1}}",
      lines: "rounding: {unit: 0.5}"),
    Case(
      testDescription: "spread, a quantile", family: .concave, utility: "{quantile: {level: 0.3}}",
      lines: "constraints: [\(group)]"),
    Case(
      testDescription: "spread, concave, a return asked for", family: .concave, utility: "mean",
      lines: "target: {roi: 0.3}", spend: "at_most"),
    Case(
      testDescription: "by period, concave, ramps", family: .concave, utility: "{expected_shortfall: {tail: 0.2}}",
      lines: "constraints: [{ramp: channel 1, up: {share: 0.3}, down: {share: 0.3}, from: free}]", isByPeriod: true),
    Case(
      testDescription: "by period, S-shaped, off or at least", family: .traps, utility: "mean",
      lines: "constraints: [{off_or_at_least: channel 2, spend: 1.5}]", isByPeriod: true),
    Case(
      testDescription: "by period, in round numbers", family: .mixed, utility: "mean",
      lines: "rounding: {unit: 0.5}\nconstraints: [{period: each, at_most: 5}]", isByPeriod: true),
  ]

  /// The best that is known of a case: what is found without faults, and a few plans near it.
  private static let undisturbed = Mutex<[String: Double]>([:])

  private func known(_ plan: Case) throws -> Double {
    if let known = Self.undisturbed.withLock({ $0[plan.testDescription] }) { return known }
    let answer = try plan.compiled().optimise()
    let known = answer.utility.value
    Self.undisturbed.withLock { $0[plan.testDescription] = known }
    return known
  }

  /// Some calls fail, the same ones in each run of one thread.
  private func disturbed<T>(
    _ routine: Interference.Routine, _ lie: Lie, share: Double, seed: UInt64, _ work: () throws -> T
  ) rethrows -> T {
    let random = Mutex(Xorshift(seed: seed))
    let fault = Interference.Faults { asked in
      guard asked == routine else { return nil }
      return random.withLock { random in random.uniform(0, 1) < share ? lie.fault(&random) : nil }
    }
    return try Interference.$fault.withValue(fault) { try work() }
  }

  /// The slow ones take minutes, and are run where `APPORTION_STRESS` is set: then all of them, with other calls that fail too.
  static let isPatient = ProcessInfo.processInfo.environment["APPORTION_STRESS"] != nil
  static let seeds: ClosedRange<UInt64> = isPatient ? 7...9 : 7...7
  static let slow = ["a quantile", "by period, S-shaped", "by period, in round"]

  @Test(arguments: cases.filter { own in isPatient || !slow.contains { own.testDescription.contains($0) } })
  func `whatever routines say, bounds are true and answers within limits`(plan: Case) throws {
    let best = try known(plan)
    let sound = try plan.compiled()
    for routine in Self.routines {
      for lie in Lie.allCases {
        for (share, seed) in Self.seeds.map({ (0.3, $0) }) + [(1, 7)] {
          let what = "\(plan.testDescription), \(routine.name), \(lie), \(share), \(seed)"
          let answer: Recommendation
          do {
            answer = try disturbed(routine, lie, share: share, seed: seed) { try plan.compiled().optimise() }
          } catch let error as InfeasiblePlan {
            // A routine that never answers may leave it open whether there is a plan: that is said, and no more.
            let isOpen = error.message.contains("could not be told") || error.message.contains("arithmetic could tell")
            #expect(isOpen && share == 1, "\(what): \(error.message)")
            continue
          }
          let amounts = answer.cells.flatMap { $0.periods?.map(\.spend) ?? [$0.total] }
          #expect(sound.isWithinLimits(amounts), "\(what): \(amounts)")
          let value = sound.score(spend: amounts)
          #expect(abs(value - answer.utility.value) <= 1e-9 * abs(value), "\(what)")
          if let bound = answer.utility.upperBound {
            #expect(bound >= max(best, value) - 1e-11 * abs(best), "\(what): \(bound) for \(best), \(value)")
          }
          if let certificate = answer.certificate, let replayed = sound.upperBound(by: certificate) {
            #expect(replayed >= max(best, value) - 1e-11 * abs(best), "\(what): \(replayed) replayed")
          }
        }
      }
    }
  }
}
