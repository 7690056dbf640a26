import Apportion
import TestSupport
import Foundation
import Samples

@main
struct Certificates {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    func option(_ name: String) -> String? {
      arguments.firstIndex(of: "--" + name).map { arguments[$0 + 1] }
    }
    let families = option("families")?.split(separator: ",").compactMap { PlanFamily(rawValue: String($0)) } ?? PlanFamily.allCases
    let seeds = option("seeds").flatMap(UInt64.init) ?? 30
    let first = option("first").flatMap(UInt64.init) ?? 1
    let channels = option("channels").flatMap(Int.init) ?? 10
    let draws = option("draws").flatMap(Int.init) ?? 4000
    let chosen = option("utilities")?.split(separator: ",").map(String.init)
    let each = option("each") != nil
    for family in families {
      var rows: [String: [(time: Double, tables: Double, gap: Double)]] = [:]
      for seed in first..<first + seeds {
        let instance = family.instance(channels: channels, draws: draws, seed: seed)
        let parsed = try PlanFile.parse(instance.plan("utility: mean"), source: "plan.yaml", folder: ".").plan
        let even = try CompiledPlan(parsed, instance.posterior).evenOutcome(instance)
        let mean = even.reduce(0, +) / Double(even.count)
        let sd = (even.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(even.count - 1)).squareRoot()
        let utilities = [
          "mean": "mean", "expected_shortfall": "{expected_shortfall: {tail: 0.1}}", "mean_deviation": "{mean_deviation: {lambda: 1}}",
          "mean_variance": "{mean_variance: {lambda: \(1 / sd)}}", "mean_semideviation": "{mean_semideviation: {lambda: 1}}",
          "entropic": "{entropic: {gamma: \(2 / sd)}}", "shortfall": "{shortfall: {target: \(mean), lambda: 2}}",
        ].filter { chosen?.contains($0.key) ?? true }
        let gap = option("gap") ?? (family == .traps ? "1e-3" : "1e-4")
        for (name, utility) in utilities.sorted(by: { $0.key < $1.key }) {
          let plan = try PlanFile.parse(
            instance.plan("utility: \(utility)", "solver: {gap: \(gap), time_limit: \(option("limit") ?? "20")}"), source: "plan.yaml", folder: ".").plan
          let compiled = try CompiledPlan(plan, instance.posterior)
          let (answer, time) = timed { compiled.optimise(record: RunRecord(version: "bench")) }
          let tables = answer.solver?.proof?.tableTime ?? 0
          rows[name, default: []].append((time.processor - tables, tables, answer.utility.gap ?? .infinity))
          if each {
            print(instance.name, name, String(format: "cpu %.3f tables %.3f gap %.2e", time.processor - tables, tables, answer.utility.gap ?? .infinity), answer.solver?.proof.map { "boxes \($0.boxes) cuts \($0.cuts) points \($0.points)" } ?? "tangents", answer.solver?.evaluations ?? 0, answer.utility.value)
          }
        }
      }
      for (name, list) in rows.sorted(by: { $0.key < $1.key }) {
        func median(_ x: [Double]) -> Double { x.sorted()[x.count / 2] }
        print(
          String(
            format: "%@ %@: cpu median %.3f max %.3f, tables %.3f, gap median %.1e max %.1e", family.rawValue, name,
            median(list.map(\.time)), list.map(\.time).max()!, median(list.map(\.tables)), median(list.map(\.gap)), list.map(\.gap).max()!))
      }
    }
  }
}

func timed<T>(_ work: () -> T) -> (T, (wall: Double, processor: Double)) {
  func processor() -> Double {
    var usage = rusage()
    getrusage(0, &usage)
    return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + 1e-6 * Double($1.tv_usec) }
  }
  let (clock, before) = (ContinuousClock.now, processor())
  let result = work()
  return (result, ((ContinuousClock.now - clock) / .seconds(1), processor() - before))
}

extension CompiledPlan {
  func evenOutcome(_ instance: PlanInstance) -> [Double] {
    let even = instance.lower.map { _ in instance.budget / Double(instance.lower.count) }
    let surface = ResponseSurface(cells: instance.posterior.cells, mediaPerMoney: instance.pattern, carryIn: false, carryOver: true)
    return zip(surface.responses(at: even).rowSums(), surface.atRest.rowSums()).map { $0 - $1 }
  }
}
