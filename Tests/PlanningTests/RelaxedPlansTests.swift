import Reporting
import ResponseModel
import TestSupport
import Testing

@testable import Planning

@Suite struct RelaxedPlansTests {
  private let record = RunRecord(version: "test")

  @Test func `a limit costs what the plan without it is better by`() throws {
    let cap = "{group: [radio, search], at_most: 200, name: cap}"
    let floor = "{group: [tv, radio], at_least: 480, name: floor}"
    func solved(_ constraints: String...) throws -> Recommendation {
      let plan = try smallPlan("constraints: [\(constraints.joined(separator: ", "))]")
      return plan.relaxing(try plan.optimise(record: record))
    }
    let (both, without, free) = (try solved(cap, floor), try solved(floor), try solved())
    let limits = Dictionary(uniqueKeysWithValues: both.limits.map { ($0.name, $0) })
    let relaxed = try #require(limits["cap"]?.relaxedUtility)
    #expect(abs(relaxed - without.utility.value) <= 1e-9 * relaxed)
    #expect(relaxed > both.utility.value)
    let all = try #require(both.relaxedUtility)
    #expect(abs(all - free.utility.value) <= 1e-9 * all)
    #expect(limits["budget"]?.relaxedUtility == nil)
    #expect(free.relaxedUtility == free.utility.value)
    // The plan that has it is told, and is the one that is found without limits.
    let spend = try #require(both.relaxedSpend)
    // Two searches for one flat top.
    #expect(zip(spend, free.cells.map(\.total)).allSatisfy { abs($0 - $1) <= 1e-3 * $1 + 1e-3 })
    #expect(free.relaxedSpend == free.cells.map(\.total))
    #expect(both.textReport().contains("Without any of them the best plan found has "))
    #expect(!free.textReport().contains("Without any of them"))
  }

  @Test func `a plan without limits says where it leaves what was observed`() throws {
    // Of search 30 to 39 was spent in a period, in four of them at most 156.
    let plan = try smallPlan("bounds: {search: [0, 140]}")
    let answer = plan.relaxing(try plan.optimise(record: record))
    let free = try smallPlan("").optimise(record: record)
    let departures = try #require(answer.relaxedDepartures)
    #expect(departures == free.cells.inWords && departures.contains { $0.hasPrefix("search") })
    #expect(!answer.cells.inWords.contains { $0.hasPrefix("search") })
    #expect(
      answer.textReport().split(whereSeparator: \.isWhitespace).joined(separator: " ")
        .contains("It leaves what was observed, where curves are extrapolated: "))
    // Where nothing was observed nothing can be said of it.
    let unknown = try smallPlan(
      "bounds: {search: [0, 140]}\ncurrent: {tv: 200, radio: 200, search: 200}", smallPosterior(history: false))
    #expect(unknown.relaxing(try unknown.optimise(record: record)).relaxedDepartures == [])
  }

  @Test func `what binds nothing costs nothing, and what is off may cost something`() throws {
    let plan = try smallPlan(
      "bounds: {tv: [0, 599]}\nconstraints: [{off_or_at_least: search, spend: 500}]")
    let answer = plan.relaxing(try plan.optimise(record: record))
    let limits = Dictionary(uniqueKeysWithValues: answer.limits.map { ($0.name, $0) })
    #expect(limits["tv"]?.relaxedUtility == nil)
    let least = try #require(limits["search off or at least"]?.relaxedUtility)
    let free = try smallPlan("").optimise(record: record).utility.value
    #expect(abs(least - free) <= 1e-9 * free && least > answer.utility.value)
  }

  @Test func `limits of a rounded plan cost what they cost before it was rounded`() throws {
    let text = "constraints: [{group: [radio, search], at_most: 210}]"
    let (whole, rounded) = (try smallPlan(text), try smallPlan(text + "\nrounding: {unit: 40}"))
    let exact = whole.relaxing(try whole.optimise(record: record))
    let answer = rounded.relaxing(try rounded.optimise(record: record))
    #expect(answer.limits[1].slack == 10 && !answer.limits[1].isBinding)
    let (own, other) = (try #require(exact.limits[1].relaxedUtility), try #require(answer.limits[1].relaxedUtility))
    #expect(abs(own - other) <= 1e-9 * own)
    #expect(abs(answer.unroundedUtility - exact.utility.value) <= 1e-12 * own)
  }

  @Test func `limits that the others imply are found, said once, and never fatal`() throws {
    let plan = try smallPlan(
      """
      bounds: {default: [0, 400], tv: [0, 300], radio: [50, 700]}
      constraints:
        - {group: [tv, radio], at_most: 500, name: first}
        - {group: [radio, tv], at_most: 500, name: again}
        - {group: [tv, search], at_most: 700}
        - {linear: {tv: 2, radio: 2, search: 2}, equal: 1200, name: twice the budget}
        - {linear: {tv: 0}, at_most: 5, name: nothing}
        - {off_or_at_least: radio, spend: 40}
      """)
    #expect(
      plan.findings().filter { !$0.contains("in a period") } == [
        "radio at most 700.00 never matters: the other limits imply it",
        "'again', radio + tv at most 500.00 is said twice: first says it too",
        "tv + search at most 700.00 never matters: the other limits imply it",
        "'twice the budget', 2 tv + 2 radio + 2 search exactly 1,200.00 never matters: the other limits imply it",
        "'nothing', 0 tv at most 5.00 never matters: the other limits imply it",
        "radio off or at least 40.00 never matters: radio spends at least that",
      ])
    let answer = try plan.optimise(record: record)
    #expect(answer.reachesGap && answer.limits.allSatisfy { $0.slack >= 0 })
    #expect(
      plan.limitsInWords.prefix(4) == [
        "budget exactly 600.00", "tv at most 300.00", "radio 50.00 to 700.00", "search at most 400.00",
      ])
  }

  @Test func `bounds far beyond what was observed are told`() throws {
    // Of ten weeks of tv the largest was 19; 600 over four weeks are 150 a week.
    let findings = try smallPlan("bounds: {tv: [0, 600], radio: [0, 200]}").findings()
    #expect(
      findings.contains(
        "tv may spend 150.00 in a period, 7.9 times the most that was observed: there its curve is extrapolated"))
    #expect(!findings.contains { $0.hasPrefix("radio") } == true)
  }
}
