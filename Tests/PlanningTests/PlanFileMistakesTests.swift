import Planning
import ResponseModel
import TestSupport
import Testing

/// The names of the catalogue as messages list them.
private let utilityNames: String = {
  let names = UtilityCatalogue.entries.map(\.name)
  return names.count == 1 ? names[0] : names.dropLast().joined(separator: ", ") + " or " + names[names.count - 1]
}()

/// The lines that a plan is refused with; empty where it is read.
func mistakes(_ text: String, settings: [String] = []) -> [String] {
  do {
    _ = try PlanFile.parse(text, source: "plan.yaml", folder: "", settings: settings)
    return []
  } catch {
    return error.description.split(separator: "\n").map(String.init)
  }
}

@Suite struct PlanFileMistakesTests {
  @Test func `every mistake of a plan is reported at once, in order, each with its place`() {
    let plan = """
      posterior: {file: model.nc, format: pymc, draws: 0}
      horizon:
        num_period: 13
        start: 2024-02-30
        carry_in: yes
      budgte: {total: 5}
      budget: {total: -5, per_period: 1}
      distribution:
        tv: [0.5, -0.5]
        ünï: [.nan, 1]
      cost_per_unit: {tv: 0, "ré dio": free}
      decide: {by: [channel, geo], except: [tv, tv], hold: on}
      measure: profits
      utility: {men: {}}
      bounds:
        tv: [5, 2]
        tv: [0, 1]
        social: {north: [0, 1], south: [0, 2]}
        print: {relativ: 0.3}
        radio: [-1, null]
      reweight: []
      solver: {gap: 0, time_limit: .inf}
      output: results
      """
    #expect(
      mistakes(plan) == [
        "plan.yaml:1:37: error: wrong value of posterior.format, expected auto, pymc-marketing, meridian, curves, cmdstan, csv, npz, generic, robyn or apportion, found 'pymc'",
        "plan.yaml:1:50: error: wrong value of posterior.draws, expected all or a whole number of at least 1, found 0",
        "plan.yaml:3:3: error: unknown key in horizon, expected num_periods, start, step, carry_in, carry_over or include_history, found 'num_period'; did you mean 'num_periods'?",
        "plan.yaml:3:3: error: horizon lacks num_periods, expected a whole number from 1 to 10000, found nothing",
        "plan.yaml:4:10: error: wrong value of horizon.start, expected a day such as 2024-07-01, found '2024-02-30'",
        "plan.yaml:5:13: error: wrong value of horizon.carry_in, expected true or false, found 'yes'",
        "plan.yaml:6:1: error: unknown key, expected posterior, horizon, budget, distribution, cost_per_unit, price, seasonality, decide, current, measure, response, outcome_value, margin, discount, labels, utility, bounds, repair_bounds, constraints, target, risk_limits, increment, keep_in_observed_range, rounding, mode, sequential_budget, locked_periods, adstock_aware, scenarios, diagnostics, solver or output, found 'budgte'; did you mean 'budget'?",
        "plan.yaml:7:17: error: wrong value of budget.total, expected an amount of money above 0, found -5",
        "plan.yaml:7:21: error: budget says too much, expected only one of total, per_period, found 2 of them",
        "plan.yaml:9:13: error: wrong value of distribution.tv[2], expected a share of at least 0, found -0.5",
        "plan.yaml:10:9: error: wrong value of distribution.ünï[1], expected a share of at least 0, found .nan",
        "plan.yaml:11:21: error: wrong value of cost_per_unit.tv, expected a cost above 0 or a list of them, one a period, found 0",
        "plan.yaml:11:34: error: wrong value of cost_per_unit.ré dio, expected a cost above 0 or a list of them, one a period, found 'free'",
        "plan.yaml:12:43: error: duplicate channel in decide.except, expected each once, found 'tv' again",
        "plan.yaml:12:54: error: wrong value of decide.hold, expected zero or current, found 'on'",
        "plan.yaml:13:10: error: wrong value of measure, expected incremental, response, profit, lift or roi, found 'profits'; did you mean 'profit'?",
        "plan.yaml:14:11: error: unknown name in utility, expected \(utilityNames), found 'men'; did you mean 'mean'?",
        "plan.yaml:16:8: error: bounds.tv holds nothing, expected a lower end of at most 2, found 5",
        "plan.yaml:17:3: error: duplicate key 'tv', expected it once, found it again after line 16",
        "plan.yaml:19:11: error: unknown key in bounds.print, expected relative, share or history, found 'relativ'; did you mean 'relative'?",
        "plan.yaml:20:11: error: wrong value of bounds.radio, lower, expected an amount of money of at least 0, or null, found -1",
        "plan.yaml:21:1: error: reweight is not supported by this version: every draw weighs the same",
        "plan.yaml:22:15: error: wrong value of solver.gap, expected a share above 0, found 0",
        "plan.yaml:22:30: error: wrong value of solver.time_limit, expected a number of seconds above 0, found .inf",
        "plan.yaml:23:9: error: wrong value of output, expected a mapping of folder and report, found 'results'",
      ])
  }

  /// A plan that is right, up to what is appended.
  private let right = "posterior: {file: model.nc}\nhorizon: {num_periods: 4}\n"

  @Test(arguments: [
    ("", "plan.yaml:1:1: error: empty file, expected a plan: a mapping with posterior and horizon, found nothing"),
    (
      "# only a comment\n",
      "plan.yaml:1:1: error: empty file, expected a plan: a mapping with posterior and horizon, found nothing"
    ),
    (
      "- a\n- b\n",
      "plan.yaml:1:1: error: wrong file, expected a plan: a mapping with posterior and horizon, found a list"
    ),
    (
      "just words",
      "plan.yaml:1:1: error: wrong file, expected a plan: a mapping with posterior and horizon, found 'just words'"
    ),
    ("posterior:\n\tfile: x\n", "plan.yaml:2:1: error: not YAML, expected spaces for indentation, found a tab"),
    (
      "a: 1\n---\nb: 2\n",
      "plan.yaml:2:1: error: not YAML: expected a single document in the stream, but found another document"
    ),
    ("posterior: *m\n", "plan.yaml:1:12: error: not YAML: found undefined alias"),
    (
      "posterior: {file: a\n",
      "plan.yaml:2:1: error: not YAML: while parsing a flow mapping, did not find expected ',' or '}'"
    ),
    ("a: \u{7}\n", "plan.yaml:1:4: error: not YAML: control characters are not allowed"),
    ("é\nb: \u{7}\n", "plan.yaml:2:4: error: not YAML: control characters are not allowed"),
  ])
  func `what is no plan at all is refused in one sentence`(text: String, line: String) {
    #expect(mistakes(text) == [line])
  }

  @Test func `a plan lacks what it cannot be without`() {
    #expect(
      mistakes("budget: {total: 5}") == [
        "plan.yaml:1:1: error: the plan lacks posterior, expected a mapping with file, found nothing",
        "plan.yaml:1:1: error: the plan lacks horizon, expected a mapping with num_periods, found nothing",
      ])
    #expect(
      mistakes("posterior:\nhorizon: {}\nbudget:\n") == [
        "plan.yaml:1:1: error: posterior lacks file, expected a path or a list of paths, found nothing",
        "plan.yaml:2:10: error: horizon lacks num_periods, expected a whole number from 1 to 10000, found nothing",
        "plan.yaml:3:1: error: budget is incomplete, expected total or per_period, found neither",
      ])
  }

  @Test(arguments: [
    (
      "format: curves",
      [
        "30: error: posterior lacks curves, expected curves: {kind: …} beside format: curves, the kind being hill_bottom, sigmoid or michaelis_menten, or a model, found nothing"
      ]
    ),
    (
      "curves: {kind: sigmoid}",
      ["22: error: posterior.curves is for point curves, expected format: curves beside it, found no format"]
    ),
    (
      "format: auto, curves: {kind: sigmoid}",
      ["36: error: posterior.curves is for point curves, expected format: curves beside it, found format: auto"]
    ),
    (
      "format: curvse, curves: {kind: michaelis-menten}",
      [
        "30: error: wrong value of posterior.format, expected auto, pymc-marketing, meridian, curves, cmdstan, csv, npz, generic, robyn or apportion, found 'curvse'; did you mean 'curves'?",
        "53: error: wrong value of posterior.curves.kind, expected hill_bottom, sigmoid or michaelis_menten, found 'michaelis-menten'; did you mean 'michaelis_menten'?",
      ]
    ),
    (
      "format: curves, curves: {channel_column: }",
      [
        "46: error: posterior.curves lacks kind, expected hill_bottom, sigmoid or michaelis_menten, or posterior.model beside it, found nothing",
        "47: error: wrong value of posterior.curves.channel_column, expected the name of a column, found nothing",
      ]
    ),
  ])
  func `the format of curves and what says how they are read go together`(keys: String, lines: [String]) {
    #expect(mistakes("posterior: {file: c, \(keys)}\nhorizon: {num_periods: 4}") == lines.map { "plan.yaml:1:\($0)" })
  }

  @Test(arguments: [
    ("num_periods: 0", "0"), ("num_periods: -3", "-3"), ("num_periods: 2.5", "2.5"), ("num_periods: .nan", ".nan"),
    ("num_periods: 1e99", "1e99"), ("num_periods: thirteen", "'thirteen'"), ("num_periods: \"13\"", "'13'"),
    ("num_periods: [13]", "a list"), ("num_periods: true", "true"), ("num_periods: null", "null"),
  ])
  func `a number of periods is a whole number of at least one`(key: String, found: String) {
    let found = found == "null" ? "nothing" : found
    #expect(
      mistakes("posterior: {file: model.nc}\nhorizon: {\(key)}") == [
        "plan.yaml:2:24: error: wrong value of horizon.num_periods, expected a whole number from 1 to 10000, found \(found)"
      ])
  }

  @Test(arguments: [
    "-1", "0", ".inf", "-.inf", ".nan", "1e999", "lots", "\"5\"", "1,000", "0x10", "010", "1e", "_1", "true",
  ])
  func `a budget is a finite amount of money above zero`(amount: String) {
    let found =
      ["lots", "0x10", "010", "1e", "_1"].contains(amount) ? "'\(amount)'" : amount == "\"5\"" ? "'5'" : amount
    let lines = mistakes(right + "budget: {total: \(amount)}")
    if amount == "1,000" {
      // A comma ends an entry of a flow mapping.
      #expect(lines.count == 1 && lines[0].hasPrefix("plan.yaml:3:19: error: unknown key in budget"))
    } else {
      #expect(
        lines == [
          "plan.yaml:3:17: error: wrong value of budget.total, expected an amount of money above 0, found \(found)"
        ])
    }
  }

  @Test func `duplicate keys are found at every level, however often they stand`() {
    let plan = """
      posterior: {file: a.nc, file: b.nc, 'file': c.nc}
      horizon: {num_periods: 2}
      budget: {total: 5}
      budget: {total: 6}
      "budget": {total: 7}
      current:
        Köln: 1
        Köln: -2
      """
    #expect(
      mistakes(plan) == [
        "plan.yaml:1:25: error: duplicate key 'file', expected it once, found it again after line 1",
        "plan.yaml:1:37: error: duplicate key 'file', expected it once, found it again after line 1",
        "plan.yaml:4:1: error: duplicate key 'budget', expected it once, found it again after line 3",
        "plan.yaml:5:1: error: duplicate key 'budget', expected it once, found it again after line 3",
        "plan.yaml:8:3: error: duplicate key 'Köln', expected it once, found it again after line 7",
      ])
  }

  @Test func `columns count characters as Unicode does, not bytes`() {
    #expect(
      mistakes(right + "current: {Ünïcødé: 1, \"📻 näher\": -1}") == [
        "plan.yaml:3:34: error: wrong value of current.📻 näher, expected an amount of money of at least 0 or a list of them, one a period, found -1"
      ])
  }

  @Test(arguments: [
    "reweight"
  ])
  func `a key of a later version is refused with a sentence, not as an unknown one`(key: String) throws {
    let lines = mistakes(right + "\(key): 1")
    #expect(lines.count == 1)
    let line = try #require(lines.first)
    #expect(line.hasPrefix("plan.yaml:3:1: error: \(key) is not supported by this version: "))
  }

  @Test(arguments: [
    ("solver: {method: interior_point}", "3:18: error: solver.method: interior_point is")
  ])
  func `a value of a later version is refused with a sentence`(text: String, start: String) throws {
    let lines = mistakes(text.hasPrefix("posterior") ? text : right + text)
    #expect(lines.count == 1)
    let line = try #require(lines.first)
    #expect(line.hasPrefix("plan.yaml:\(start) not supported by this version: "))
  }

  @Test(arguments: [
    ("bounds: {tv: [5, 1]}", "3:15: error: bounds.tv holds nothing, expected a lower end of at most 1, found 5"),
    (
      "bounds: {default: [-1, 1]}",
      "3:20: error: wrong value of bounds.default, lower, expected an amount of money of at least 0, or null, found -1"
    ),
    (
      "bounds: {tv: [1]}",
      "3:14: error: wrong value of bounds.tv, expected [lower, upper], each an amount of money of at least 0 or null, found a list"
    ),
    (
      "bounds: {tv: 5}",
      "3:14: error: wrong value of bounds.tv, expected [lower, upper], each an amount of money of at least 0 or null, {lower: money, upper: money} or {relative: share}, {share: [lower, upper]} or {history: [lower, upper]}, found 5"
    ),
    (
      "bounds: {tv: {relative: -0.1}}",
      "3:25: error: wrong value of bounds.tv.relative, expected a share of at least 0, found -0.1"
    ),
    (
      "bounds: {tv: {}}",
      "3:14: error: bounds.tv is incomplete, expected relative, share or history, found none of them"
    ),
    (
      "bounds: {tv: {share: [0.5, 0.2]}}",
      "3:23: error: bounds.tv holds nothing, expected a lower end of at most 0.2, found 0.5"
    ),
    (
      "budget: {total: 5, spend: {range: [2, 1]}}",
      "3:36: error: budget.spend.range holds nothing, expected a lower end of at most 1, found 2"
    ),
    (
      "constraints: [{grup: [tv], at_most: 5}]",
      "3:15: error: unknown kind of constraints[1], expected a key group, linear, fixed, off_or_at_least, period, ramp, dark or flight, found 'grup', 'at_most'; did you mean 'group'?"
    ),
    (
      "constraints: [{group: [tv], at_mots: 5}]",
      "3:29: error: unknown key in constraints[1], expected group, at_most, at_least, equal, periods or name, found 'at_mots'; did you mean 'at_most'?"
    ),
    (
      "constraints: [{group: [tv]}]",
      "3:15: error: constraints[1] is incomplete, expected at_most, at_least or equal, found none of them"
    ),
    (
      "constraints: [{group: [tv], equal: 5, at_most: 5}]",
      "3:15: error: constraints[1] says too much, expected equal alone, found at_most, equal"
    ),
    (
      "constraints: [{linear: {tv: 1}, at_least: 5, at_most: 4}]",
      "3:43: error: constraints[1] holds nothing, expected at_least of at most 4, found 5"
    ),
    (
      "constraints: [{fixed: tv}]",
      "3:15: error: constraints[1] lacks spend, expected an amount of money of at least 0 or {share: share}, found nothing"
    ),
    (
      "distribution: {tv: [0.5, 0.5]}",
      "3:20: error: wrong length of distribution.tv, expected 4 numbers, one a period, found 2"
    ),
    (
      "distribution: {tv: [0.25, 0.25, 0.25, 0.24]}", "3:21: error: wrong shares of tv, expected a sum of 1, found 0.99"
    ),
    (
      "distribution: {tv: 0.25}",
      "3:20: error: wrong value of distribution.tv, expected a list of shares, one a period, found 0.25"
    ),
    (
      "distribution: flat",
      "3:15: error: wrong value of distribution, expected uniform, history, {file: path} or {channel: [shares]}, found 'flat'"
    ),
    (
      "cost_per_unit: {tv: [1, 2]}",
      "3:21: error: wrong length of cost_per_unit.tv, expected 4 numbers, one a period, found 2"
    ),
    ("decide: {by: []}", "3:14: error: wrong number of entries in decide.by, expected from 1 to 100, found 0"),
    ("utility: {mean: {}, sum: {}}", "3:21: error: unknown name in utility, expected \(utilityNames), found 'sum'"),
    (
      "output: {report: ful}",
      "3:18: error: wrong value of output.report, expected full, figures or tables, found 'ful'; did you mean 'full'?"
    ),
    ("solver: {seed: -1}", "3:16: error: wrong value of solver.seed, expected a whole number of at least 0, found -1"),
    ("? [a, b]\n: 1", "3:3: error: not a key, expected a name, found a list or a mapping"),
  ])
  func `a mistake is told with its place, what was expected and what was found`(text: String, line: String) {
    #expect(mistakes(right + text).first == "plan.yaml:\(line)" || mistakes(right + text).last == "plan.yaml:\(line)")
  }

  @Test func `every beginning of a plan is read or refused, and none ends the program`() throws {
    let plan = """
      posterior: {file: "mödel.nc", draws: 500}
      horizon: &h
        num_periods: 4
        start: 2024-07-01
      distribution: {tv: [0.4, 0.3, 0.2, 0.1], 'rädio': [1, 0, 0, 0]}
      budget: {total: 1_000.5e3}   # money
      utility: {mean: {}}
      bounds:
        default: {relative: 0.5}
        tv: [0, null]
      """
    #expect(mistakes(plan).isEmpty)
    for end in plan.unicodeScalars.indices {
      let beginning = String(plan.unicodeScalars[..<end])
      for line in mistakes(beginning) {
        #expect(line.hasPrefix("plan.yaml:"))
      }
    }
  }

  @Test func `deep nesting and aliases of aliases are refused, and soon`() {
    #expect(!mistakes(String(repeating: "[", count: 100_000)).isEmpty)
    #expect(!mistakes("a: " + String(repeating: "{a: ", count: 900) + "1" + String(repeating: "}", count: 900)).isEmpty)
    #expect(!mistakes(String(repeating: "- ", count: 5_000)).isEmpty)
    var bomb = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
    for level in 1...30 {
      let aliases = (0..<9).map { _ in "*a\(level - 1)" }.joined(separator: ", ")
      bomb += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let lines = mistakes(bomb + "? *a30\n: 1\n")
    #expect(lines.count == 1 && lines[0].contains("too large"))
    #expect(mistakes("a: " + String(repeating: "x", count: 1_000_001)).first?.contains("too large") == true)
  }

  @Test func `a channel's numbers may be repeated by an alias`() throws {
    let plan = right + "distribution: {tv: &flat [0.25, 0.25, 0.25, 0.25], search: *flat, radio: *flat}"
    let reading = try PlanFile.parse(plan, source: "plan.yaml", folder: "")
    guard case .shares(let series) = reading.plan.distribution else {
      Issue.record("no shares were read")
      return
    }
    #expect(series.map(\.cell.value) == ["tv", "search", "radio"])
    #expect(series.allSatisfy { $0.values.map(\.value) == [0.25, 0.25, 0.25, 0.25] })
  }

  /// Every part of a plan, in YAML and in JSON.
  private static let plans = [
    """
    posterior: {file: model.nc}
    horizon: {num_periods: 6, start: 2024-07-29, step: week}
    budget: {total: 4000, spend: {range: [3000, 4000]}}
    distribution: {tv: [0.4, 0.3, 0.1, 0.1, 0.05, 0.05]}
    cost_per_unit: {"ré dio": 0.5}
    price: {search: {tiers: [[0, 1.0], [50, 1.2]]}}
    decide: {by: [channel, geo]}
    bounds: {tv: [0, 500], search: {north: [0, 800], south: {relative: 0.5}}}
    constraints:
      - {group: [tv, search], at_most: {share: 0.6}, name: cap}
      - {off_or_at_least: radio, spend: 100}
    utility: {expected_shortfall: {tail: 0.1}}
    """,
    #"{"posterior": {"file": "model.nc"}, "horizon": {"num_periods": 6}, "budget": {"total": 4e3}, "bounds": {"tv": [0, null]}}"#,
  ]

  @Test(arguments: plans) func `cut at any hundredth or with any byte changed a plan is read, or told what is wrong`(
    plan: String
  ) {
    #expect(mistakes(plan) == [])
    let whole = Array(plan.utf8)
    var twins = (0..<100).map { Array(whole[..<(whole.count * $0 / 100)]) }
    var random = Xorshift(seed: 5)
    for _ in 0..<300 {
      var twin = whole
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let marks = Array("{}[],:#&*!|>'\"%@`-? \n\t~".utf8) + [0, 0x80, 0xFF]
        let place = Int.random(in: 0..<twin.count, using: &random)
        twin[place] = Bool.random(using: &random) ? marks.randomElement(using: &random) ?? 0 : twin[place] ^ 1
      }
      twins.append(twin)
    }
    for twin in twins {
      for line in mistakes(String(decoding: twin, as: UTF8.self)) {
        #expect(line.hasPrefix("plan.yaml:") && line.contains("error: "), "\(line)")
      }
    }
  }
}
