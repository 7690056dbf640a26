import Apportion
import Foundation
import TestSupport

/// A plan that utilities are compared on.
struct Problem {
  var name: String
  var plan: Plan
  var posterior: Posterior

  /// Of a posterior of `data/`: as `apportion init` writes a plan for it.
  init(file: URL) throws {
    let choice = PosteriorChoice(file: Placed(file.path))
    posterior = try choice.read()
    let text = PlanTemplate.text(for: posterior, read: choice)
    plan = try PlanFile.parse(text, source: file.lastPathComponent, folder: "").plan
    name = file.deletingPathExtension().lastPathComponent
  }

  /// Generated.
  init(_ family: PlanFamily, seed: UInt64, draws: Int) throws {
    let instance = family.instance(draws: draws, seed: seed)
    posterior = instance.posterior
    let even = instance.lower.map { _ in instance.budget / Double(instance.lower.count) }
    let current = zip(posterior.channels, even).map { "\($0): \($1)" }.joined(separator: ", ")
    plan = try PlanFile.parse(instance.plan("current: {\(current)}"), source: "plan.yaml", folder: ".").plan
    name = "\(family.rawValue) \(seed)"
  }

  /// The utilities that are compared: amounts of outcome are taken from the plan to beat, or where there is none from the plan for the mean.
  func utilities() throws -> [ComparedUtility] {
    var plan = plan
    plan.utility = UtilityChoice(name: Placed("mean"))
    let best = try CompiledPlan(plan, posterior).optimise()
    return UtilityMatrix.customary(plan, outcome: best.currentDraws ?? best.draws)
  }
}
