import Foundation
import NumericKernel
import Planning
import ResponseModel
import Testing

@Suite struct PlanTemplateTests {
  /// A posterior of one draw, its channels with this history.
  private func posterior(_ history: [String: [Double]], dates: [String]) -> Posterior {
    let channels = history.keys.sorted()
    let cells = channels.map { channel in
      Cell(
        labels: [channel], saturation: Logistic.self,
        saturationParameters: DrawMatrix(columns: [[1], [1]], drawCount: 1), carryover: Geometric.self,
        carryoverParameters: DrawMatrix(columns: [[0.5]], drawCount: 1), window: 2, isNormalized: true, mediaScale: 1,
        outcomeScale: 1,
        history: history[channel] ?? [])
    }
    return Posterior(
      source: "model.nc", format: "pymc-marketing", dims: [Posterior.Dim(name: "channel", labels: channels)],
      cells: cells,
      chainCount: 1, drawsPerChain: 1, dates: dates, isContiguous: true,
      diagnostics: PosteriorDiagnostics(parameters: [], divergences: nil), notes: [])
  }

  private func dates(_ start: String, count: Int, step: Int) throws -> [String] {
    let start = try #require(CalendarDate(start))
    return (0..<count).map { start.adding(days: step * $0).description }
  }

  private func read(_ text: String) throws -> Plan {
    let reading = try PlanFile.parse(text, source: "plan.yaml", folder: "")
    #expect(reading.warnings.isEmpty)
    return reading.plan
  }

  @Test func `weekly data make a plan of a quarter that starts after them, with what the last quarter cost`() throws {
    let dates = try dates("2024-01-01", count: 20, step: 7)
    let text = PlanTemplate.text(
      for: posterior(["tv": Array(repeating: 1000, count: 20), "radio": (0..<20).map { Double($0) }], dates: dates),
      read: PosteriorChoice(file: Placed("models/spring model.nc")))
    let plan = try read(text)
    #expect(plan.posterior.file.value == "models/spring model.nc")
    #expect(plan.horizon.periodCount.value == 13)
    #expect(plan.horizon.start?.description == "2024-05-20")
    #expect(plan.horizon.step == .week)
    // 13 000 for tv and 7 + ... + 19 = 169 for radio: 13 169, to three digits.
    #expect(plan.budget?.amount.value == .total(13_200))
    #expect(plan.utility.name.value == "mean")
    #expect(!text.contains("PLACEHOLDER"))
    for entry in UtilityCatalogue.entries { #expect(text.contains(entry.name)) }
  }

  @Test func `the bounds and the current plan in its comments are right once they are uncommented`() throws {
    let names = ["a: b", "on", "tv"]
    let text = PlanTemplate.text(
      for: posterior(Dictionary(names.map { ($0, [5.0, 6]) }, uniquingKeysWith: { a, _ in a }), dates: []),
      read: PosteriorChoice(file: Placed("m.nc")))
    let keys = ["default:", "\"a: b\":", "\"on\":", "tv:", "current:", "decide:"]
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
      guard let mark = line.range(of: "# "), keys.contains(where: { line[mark.upperBound...].hasPrefix($0) }) else {
        return String(line)
      }
      return line.replacingCharacters(in: mark, with: "")
    }
    let plan = try read(lines.joined(separator: "\n"))
    #expect(plan.bounds.fallback != nil)
    #expect(plan.bounds.cells.map(\.cell.value) == names)
    guard case .amounts(let amounts, _) = plan.current else {
      Issue.record("the current plan was uncommented")
      return
    }
    #expect(amounts.map(\.cell.value) == names)
    #expect(plan.decision.except.map(\.value) == ["a: b"])
  }

  @Test func `daily, monthly and short histories have their own horizon`() throws {
    let daily = try read(
      PlanTemplate.text(
        for: posterior(["tv": Array(repeating: 1, count: 60)], dates: try dates("2024-01-01", count: 60, step: 1)),
        read: PosteriorChoice(file: Placed("m.nc"))))
    #expect(daily.horizon.step == .day)
    #expect(daily.horizon.periodCount.value == 28)
    #expect(daily.horizon.start?.description == "2024-03-01")
    #expect(daily.budget?.amount.value == .total(28))
    let monthly = try read(
      PlanTemplate.text(
        for: posterior(["tv": [0.001, 0.002]], dates: ["2023-12-31", "2024-01-31T00:00:00"]),
        read: PosteriorChoice(file: Placed("m.nc"))))
    #expect(monthly.horizon.step == .month)
    #expect(monthly.horizon.periodCount.value == 2)
    #expect(monthly.horizon.start?.description == "2024-02-29")
    #expect(monthly.budget?.amount.value == .total(0.003))
    let odd = try read(
      PlanTemplate.text(
        for: posterior(["tv": [1, 2, 3]], dates: try dates("2024-01-01", count: 3, step: 10)),
        read: PosteriorChoice(file: Placed("m.nc")))
    )
    #expect(odd.horizon.start == nil)
    #expect(odd.horizon.periodCount.value == 3)
  }

  @Test func `without a history the numbers run and say that they are placeholders`() throws {
    let text = PlanTemplate.text(for: posterior(["tv": []], dates: []), read: PosteriorChoice(file: Placed("m.nc")))
    let plan = try read(text)
    #expect(plan.horizon.periodCount.value == 13)
    #expect(plan.budget?.amount.value == .total(1_000_000))
    #expect(text.split(separator: "\n").count { $0.contains("PLACEHOLDER") } == 2)
  }

  @Test func `point curves are named with how they are read`() throws {
    let curves = PointCurves(kind: .michaelisMenten, channelColumn: "on: air")
    let text = PlanTemplate.text(
      for: posterior(["tv": []], dates: []),
      read: PosteriorChoice(file: Placed("c.csv"), format: .curves, curves: curves))
    let plan = try read(text)
    #expect(plan.posterior.format == .curves && plan.posterior.curves == curves)
    #expect(plan.posterior.draws == nil && !text.contains("draws: all"))
  }

  @Test func `what the file does not say is written as it was read`() throws {
    let file = Placed("m.nc")
    let meridian = MeridianModel(
      data: .init(file: "the data.csv", geo: "geo", kpi: "orders", media: "{channel}_impression"), maxLag: 3,
      decay: .each([.init("tv", .binomial)]), group: .prior)
    let curve = ModelMapping.Curve(Linear.self, [.variable("b")])
    let choices = [
      PosteriorChoice(file: file, format: .meridian, draws: Placed(10), meridian: meridian),
      PosteriorChoice(file: file, format: .generic, model: ModelMapping(saturation: .all(curve))),
      PosteriorChoice(file: file, format: .apportion),
    ]
    for choice in choices {
      let text = PlanTemplate.text(for: posterior(["tv": []], dates: []), read: choice)
      let read = try read(text).posterior
      #expect(read.format == choice.format && read.draws?.value == choice.draws?.value)
      #expect(read.meridian == choice.meridian && read.model == choice.model)
      #expect(!text.contains("GUESSED"))
    }
  }
}
