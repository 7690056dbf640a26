import Foundation
import NumericKernel
import ResponseModel
import TestSupport
import Testing

struct UtilityCatalogueTests {
  @Test func `The catalogue holds every utility of the plan file, each name once`() {
    #expect(
      UtilityCatalogue.entries.map(\.name) == [
        "mean", "quantile", "expected_shortfall", "mean_deviation", "mean_variance", "mean_semideviation", "entropic",
        "shortfall", "target_probability", "blend", "mean_tightness", "tail_distance", "sharpe", "raroc",
        "entropy_of_shares", "diversification_ratio",
      ])
  }

  @Test func `Every default lies in its option's domain, and every option is explained`() {
    for entry in UtilityCatalogue.entries {
      #expect(!entry.summary.isEmpty)
      for option in entry.options {
        #expect(!option.meaning.isEmpty)
        if let value = option.defaultValue { #expect(option.domain.contains(value)) }
      }
      for name in entry.alternatives.joined() { #expect(entry.options.contains { $0.name == name }) }
    }
  }

  /// The options that an entry needs, at their defaults, and what no default covers at 0.5.
  func options(_ entry: UtilityEntry, compat: Bool = false) -> UtilityOptions {
    var values: [String: UtilityEntry.Value] = [:]
    for option in entry.options where !entry.alternatives.joined().dropFirst().contains(option.name) {
      if case .number = option.domain { values[option.name] = option.defaultValue ?? .number(0.5) }
    }
    if compat { values["compat"] = .word("pymc") }
    return UtilityOptions(values, periodCount: 4)
  }

  @Test func `A share is from 0 to 1, and the worst twentieth of draws is the tail that is meant`() throws {
    let shortfall = try #require(UtilityCatalogue.entry(named: "expected_shortfall"))
    let tail = try #require(shortfall.options.first { $0.name == "tail" })
    #expect(tail.defaultValue == .number(0.05))
    let level = try #require(UtilityCatalogue.entry(named: "quantile")?.options.first { $0.name == "level" })
    #expect(level.domain.contains(.number(1)) && level.domain.contains(.number(0)))
    #expect(!level.domain.contains(.number(1.01)) && !level.domain.contains(.number(-0.01)))
  }

  @Test func `Every entry makes a utility that scores`() {
    let draws: [Double] = [6, 1, 3, 2]
    let plan = ScoredPlan(
      outcome: draws, spend: [1, 3], responses: DrawMatrix(columns: [[1, 2, 3, 4], [2, 1, 1, 0]], drawCount: 4))
    for entry in UtilityCatalogue.entries {
      for compat in [false, true] {
        let utility = entry.make(options(entry, compat: compat))
        let value = (utility as? any PlanUtility)?.score(plan).value ?? utility.value(of: draws)
        #expect(value.isFinite, "\(entry.name)")
      }
    }
  }

  @Test func `Scores rounded off over a distance have the derivatives of their values`() {
    let outcome = (0..<15).map { 3 + sin(7 * Double($0)) }
    let way = (0..<15).map { cos(5 * Double($0)) }
    func moved(_ step: Double) -> [Double] { zip(outcome, way).map { $0 + step * $1 } }
    var names: [String] = []
    for entry in UtilityCatalogue.entries where entry.name != "blend" {
      var chosen = options(entry).values
      if entry.options.contains(where: { $0.name == "target" }) { chosen["target"] = .number(3.2) }
      let utility = entry.make(UtilityOptions(chosen, periodCount: 4))
      guard !(utility is any PlanUtility), let here = utility.rounded(outcome.span, distance: 0.3)?.smooth else {
        continue
      }
      let step = 1e-5
      guard let up = utility.rounded(moved(step).span, distance: 0.3)?.smooth,
        let down = utility.rounded(moved(-step).span, distance: 0.3)?.smooth
      else { continue }
      names.append(entry.name)
      let slope = zip(here.weights, way).reduce(0) { $0 + $1.0 * $1.1 }
      // Central differences: step² of a third derivative, and 1e-16 / step.
      #expect(abs((up.value - down.value) / (2 * step) - slope) <= 1e-8 * (1 + abs(slope)), "\(entry.name)")
      let bends = here.hessianTimes(way)
      for draw in bends.indices {
        let bend = (up.weights[draw] - down.weights[draw]) / (2 * step)
        #expect(abs(bend - bends[draw]) <= 1e-7, "\(entry.name)")
      }
    }
    #expect(Set(names).isSuperset(of: ["mean", "expected_shortfall", "mean_deviation", "entropic", "shortfall"]))
  }

  @Test func `No outcome scores above the plane of a score that is rounded off`() {
    let outcome = (0..<15).map { 3 + sin(7 * Double($0)) }
    var random = Xorshift(seed: 5)
    var names: [String] = []
    for entry in UtilityCatalogue.entries {
      var chosen = options(entry).values
      if entry.options.contains(where: { $0.name == "target" }) { chosen["target"] = .number(3.2) }
      let utility = entry.make(UtilityOptions(chosen, periodCount: 4))
      for distance in [0.01, 0.3, 3] where !(utility is any PlanUtility) {
        guard let rounded = utility.rounded(outcome.span, distance: distance), let intercept = rounded.intercept else {
          continue
        }
        names.append(entry.name)
        for round in 0..<200 {
          // Near the outcome at first, then anywhere.
          let width = 0.02 * Double(round)
          let other = outcome.map { $0 + width * random.normal() }
          let plane = zip(rounded.smooth.weights, other).reduce(intercept) { $0 + $1.0 * $1.1 }
          // Sums of some numbers of about 3.
          #expect(utility.value(of: other) <= plane + 1e-13 * (1 + width), "\(entry.name) \(distance)")
        }
      }
    }
    #expect(Set(names).isSuperset(of: ["mean", "expected_shortfall", "mean_deviation", "shortfall"]))
  }

  @Test func `Entries pass their options on`() throws {
    func make(_ name: String, _ values: [String: UtilityEntry.Value]) throws -> any Utility {
      try #require(UtilityCatalogue.entry(named: name)).make(UtilityOptions(values, periodCount: 4))
    }
    // By hand as in `UtilityTableTests`, to a few units in the last place.
    func expect(_ name: String, _ values: [String: UtilityEntry.Value], _ expected: Double) throws {
      let value = try make(name, values).value(of: draws)
      #expect(abs(value - expected) < 1e-14, "\(name)")
    }
    let draws: [Double] = [6, 1, 3, 2]
    let pymc = UtilityEntry.Value.word("pymc")
    try expect("quantile", ["level": .number(0.25)], 1.75)
    try expect("expected_shortfall", ["tail": .number(0.375)], 4.0 / 3)
    // The quantile is 2.125, and 1 and 2 are below.
    try expect("expected_shortfall", ["tail": .number(0.375), "compat": pymc], 1.5)
    try expect("mean_deviation", ["lambda": .number(0)], 3)
    try expect("mean_variance", ["lambda": .number(3)], 3 - 14)
    try expect("mean_semideviation", ["lambda": .number(0)], 3)
    try expect("entropic", ["gamma": .number(0)], 3)
    try expect("shortfall", ["target": .number(4), "lambda": .number(2)], 0)
    try expect("target_probability", ["target": .number(3)], 0.5)
    try expect("blend", ["a": .number(0.5), "level": .number(0)], 2)
    try expect("blend", ["a": .number(0.5), "tail": .number(0.375)], 1.5 + 2.0 / 3)
    try expect("blend", ["a": .number(0.5), "tail": .number(0.375), "compat": pymc], 2.25)
    try expect("tail_distance", ["level": .number(0.75)], 2)
    try expect("mean_tightness", ["alpha": .number(3), "level": .number(0.75)], -1)
    try expect("sharpe", ["reference": .number(3)], 0)
    let plan = ScoredPlan(outcome: draws, spend: [4], responses: DrawMatrix(drawCount: 4, columnCount: 1))
    let raroc = try #require(try make("raroc", ["reference": .number(1)]) as? any PlanUtility)
    #expect(raroc.score(plan).value == 0.5)
    let periodic = try make("raroc", ["reference": .number(1), "compat": pymc])
    #expect((periodic as? any PlanUtility)?.score(plan).value == 2)
  }
}
