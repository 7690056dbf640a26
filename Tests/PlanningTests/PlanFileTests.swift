import Foundation
import ResponseModel
import Testing

@testable import Planning

/// The folder of the package.
let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// A plan with nothing that can be left out.
let smallestPlan = "posterior: {file: model.nc}\nhorizon: {num_periods: 4}\n"

@Suite struct PlanFileTests {
  private func parse(_ text: String, folder: String = "", settings: [String] = []) throws -> PlanFile.Reading {
    try PlanFile.parse(text, source: "plan.yaml", folder: folder, settings: settings)
  }

  @Test func `the smallest plan has every default`() throws {
    let reading = try parse(smallestPlan)
    let file = Placed("model.nc", at: TextPosition(source: "plan.yaml", line: 1, column: 19))
    let count = Placed(4, at: TextPosition(source: "plan.yaml", line: 2, column: 24))
    let expected = Plan(posterior: PosteriorChoice(file: file), horizon: Horizon(periodCount: count), budget: nil)
    #expect(reading.plan == expected)
    #expect(reading.warnings.isEmpty)
    #expect(reading.inputs == ["plan.yaml"])
  }

  private static let fullPlan = """
    posterior: {file: models/model.nc, format: pymc-marketing, group: posterior, draws: 500}
    horizon:
      num_periods: 2
      start: 2024-01-31
      step: month
      carry_in: false
      carry_over: false
      include_history: true
    budget: {per_period: 1_000.5, spend: at_most}
    distribution: {tv: [0.25, 0.75]}
    cost_per_unit:
      tv: 0.5
      radio: [1, 2e-3]
    decide: {by: [channel], except: [radio, "print, local"], hold: current}
    current: {tv: 5, radio: 0}
    measure: response
    utility: {mean: {}}
    bounds:
      default: {relative: 0.3}
      tv: [0, 500000]
      radio: [null, 7]
      print: [3, null]
    solver: {gap: 1e-3, time_limit: 2.5, seed: 7, method: trust-constr}
    reweight: [{channel: tv, roi: {mean: 1.4, sd: 0.3}}, {channel: "on: air", roi: {mean: -1, sd: 2}}]
    output: {folder: out, report: tables, loss_worse_than: 1e5}
    """

  @Test func `every key is read as the interface says`() throws {
    let plan = try parse(Self.fullPlan, folder: "campaigns/spring").plan
    #expect(plan.posterior.file.value == "campaigns/spring/models/model.nc")
    #expect(plan.posterior.format == .pymcMarketing)
    #expect(plan.posterior.draws?.value == 500)
    #expect(plan.horizon.periodCount.value == 2)
    #expect(plan.horizon.periodStarts.map(\.description) == ["2024-01-31", "2024-02-29"])
    #expect(plan.horizon.carryIn?.value == false)
    #expect(plan.horizon.carryOver == false)
    #expect(plan.horizon.includeHistory.value)
    #expect(plan.budget?.amount.value == .perPeriod(1000.5))
    #expect(plan.budget?.total(periodCount: 2) == 2001)
    #expect(plan.budget?.spend == .atMost)
    guard case .shares(let shares) = plan.distribution, case .costs(let costs) = plan.costPerUnit,
      case .amounts(let current, _) = plan.current
    else {
      Issue.record("shares, costs and amounts were given")
      return
    }
    #expect(shares.map(\.cell.value) == ["tv"])
    #expect(shares[0].values.map(\.value) == [0.25, 0.75])
    #expect(costs.map(\.cell.value) == ["tv", "radio"])
    #expect(costs.map { $0.values.map(\.value) } == [[0.5], [1, 0.002]])
    #expect(current.map(\.cell.value) == ["tv", "radio"])
    #expect(current.map(\.money.value) == [5, 0])
    #expect(plan.decision.except.map(\.value) == ["radio", "print, local"])
    #expect(plan.decision.hold == .current)
    #expect(plan.measure == .response)
    #expect(plan.utility.name.value == "mean")
    #expect(plan.bounds.cells.map(\.cell.value) == ["tv", "radio", "print"])
    #expect(plan.bounds.cells[0].cell.position == TextPosition(source: "plan.yaml", line: 20, column: 3))
    #expect(plan.bounds.cells[0].limit.position == TextPosition(source: "plan.yaml", line: 20, column: 7))
    guard case .relative(let share) = plan.bounds.fallback?.value,
      case .money(nil, let upper) = plan.bounds.cells[1].limit.value,
      case .money(let lower, nil) = plan.bounds.cells[2].limit.value
    else {
      Issue.record("bounds keep their open ends")
      return
    }
    #expect(share.value == 0.3)
    #expect(upper?.value == 7)
    #expect(lower?.value == 3)
    #expect(plan.solver == SolverOptions(gap: 1e-3, timeLimit: 2.5, seed: 7, method: .trustConstr))
    #expect(plan.output == Output(folder: "campaigns/spring/out", report: .tables, lossLevels: [1e5]))
    #expect(plan.reweight.map(\.value.channel) == ["tv", "on: air"])
  }

  @Test func `JSON is read as the subset of YAML it is, tabs and all`() throws {
    let json =
      "{\n\t\"posterior\": {\"file\": \"model.nc\"},\n\t\"horizon\":{\"num_periods\":4},\"budget\":{\"total\":5E6}\n}"
    let plan = try parse(json).plan
    #expect(plan.budget?.amount.value == .total(5e6))
    #expect(plan.budget?.amount.position == TextPosition(source: "plan.yaml", line: 3, column: 48))
  }

  @Test func `a byte order mark and Windows line endings change nothing`() throws {
    let text = "\u{FEFF}" + smallestPlan.replacing("\n", with: "\r\n")
    #expect(try parse(text).plan == parse(smallestPlan).plan)
  }

  @Test func `a section whose keys are all commented out holds the defaults`() throws {
    let plan = try parse(smallestPlan + "bounds:\n  # tv: [0, 1]\noutput:\ndecide:\nsolver: ~\n").plan
    #expect(plan == (try parse(smallestPlan).plan))
  }

  @Test(arguments: [
    ("1", 1.0), ("+1", 1), ("1.", 1), (".5", 0.5), ("1e3", 1e3), ("1.5E-3", 1.5e-3), ("2.e3", 2e3), ("5e6", 5e6),
    ("2_488_278", 2_488_278), ("0.1", 0.1), ("1e+06", 1e6),
  ])
  func `numbers are written as YAML allows`(written: String, value: Double) throws {
    #expect(try parse(smallestPlan + "budget: {total: \(written)}").plan.budget?.amount.value == .total(value))
  }

  @Test func `a channel may have any name`() throws {
    let plan = try parse(smallestPlan + "current: {on: 1, 360: 2, \"\": 3, null: 4, 'a.b/c': 5}").plan
    guard case .amounts(let amounts, _) = plan.current else {
      Issue.record("amounts were given")
      return
    }
    #expect(amounts.map(\.cell.value) == ["on", "360", "", "null", "a.b/c"])
  }

  @Test func `history that counts only in response is warned of where incremental is measured`() throws {
    let text = "posterior: {file: model.nc}\nhorizon: {num_periods: 4, include_history: true}\n"
    #expect(
      try parse(text).warnings.map(\.description) == [
        "plan.yaml:2:44: warning: include_history changes nothing where incremental is measured; it counts in measure: response"
      ])
    #expect(try parse(text + "measure: response").warnings.isEmpty)
  }

  @Test func `bounds may be named as DeepCausalMMM does, and a method as SciPy does`() throws {
    let text = "posterior: {file: model.nc}\nhorizon: {num_periods: 4}\n"
    let named = try parse(text + "bounds: {TV: {lower: 1, upper: 2}}\nsolver: {method: SLSQP}").plan
    #expect(
      named.withoutPlaces == (try parse(text + "bounds: {TV: [1, 2]}\nsolver: {method: slsqp}").plan.withoutPlaces))
    #expect(throws: PlanFileError.self) { try parse(text + "bounds: {TV: {lower: 1}}") }
    #expect(throws: PlanFileError.self) { try parse(text + "bounds: {TV: {lower: 2, upper: 1}}") }
    #expect(throws: PlanFileError.self) { try parse(text + "scenarios: {budgets: [-10, 0, -10.0]}") }
  }

  @Test func `bounds the wrong way round begin at 0 where these are repaired, with a warning for each`() throws {
    let bounds = "bounds: {tv: [5, 1], radio: {share: [0.5, 0.2]}, print: [1, 2]}"
    let text = "posterior: {file: model.nc}\nhorizon: {num_periods: 4}\n\(bounds)\n"
    let reading = try parse(text + "repair_bounds: true")
    #expect(
      reading.warnings.map(\.description) == [
        "plan.yaml:3:15: warning: bounds.tv: the lower end, 5, is above the upper one, 1, and counts as 0: repair_bounds",
        "plan.yaml:3:38: warning: bounds.radio: the lower end, 0.5, is above the upper one, 0.2, and counts as 0: repair_bounds",
      ])
    let repaired = "bounds: {tv: [0, 1], radio: {share: [0, 0.2]}, print: [1, 2]}"
    let plain = try parse(text.replacing(bounds, with: repaired))
    #expect(reading.plan.withoutPlaces.bounds == plain.plan.withoutPlaces.bounds)
    #expect(throws: PlanFileError.self) { try parse(text + "repair_bounds: false") }
  }

  @Test func `a plan written out reads back as the same plan`() throws {
    for (text, folder) in [(smallestPlan, ""), (Self.fullPlan, "campaigns/spring"), (Self.fullPlan, "/campaigns")] {
      let plan = try parse(text, folder: folder).plan
      let again = try PlanFile.parse(plan.yaml, source: "plan.yaml", folder: "").plan
      #expect(again.yaml == plan.yaml)
      #expect(again.withoutPlaces == plan.withoutPlaces)
    }
  }

  @Test func `a table of point curves is read as the plan says`() throws {
    let text =
      "posterior: {file: c.csv, format: curves, curves: {kind: hill_bottom KEYS}}\nhorizon: {num_periods: 4}\n"
    let plain = try parse(text.replacing(" KEYS", with: "")).plan
    #expect(plain.posterior.format == .curves)
    #expect(plain.posterior.curves == PointCurves(kind: .hillBottom, channelColumn: "channel"))
    let named = try parse(text.replacing(" KEYS", with: ", channel_column: \"on: air\"")).plan
    #expect(named.posterior.curves == PointCurves(kind: .hillBottom, channelColumn: "on: air"))
    for plan in [plain, named] {
      #expect(try parse(plan.yaml).plan.withoutPlaces == plan.withoutPlaces)
    }
    #expect(plain.yaml.contains("  format: curves\n  curves: {kind: hill_bottom, channel_column: channel}\n"))
  }

  @Test func `a plan written out says every default`() throws {
    #expect(
      try parse(smallestPlan + "budget: {total: 5e6}").plan.yaml == """
        posterior:
          file: model.nc
          format: auto
          group: posterior
          draws: all
        horizon:
          num_periods: 4
          # start: periods have numbers only
          step: week
          # carry_in: true where the posterior has a history
          carry_over: true
          include_history: false
        budget:
          total: 5000000
          spend: exactly
        # distribution: history where the posterior knows what was spent, else uniform
        # cost_per_unit: history where the posterior knows what was spent, else 1
        price: {}
        seasonality: {}
        decide:
          by: [channel]
          except: []
          hold: zero
        current: history
        measure: incremental
        response:
          window: all
        # outcome_value: the outcome is money
        # margin: all of the outcome's money is profit
        discount: 0
        labels:
          # currency: money has no name
          # outcome: the outcome has no name
        utility: mean
        bounds: {}
        repair_bounds: false
        constraints: []
        # target: the budget says how much is spent
        risk_limits: []
        # increment: the budget says how much is spent
        keep_in_observed_range: false
        # rounding: any amount of money
        mode: simultaneous
        sequential_budget: equal
        # locked_periods: none
        adstock_aware: true
        scenarios:
          budgets: [-20, -10, 0, 10, 20]
          scale_bounds: false
        reweight: []
        diagnostics:
          # folder: the sampler's own diagnostics only
          gate: warn
        solver:
          gap: 0.0001
          time_limit: 30
          seed: 1
          method: auto
        output:
          # folder: as the command says
          report: full
          loss_worse_than: []

        """)
  }

  @Test func `limits of every kind are read, and written out as they were read`() throws {
    let plan = try parse(
      smallestPlan
        + """
        budget: {total: 600, spend: {range: [300, 500]}}
        bounds: {default: {share: [0, 0.5]}, tv: {history: [0.5, null]}, radio: {relative: 0.2}, print: [null, 5]}
        constraints:
          - {group: [tv, radio], at_most: {share: 0.6}, name: "cap: all"}
          - {group: [tv/north], at_least: 5, at_most: 9}
          - {linear: {tv: 1, radio: {north: -0.5, south: 2}}, at_least: -5}
          - {linear: {tv: 2}, equal: 5}
          - {fixed: print, spend: 4}
          - {off_or_at_least: radio, spend: {share: 0.1}}
        rounding: {unit: 100}
        """
    ).plan
    #expect(plan.constraints.count == 6)
    #expect(plan.constraints[0].name == "cap: all")
    #expect(try parse(plan.yaml).plan.withoutPlaces == plan.withoutPlaces)
    let third = try #require(plan.constraints[2].rule as? LinearConstraint)
    #expect(third.terms.map(\.cell.value) == ["tv", "radio/north", "radio/south"])
    #expect(third.ends.atLeast?.value == .amount(-5) && third.ends.atMost == nil)
    let free = try parse(smallestPlan + "budget: {per_period: 6, spend: free}").plan
    #expect(free.budget?.spend == .free)
    #expect(try parse(free.yaml).plan.withoutPlaces == free.withoutPlaces)
  }

  @Test func `the plans that come with the product are right`() throws {
    for name in ["plan", "careful"] where name == "plan" || UtilityCatalogue.entry(named: "expected_shortfall") != nil {
      let path = packageRoot.appending(path: "data/weekly/\(name).yaml").path
      let reading = try PlanFile.read(path: path)
      #expect(reading.plan.horizon.periodCount.value == 13)
      #expect(reading.plan.budget?.total(periodCount: 13) == 2_488_278)
      #expect(reading.plan.horizon.start?.description == "2024-07-01")
      #expect(reading.plan.posterior.file.value.hasSuffix("/data/weekly/model.nc"))
      #expect(reading.warnings.isEmpty)
    }
  }

  @Test func `a file that is missing, a directory or no text is told apart from a wrong plan`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "plan-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
    let missing = folder.appending(path: "none.yaml").path
    #expect(throws: PlanFileError.missing(path: missing)) { try PlanFile.read(path: missing) }
    #expect(throws: PlanFileError.unreadable(path: folder.path, reason: "a directory")) {
      try PlanFile.read(path: folder.path)
    }
    let binary = folder.appending(path: "model.nc")
    try Data([0x89, 0x48, 0x44, 0x46, 0xFF, 0xFE]).write(to: binary)
    let error = #expect(throws: PlanFileError.self) { try PlanFile.read(path: binary.path) }
    #expect(error?.description == "\(binary.path): cannot be read as a plan: not text in UTF-8")
    let nowhere = binary.path + "/plan.yaml"
    #expect(throws: PlanFileError.unreadable(path: nowhere, reason: "a part of the path is no directory")) {
      try PlanFile.read(path: nowhere)
    }
  }
}
