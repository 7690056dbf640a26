import Apportion
import TestSupport

extension PlanInstance {
  /// The plan with further lines, ready to be solved.
  func compiled(_ lines: String...) throws -> CompiledPlan {
    let text = plan(lines.joined(separator: "\n"))
    return try CompiledPlan(PlanFile.parse(text, source: "plan.yaml", folder: ".").plan, posterior)
  }

  /// The outcome draws of money spread evenly, limits or no limits.
  func evenOutcome() throws -> [Double] {
    let even = lower.map { _ in budget / Double(lower.count) }
    let surface = ResponseSurface(
      cells: posterior.cells, mediaPerMoney: pattern, carryIn: false, carryOver: true)
    return zip(surface.responses(at: even).rowSums(), surface.atRest.rowSums()).map { $0 - $1 }
  }
}
