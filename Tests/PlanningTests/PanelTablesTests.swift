import Foundation
import NumericKernel
import ResponseModel
import Testing

@testable import Planning

/// Tables of plans for two channels in three geos, their columns looked up in the model.
@Suite struct PanelTablesTests {
  private let geos = ["north", "south", "west"]

  private func compiled(
    _ text: String, _ files: [String: String], _ posterior: Posterior = PanelPlanTests.panel()
  ) throws -> CompiledPlan {
    let folder = try Folder(files)
    let whole = "posterior: {file: small.nc}\nhorizon: {num_periods: 4}\nbudget: {total: 600}\n\(text)\n"
    return try CompiledPlan(
      PlanFile.parse(whole, source: "plan.yaml", folder: folder.url.path).plan, posterior)
  }

  /// What is wrong, paths without the folder.
  private func problems(
    _ text: String, _ files: [String: String], _ posterior: Posterior = PanelPlanTests.panel()
  ) -> [String] {
    do {
      _ = try compiled(text, files, posterior)
      return []
    } catch let error as PlanProblems {
      return error.problems.map { $0.description.replacing(/^\/\S*\//, with: "") }
    } catch {
      return ["\(error)"]
    }
  }

  private func rows(_ header: String, _ row: (_ channel: String, _ geo: String, _ period: Int) -> String) -> String {
    var text = header + "\n"
    for channel in ["tv", "radio"] {
      for geo in geos {
        for period in 1...4 { text += row(channel, geo, period) + "\n" }
      }
    }
    return text
  }

  /// Another number for each cell and period; a cell's four sum to one.
  private func share(_ channel: String, _ geo: String, _ period: Int) -> Double {
    let tilt = (channel == "tv" ? 0.01 : 0.03) * Double(1 + (geos.firstIndex(of: geo) ?? 0))
    return 0.25 + tilt * [-1.5, -0.5, 0.5, 1.5][period - 1]
  }

  private let byGeo = "decide: {by: [channel, geo]}"

  @Test(arguments: ["period,channel,geo,share", "share,geo,channel,period", "geo,share,period,channel"])
  func `columns are found by their names, in any order`(header: String) throws {
    func table(_ number: String) -> String {
      rows(header.replacing("share", with: number)) { channel, geo, period in
        let fields = [
          "period": "\(period)", "channel": " \(channel) ", "geo": geo, "share": "\(share(channel, geo, period))",
        ]
        return header.split(separator: ",").map { fields[String($0)] ?? "" }.joined(separator: ",")
      }
    }
    let money = ["geo,spend,channel"] + (0..<6).map { "\(geos[$0 % 3]),\(100 + $0),\($0 < 3 ? "tv" : "radio")" }
    let plan = try compiled(
      "\(byGeo)\ndistribution: {file: f.csv}\ncost_per_unit: {file: c.csv}\ncurrent: {file: now.csv}",
      ["f.csv": table("share"), "c.csv": table("cost"), "now.csv": money.joined(separator: "\n")])
    for (index, cell) in plan.spendCells.cells.enumerated() {
      let expected = (1...4).map { share(cell.labels[0], cell.labels[1], $0) }
      #expect(plan.pattern.shares[index] == [expected])
      #expect(plan.prices[index] == expected.map { .constant($0) })
    }
    #expect(plan.current == (0..<6).map { Double(100 + $0) })
  }

  @Test func `the plan that is echoed reads back the same, whatever the columns were`() throws {
    let byGeo = rows("geo,cost,period") { "\($1),\($0 == "tv" ? 1 : 2 + $2),\($2)" }
      .split(separator: "\n").filter { !$0.contains(",1,") }.joined(separator: "\n")
    let plan = try compiled(
      """
      cost_per_unit: {file: c.csv}
      current: {file: now.csv}
      """, ["c.csv": byGeo, "now.csv": "geo,channel,total,binding\nsouth,tv,100,tier\nwest,radio,50,\n"])
    #expect(plan.prices.map { $0.map { $0.units(at: 60).value } } == Array(repeating: [20, 15, 12, 10], count: 6))
    let again = try CompiledPlan(
      PlanFile.parse(plan.plan.yaml, source: "plan.yaml", folder: "").plan, PanelPlanTests.panel())
    #expect(again.prices == plan.prices && again.current == plan.current)
    #expect(
      again.currentObjective.reading(spend: [100, 50]).outcome
        == plan.currentObjective.reading(spend: [100, 50]).outcome)
  }

  @Test(arguments: [
    (
      "current: {file: t.csv}", "channel,region,spend\ntv,north,5\n",
      "t.csv:1:1: error: wrong header, expected each column of labels to be a dim of the model, channel and geo, found region"
    ),
    (
      "cost_per_unit: {file: t.csv}", "period,chanel,cost\n1,tv,5\n2,tv,5\n3,tv,5\n4,tv,5\n",
      "t.csv:1:1: error: wrong header, expected each column of labels to be a dim of the model, channel and geo, found chanel; did you mean 'channel'?"
    ),
    (
      "decide: {by: [channel, geo]}\ncurrent: {file: t.csv}", "channel,spend\ntv,5\nradio,6\n",
      "t.csv:1:1: error: wrong header, expected a column for each dim that is decided, channel and geo, found channel"
    ),
    (
      "current: {file: t.csv}", "geo,channel,spend\nnroth,tv,5\n",
      "t.csv:2:1: error: unknown geo, expected one of north, south, west, found nroth, did you mean north?"
    ),
    (
      "decide: {by: [geo]}\nbounds: {tv: [0, 5]}", "",
      "plan.yaml:5:10: error: tv is part of north, south, west, each decided as one; decide.by: [channel, geo] would decide it apart"
    ),
    (
      "bounds: {north: [0, 5]}", "",
      "plan.yaml:4:10: error: north is part of tv, radio, each decided as one; decide.by: [channel, geo] would decide it apart"
    ),
  ])
  func `what contradicts the model is told once, with what it has`(text: String, table: String, line: String) {
    #expect(problems(text, ["t.csv": table]) == [line])
  }

  @Test func `an unknown dim is told as such, whatever an allocation's columns are`() throws {
    let folder = try Folder(["mine.csv": "geo,channel,spend\nnorth,tv,5\n"])
    let plan = try PlanFile.parse(
      "posterior: {file: small.nc}\nhorizon: {num_periods: 4}\ndecide: {by: [channel, region]}\n", source: "plan.yaml",
      folder: "."
    ).plan
    let given = try Allocation.read(path: folder.path("mine.csv"), over: plan.horizon, dims: ["channel", "geo"])
    let problems = #expect(throws: PlanProblems.self) {
      try CompiledPlan(plan, PanelPlanTests.panel(), scoring: given)
    }
    #expect(
      problems?.problems.map(\.description) == [
        "plan.yaml:3:24: error: decide.by: expected dims of the model, channel, geo, found region"
      ])
  }

  @Test func `a channel's cost holds in every geo, whatever is decided`() throws {
    let plan = try compiled("decide: {by: [geo]}\ncost_per_unit: {tv: 2, radio/west: 4}", [:])
    #expect(plan.prices.map { $0[0] } == [2, 2, 2, 1, 1, 4].map { .constant($0) })
  }

  /// Labels with a slash of their own: two cells have the name `a/b/c`.
  private var slashed: Posterior {
    var posterior = PanelPlanTests.panel()
    posterior.dims = [
      Posterior.Dim(name: "channel", labels: ["a/b", "a"]), Posterior.Dim(name: "geo", labels: ["c", "b/c", " d "]),
    ]
    for index in posterior.cells.indices {
      posterior.cells[index].labels = [["a/b", "a"][index / 3], ["c", "b/c", " d "][index % 3]]
    }
    return posterior
  }

  @Test func `names that two cells have are refused, and columns tell them apart`() throws {
    let line =
      "plan.yaml:5:10: error: a/b/c is ambiguous, expected the name of one cell or group of cells, found channel a/b, geo c; and channel a, geo b/c: a CSV file with a column for each dim tells them apart"
    #expect(problems("\(byGeo)\nbounds: {a/b/c: [0, 5]}", [:], slashed) == [line])
    let plan = try compiled(
      "\(byGeo)\ncurrent: {file: now.csv}",
      ["now.csv": "geo,channel,spend\nc,a/b,1\nb/c,a,2\n d,a,3\n"], slashed)
    #expect(plan.current == [1, 0, 0, 0, 2, 3])
    let given = Allocation(amounts: [
      CellAmount(
        cell: Placed("a/b/c"),
        labels: [CellLabel(dim: Placed("geo"), label: "b/c"), CellLabel(dim: Placed("channel"), label: "a")],
        money: Placed(600))
    ])
    let scored = try CompiledPlan(plan.plan, slashed, scoring: given)
    #expect(scored.allocated == [0, 0, 0, 0, 600, 0])
  }

  @Test func `a label alone stands for every cell that has it, unless two dims have it`() throws {
    let plan = try compiled("\(byGeo)\nbounds: {north: [10, 200]}\ncost_per_unit: {north: 2}", [:])
    #expect(plan.limits.lower == [10, 0, 0, 10, 0, 0])
    #expect(plan.prices.map { $0[0] } == [2, 1, 1, 2, 1, 1].map { .constant($0) })
    var alike = PanelPlanTests.panel()
    alike.dims[1].labels[0] = "tv"
    for index in [0, 3] { alike.cells[index].labels[1] = "tv" }
    #expect(
      problems("cost_per_unit: {tv: 2}", [:], alike) == [
        "plan.yaml:4:17: error: tv is ambiguous, expected the name of one cell or group of cells, found channel tv; and geo tv: a CSV file with a column for each dim tells them apart"
      ])
    // Only the channel can be bounded: the geo is not decided.
    #expect(try compiled("bounds: {tv: [0, 5]}", [:], alike).limits.upper == [5, 600])
  }

  @Test func `spaces round labels do not count, on either side`() throws {
    let plan = try compiled("\(byGeo)\nbounds: {a: {d: [0, 5]}, ' a/b/d ': [0, 6]}", [:], slashed)
    #expect(plan.limits.upper == [600, 600, 6, 600, 600, 5])
  }

  @Test func `what is wrong in every geo is told once`() {
    #expect(
      problems("price: {tv: {tiers: [[0, 1], [9, 2]]}}\ncost_per_unit: {tv: 2}", [:]) == [
        "plan.yaml:4:9: error: price of tv: tiers have prices of their own, expected no cost_per_unit beside them, found one"
      ])
  }
}
