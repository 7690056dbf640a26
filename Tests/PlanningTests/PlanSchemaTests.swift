import Foundation
import ResponseModel
import Testing

@testable import Planning

@Suite struct PlanSchemaTests {
  /// Set `WRITE_SCHEMA=1` to write the file anew after a change of the keys.
  @Test func `the schema that ships is the one that the keys make`() throws {
    let file = packageRoot.appending(path: "Documentation/plan.schema.json")
    if ProcessInfo.processInfo.environment["WRITE_SCHEMA"] != nil { try Data(PlanSchema.text.utf8).write(to: file) }
    #expect(try String(contentsOf: file, encoding: .utf8) == PlanSchema.text)
  }

  private static let good = [
    "", "bounds:\ndecide:\nsolver:\noutput: {}\n", "budget: {total: 5}", "budget: {per_period: 0.5, spend: at_most}",
    "distribution: uniform", "distribution: history", "distribution: {tv: [0.5, 0.5]}", "cost_per_unit: {}",
    "cost_per_unit: {tv: 2, radio: [1, 2]}", "decide: {by: [channel], except: [tv, radio], hold: current}",
    "current: history", "current: {tv: 0}", "measure: response", "measure: profit",
    "response: {channels: [tv], window: [1, 2]}",
    "response: {window: all, geos: all}", "response: {window: [2024-07-01, 2024-07-08]}", "outcome_value: 12.5",
    "margin: [0.4, 0.3]",
    "discount: 0.002", "labels: {currency: EUR, outcome: orders}", "utility: mean", "utility: {mean: {}}",
    "utility: {mean: }",
    "bounds: {default: {relative: 0}, tv: [0, null], radio: [null, 5]}",
    "bounds: {tv: {north: [0, 1], south: {relative: 0.5}}}", "cost_per_unit: history",
    "cost_per_unit: {tv: {north: 2}}",
    "decide: {by: [channel, geo]}", "distribution: {tv: {north: [0.5, 0], south: [0, 0.5]}}",
    "current: {tv: {north: 1}}",
    "solver: {gap: 0.1, time_limit: 0.5, seed: 0, method: auto}",
    "output: {folder: out, report: tables}", "budget: {total: 1, spend: free}", "rounding: {unit: 0.01}",
    "budget: {total: 1, spend: {range: [1, 2]}}", "constraints:\n  []",
    "bounds: {default: {share: [0, 0.5]}, tv: {history: [0.5, null]}}",
    "constraints: [{group: [tv, radio], at_most: {share: 0.6}, name: cap}, {linear: {tv: 1, radio: {north: -0.5}}, at_least: -5}]",
    "constraints: [{fixed: tv, spend: 5}, {off_or_at_least: radio, spend: {share: 0.1}, name: least}]",
    "constraints: [{group: [tv], equal: 5}, {linear: {tv: 2}, at_least: 0, at_most: 9}]",
    "decide: {by: [channel, period]}\nconstraints: [{ramp: tv, up: {share: 0.2}, down: {amount: 5}, from: free, from_zero: 3}, {ramp: [tv, radio], up: 5}]",
    "decide: {by: [channel, period]}\nconstraints: [{period: 2, at_most: 5}, {period: each, at_most: 9}, {period: [1, 2], at_least: 0}, {dark: tv, periods: [2]}]",
    "decide: {by: [channel, period]}\nconstraints: [{fixed: tv, spend: 5, periods: [1, 2]}, {flight: tv, on_at_least: 2, off_at_least: 1, spend: 1}, {group: [tv], periods: [1], equal: 5}]",
    "seasonality: none", "seasonality: {tv: [1, 2], radio: 0.5}",
    "scenarios: {budgets: [-50, 0], scale_bounds: true}", "scenarios: {amounts: [5, 1e6]}", "scenarios:",
    "diagnostics: {folder: checks, gate: off}",
  ]

  private static let bad = [
    "scenarios: [0]", "scenarios: {budgets: [-100]}", "scenarios: {budgets: []}", "scenarios: {amounts: [0]}",
    "scenarios: {scale_bounds: maybe}", "diagnostics: {folder: 5}", "budgte: 1", "rounding: 100", "rounding: {unit: 0}",
    "rounding: {}", "constraints: {}", "constraints: [5]",
    "constraints: [{}]",
    "constraints: [{group: tv, at_most: 5}]", "constraints: [{group: [], at_most: 5}]",
    "constraints: [{group: [tv], at_most: -5}]", "constraints: [{group: [tv], at_most: {part: 0.5}}]",
    "constraints: [{linear: {tv: x}, at_most: 5}]", "constraints: [{linear: [tv], at_most: 5}]",
    "constraints: [{linear: {tv: 1e10}, at_most: 5}]", "constraints: [{fixed: tv}]",
    "constraints: [{fixed: tv, spend: 5, periods: 1}]", "constraints: [{fixed: tv, spend: 5, at_most: 6}]",
    "constraints: [{ramp: tv, down: {share: 1.2}}]", "constraints: [{period: [], at_most: 5}]",
    "constraints: [{dark: tv}]", "constraints: [{flight: tv, on_at_least: 0}]", "seasonality: {tv: [-1]}",
    "constraints: [{off_or_at_least: [tv], spend: 5}]", "constraints: [{ramp: tv, up: {share: 0.2, amount: 5}}]",
    "constraints: [{group: [tv], at_most: 5, name: 5}]", "bounds: {tv: {share: 0.5}}",
    "bounds: {tv: {share: [0, 1], relative: 0.5}}", "budget: {total: 1, spend: {range: 5}}",
    "budget: {total: 1, spend: {range: [1, null]}}", "budget:", "budget: {}", "budget: {total: 1, per_period: 1}",
    "budget: {total: 0}",
    "budget: {total: five}", "budget: {total: 1, spend: some}",
    "budget: 5",
    "distribution: flat", "distribution:", "distribution: {tv: 0.5}", "distribution: {tv: [0.5, -0.5]}",
    "distribution: {file: 5}", "distribution: {file: f.csv, tv: [1, 0]}", "cost_per_unit: observed",
    "cost_per_unit: {tv: {north: 0}}", "current: {tv: {north: -1}}", "bounds: {tv: {north: {relative: -1}}}",
    "cost_per_unit: {tv: 0}", "cost_per_unit: {tv: [1, 0]}", "cost_per_unit: 5", "decide: {by: []}",
    "decide: {by: channel}", "decide: {by: [5]}", "decide: {except: tv}", "decide: {except: [5]}",
    "decide: {hold: off}", "current: {tv: -1}", "current: 5", "measure: profits", "response: {window: [1]}",
    "response: {channels: tv}", "margin: -1", "discount: -0.1",
    "labels: {money: EUR}", "outcome_value: [a]", "measure: true", "utility: men",
    "utility: {}", "utility: {men: {}}", "utility: {mean: {tial: 0.1}}", "utility: {mean: 5}", "utility: [mean]",
    "bounds: {tv: 5}", "bounds: {tv: [1]}", "bounds: {tv: [1, 2, 3]}", "bounds: {tv: [-1, 2]}", "bounds: {tv: [a, 2]}",
    "bounds: {tv: {relative: -1}}", "bounds: {tv: {}}", "bounds: {default: 5}",
    "bounds: [0, 1]", "solver: {gap: 0}", "solver: {time_limit: 0}", "solver: {seed: 0.5}", "solver: {method: sqp}",
    "output: results", "output: {folder: \"\"}", "output: {report: all}",
  ]

  private static let goodHeads = [
    "file: m.nc, format: auto", "file: m.nc, format: pymc-marketing", "file: m.nc, format: apportion, draws: 100",
    "file: c.csv, format: curves, curves: {kind: sigmoid}",
    "file: c.csv, format: curves, curves: {kind: hill_bottom, channel_column: medium}, draws: 1",
    "file: [a.csv, b.csv], format: cmdstan, model: {saturation: {linear: {beta: b}}}",
    "file: c.csv, format: curves, model: {saturation: {linear: {beta: b}}}",
    "file: c.csv, format: curves, curves: {channel_column: medium}, model: {saturation: {linear: {beta: 1}}}",
    "file: m.npz, model: {dims: [channel, geo], channels: [tv], labels: {geo: [n, s]}, saturation: {hill: {beta: b, kappa: k, slope: 1.5}}, carryover: {geometric: {alpha: a}, window: infinite}, channel_scale: {tv: 2}, outcome_scale: s}",
    "file: m.nc, format: generic, model: {saturation: {log: {hill: {beta: b, kappa: k, slope: 1}}, tv: {linear: {beta: b}}}, carryover: {log: none, tv: {delayed: {alpha: 0.5, theta: t}, window: 4, normalize: false, order: saturation_first}}}",
    "file: m.npz, model: {saturation: {linear: {beta: b}}, carryover: none, channel_scale: k}",
    "file: m.nc, format: meridian, group: prior, data: {file: d.csv, geo: geo, kpi: s, media: '{channel}'}, meridian: {max_lag: 0, adstock: {tv: binomial}, saturation: none, hill_before_adstock: true, frequency: {video: 2.5}}",
    "file: m.nc, data: {file: d.csv, kpi: s}, meridian: {max_lag: 8, adstock: binomial, saturation: {tv: hill}, frequency: 2}",
  ].map { "posterior: {\($0)}\nhorizon: {num_periods: 2}" }

  private static let badHeads =
    [
      "posterior: {file: m.nc}", "horizon: {num_periods: 2}", "posterior: m.nc\nhorizon: {num_periods: 2}",
      "posterior:\nhorizon: {num_periods: 2}", "posterior: {file: m.nc}\nhorizon:", "[]", "5", "{}",
    ]
    + [
      "file: 5", "file: []", "file: [5]", "file: m.nc, format: meridan", "file: m.nc, group: both",
      "file: m.nc, data: {file: d.csv}, meridian: {max_lag: 8}",
      "file: m.nc, data: {file: d.csv, kpi: s}, meridian: {}",
      "file: m.nc, data: {file: d.csv, kpi: s}, meridian: {max_lag: 8, adstock: {tv: delayed}}",
      "file: m.nc, data: {file: d.csv, kpi: s}, meridian: {max_lag: 8, frequency: {tv: 0}}", "file: m.nc, draws: 0",
      "file: m.nc, draws: few", "file: m.nc, draws: 1.5", "file: m.nc, model: {}", "format: auto",
      "file: c.csv, format: curves, curves: {kind: hill}", "file: c.csv, format: curves, curves: sigmoid",
      "file: c.csv, format: curves, curves: {kind: sigmoid, channel_column: 5}",
      "file: c.csv, format: curves, curves: {kind: sigmoid, columns: {}}",
    ].map { "posterior: {\($0)}\nhorizon: {num_periods: 2}" }
    + [
      "{}", "{saturation: {}}", "{saturation: hill}", "{saturation: {hill: {beta: b}}}",
      "{saturation: {linear: {beta: }}}",
      "{saturation: {linear: {beta: b}, log: {beta: b}}}", "{saturation: {linaer: {beta: b}}}",
      "{saturation: {tv: {linaer: {beta: b}}}}", "{saturation: {hill: {beta: b, kappa: -1, slope: 1}}}",
      "{saturation: {linear: {beta: [b]}}}", "{dims: [], saturation: {linear: {beta: b}}}",
      "{channels: tv, saturation: {linear: {beta: b}}}", "{labels: {geo: n}, saturation: {linear: {beta: b}}}",
      "{saturation: {linear: {beta: b}}, carryover: geometric}",
      "{saturation: {linear: {beta: b}}, carryover: {geometric: {alpha: a}}}",
      "{saturation: {linear: {beta: b}}, carryover: {window: 4}}",
      "{saturation: {linear: {beta: b}}, carryover: {geometric: {alpha: 1.5}, window: 4}}",
      "{saturation: {linear: {beta: b}}, carryover: {geometric: {alpha: a}, window: 0}}",
      "{saturation: {linear: {beta: b}}, carryover: {geometric: {alpha: a}, window: 4, order: none}}",
      "{saturation: {linear: {beta: b}}, channel_scale: 0}",
      "{saturation: {linear: {beta: b}}, channel_scale: {tv: 0}}",
    ].map { "posterior: {file: m.npz, model: \($0)}\nhorizon: {num_periods: 2}" }
    + [
      "start: 2024-07-01", "num_periods: 0", "num_periods: 1.5", "num_periods: x", "num_periods: 10001",
      "num_periods: 2, start: 2024-13-01", "num_periods: 2, start: 20240701", "num_periods: 2, step: year",
      "num_periods: 2, carry_in: yes", "num_periods: 2, carry_over: 1", "num_periods: 2, include_history: 'true'",
    ].map { "posterior: {file: m.nc}\nhorizon: {\($0)}" }

  /// What the schema cannot say: see `PlanSchema.text`.
  private static let laxer = [
    "distribution: {tv: [0.5, 0.4]}", "distribution: {tv: [1]}", "cost_per_unit: {tv: [1, 2, 3]}",
    "bounds: {tv: [2, 1]}", "bounds: {tv: {share: [2, 1]}}", "budget: {total: 1, spend: {range: [2, 1]}}",
    "constraints: [{group: [tv]}]", "constraints: [{group: [tv], equal: 5, at_most: 6}]",
    "constraints: [{group: [tv], at_least: 5, at_most: 4}]", "constraints: [{linear: {}, at_most: 5}]",
    "constraints: [{fixed: tv, spend: 5, name: a}, {fixed: radio, spend: 5, name: a}]",
    "decide: {except: [tv, tv]}", "decide: {by: [geo, geo]}", "decide: {by: [period]}",
    "distribution: {file: missing.csv}",
  ]

  private static let laxerHeads = [
    "file: m.nc, curves: {kind: sigmoid}", "file: c.csv, format: curves",
    "file: c.csv, format: pymc-marketing, curves: {kind: sigmoid}",
    "file: c.csv, format: curves, curves: {}", "file: c.csv, format: csv",
    "file: c.csv, format: curves, curves: {channel_column: medium}",
    "file: m.nc, format: pymc-marketing, model: {saturation: {linear: {beta: b}}}",
    "file: c.csv, format: curves, curves: {kind: sigmoid}, model: {saturation: {linear: {beta: b}}}",
    "file: c.csv, model: {dims: [geo], saturation: {linear: {beta: b}}}",
    "file: c.csv, model: {channels: [tv, tv], saturation: {linear: {beta: b}}}",
    "file: c.csv, model: {labels: {geo: [n]}, saturation: {linear: {beta: b}}}",
    "file: c.csv, model: {saturation: {linear: {beta: b}}, carryover: {weibull_cdf: {lam: l, k: 1}, window: infinite}}",
  ].map { "posterior: {\($0)}\nhorizon: {num_periods: 2}" }

  private static let head = "posterior: {file: m.nc}\nhorizon: {num_periods: 2, start: 2024-07-01}\n"

  @Test func `reader and schema accept the same plans`() throws {
    let schema = try SchemaValidator()
    for plan in Self.good.map({ Self.head + $0 }) + Self.goodHeads {
      #expect(mistakes(plan) == [])
      #expect(try schema.accepts(plan), "\(plan)")
    }
  }

  @Test func `reader and schema refuse the same plans`() throws {
    let schema = try SchemaValidator()
    for plan in Self.bad.map({ Self.head + $0 }) + Self.badHeads {
      #expect(!mistakes(plan).isEmpty, "\(plan)")
      #expect(try !schema.accepts(plan), "\(plan)")
    }
  }

  @Test func `where the schema is laxer than the reader is known`() throws {
    let schema = try SchemaValidator()
    let dates = Self.head.replacing("2024-07-01", with: "2024-02-30")
    for plan in Self.laxer.map({ Self.head + $0 }) + Self.laxerHeads + [dates] {
      #expect(!mistakes(plan).isEmpty, "\(plan)")
      #expect(try schema.accepts(plan), "\(plan)")
    }
  }

  @Test func `every key says what it means, and the defaults are those of a plan that says nothing`() throws {
    let plan = try PlanFile.parse(Self.head, source: "plan.yaml", folder: "").plan
    let written = try #require(PlanText(plan.yaml, source: "").root)
    func compare(_ mapping: PlanMapping, _ node: PlanNode) throws {
      for key in mapping.keys {
        #expect(!key.meaning.isEmpty, "\(key.name)")
        if let fallback = key.fallback {
          let said = try #require(node[key.name], "\(key.name)")
          let expected = try #require(PlanText(fallback, source: "").root)
          #expect(JSONValue(said).text(indentation: "") == JSONValue(expected).text(indentation: ""), "\(key.name)")
        } else if case .mapping(let inner) = key.shape, let section = node[key.name] {
          try compare(inner, section)
        }
      }
    }
    try compare(PlanKeys.root, written)
  }
}

/// Utilities' options, checked on one that no catalogue has.
@Suite struct PlanUtilityTests {
  private static let plain = UtilityEntry(name: "plain", summary: "without options") { _ in Mean() }

  private static let entry = UtilityEntry(
    name: "made_up", summary: "for this test",
    options: [
      UtilityEntry.Option(
        "level", "a level",
        .number(lower: 0, upper: 1, lowerIncluded: false, upperIncluded: true, inWords: "a share above 0, at most 1")),
      UtilityEntry.Option(
        "weight", "a weight",
        .number(
          lower: 0, upper: .infinity, lowerIncluded: true, upperIncluded: false, inWords: "a number of at least 0"),
        defaultValue: .number(2)),
      UtilityEntry.Option("compat", "whose estimator", .words(["exact", "pymc"]), defaultValue: .word("exact")),
      UtilityEntry.Option("sign", "a word that may be left out", .words(["up", "down"]), mayBeLeftOut: true),
      UtilityEntry.Option(
        "tail", "a tail",
        .number(lower: 0, upper: 1, lowerIncluded: false, upperIncluded: true, inWords: "a share above 0, at most 1")),
      UtilityEntry.Option(
        "quantile", "a quantile",
        .number(lower: 0, upper: 1, lowerIncluded: true, upperIncluded: true, inWords: "a share")),
    ], alternatives: [["tail", "quantile"]]
  ) { _ in Mean() }

  private func mistakes(_ utility: String) throws -> [String] {
    let root = try #require(PlanText(utility, source: "plan.yaml").root)
    var check = PlanCheck()
    check.check(root, .utility([Self.plain, Self.entry]), path: "utility")
    return check.problems.map(\.description)
  }

  @Test(arguments: [
    "plain", "{plain: {}}", "{made_up: {level: 1, tail: 0.1}}",
    "{made_up: {level: 0.5, quantile: 0, weight: 0, compat: pymc, sign: up}}",
  ])
  func `a utility with options in their domains is right`(utility: String) throws {
    #expect(try mistakes(utility) == [])
  }

  @Test(arguments: [
    (
      "plian",
      "1:1: error: unknown name in utility, expected plain or made_up, found 'plian'; did you mean 'plain'?"
    ),
    (
      "made_up",
      "1:1: error: utility.made_up lacks level, expected a share above 0, at most 1, found nothing\nplan.yaml:1:1: error: utility.made_up is incomplete, expected tail or quantile, found neither"
    ),
    ("[mean]", "1:1: error: wrong value of utility, expected a name or {name: {option: value}}, found a list"),
    ("5", "1:1: error: wrong value of utility, expected a name or {name: {option: value}}, found 5"),
    (
      "{made-up: {}}",
      "1:2: error: unknown name in utility, expected plain or made_up, found 'made-up'; did you mean 'made_up'?"
    ),
    ("{plain: {}, made_up: {level: 1, tail: 1}}", "1:1: error: utility must name one, expected one name, found 2"),
    (
      "{made_up: {tail: 1}}",
      "1:11: error: utility.made_up lacks level, expected a share above 0, at most 1, found nothing"
    ),
    (
      "{made_up: {level: 0, tail: 1}}",
      "1:19: error: wrong value of utility.made_up.level, expected a share above 0, at most 1, found 0"
    ),
    (
      "{made_up: {level: .nan, tail: 1}}",
      "1:19: error: wrong value of utility.made_up.level, expected a share above 0, at most 1, found .nan"
    ),
    (
      "{made_up: {level: high, tail: 1}}",
      "1:19: error: wrong value of utility.made_up.level, expected a share above 0, at most 1, found 'high'"
    ),
    (
      "{made_up: {level: 1, tail: 1, weight: .inf}}",
      "1:39: error: wrong value of utility.made_up.weight, expected a number of at least 0, found .inf"
    ),
    (
      "{made_up: {level: 1, tail: 1, compat: pymcs}}",
      "1:39: error: wrong value of utility.made_up.compat, expected exact or pymc, found 'pymcs'; did you mean 'pymc'?"
    ),
    (
      "{made_up: {level: 1, tail: 1, compat: 1}}",
      "1:39: error: wrong value of utility.made_up.compat, expected exact or pymc, found 1"
    ),
    (
      "{made_up: {level: 1, tial: 1, tail: 1}}",
      "1:22: error: unknown key in utility.made_up, expected level, weight, compat, sign, tail or quantile, found 'tial'; did you mean 'tail'?"
    ),
    ("{made_up: {level: 1}}", "1:11: error: utility.made_up is incomplete, expected tail or quantile, found neither"),
    (
      "{made_up: {level: 1, tail: 1, quantile: 1}}",
      "1:31: error: utility.made_up says too much, expected only one of tail, quantile, found 2 of them"
    ),
    (
      "{made_up: [1]}",
      "1:11: error: wrong value of utility.made_up, expected a mapping of level, weight, compat, sign, tail, quantile, found a list"
    ),
    ("{plain: 5}", "1:9: error: wrong value of utility.plain, expected no options, found 5"),
  ])
  func `an unknown utility, and an option that is unknown, missing or out of its domain, is told`(
    utility: String, line: String
  ) throws {
    #expect(try mistakes(utility).joined(separator: "\n") == "plan.yaml:\(line)")
  }

  @Test func `options left out have their defaults, but for those that stand for each other`() throws {
    let node = try #require(PlanText("{level: 1, tail: 0.5, compat: pymc}", source: "plan.yaml").root)
    let options = Self.entry.options(written: node)
    #expect(options.map(\.name.value) == ["level", "weight", "compat", "tail"])
    #expect(options.map(\.value.value) == [.number(1), .number(2), .word("pymc"), .number(0.5)])
    #expect(options[1].value.position == nil)
    #expect(options[3].value.position == TextPosition(source: "plan.yaml", line: 1, column: 18))
  }
}

/// JSON Schema, as far as the plan's schema uses it; any other keyword is a failure.
private struct SchemaValidator {
  let schema: PlanNode

  init() throws { schema = try #require(PlanText(PlanSchema.text, source: "plan.schema.json").root) }

  func accepts(_ plan: String) throws -> Bool {
    accepts(try #require(PlanText(plan, source: "plan.yaml").root), schema)
  }

  private func accepts(_ node: PlanNode, _ schema: PlanNode) -> Bool {
    schema.entries.allSatisfy { rule in
      let value = rule.value
      let limit = value.number?.value ?? .nan
      switch rule.key.value {
      case "$schema", "title", "description", "default": return true
      case "type": return (value.list ?? [value]).contains { isType(node, $0.text?.value ?? "") }
      case "enum": return value.list?.contains { json($0) == json(node) } ?? false
      case "minLength": return node.text.map { Double($0.value.unicodeScalars.count) >= limit } ?? true
      case "pattern":
        do {
          let pattern = try Regex(value.text?.value ?? "")
          return node.text.map { $0.value.contains(pattern) } ?? true
        } catch {
          Issue.record(error)
          return false
        }
      case "minimum": return node.number.map { $0.value >= limit } ?? true
      case "exclusiveMinimum": return node.number.map { $0.value > limit } ?? true
      case "maximum": return node.number.map { $0.value <= limit } ?? true
      case "exclusiveMaximum": return node.number.map { $0.value < limit } ?? true
      case "minItems": return node.list.map { Double($0.count) >= limit } ?? true
      case "maxItems": return node.list.map { Double($0.count) <= limit } ?? true
      case "items": return node.list?.allSatisfy { accepts($0, value) } ?? true
      case "minProperties": return !isType(node, "object") || Double(node.entries.count) >= limit
      case "maxProperties": return !isType(node, "object") || Double(node.entries.count) <= limit
      case "required":
        return !isType(node, "object") || value.list?.allSatisfy { node[$0.text?.value ?? ""] != nil } ?? false
      case "properties":
        return node.entries.allSatisfy { entry in value[entry.key.value].map { accepts(entry.value, $0) } ?? true }
      case "additionalProperties":
        return node.entries.filter { schema["properties"]?[$0.key.value] == nil }
          .allSatisfy { value.flag?.value ?? accepts($0.value, value) }
      case "allOf": return value.list?.allSatisfy { accepts(node, $0) } ?? false
      case "anyOf": return value.list?.contains { accepts(node, $0) } ?? false
      case "oneOf": return value.list?.count { accepts(node, $0) } == 1
      default:
        Issue.record("the validator knows no \(rule.key.value)")
        return false
      }
    }
  }

  private func json(_ node: PlanNode) -> String { JSONValue(node).text(indentation: "") }

  private func isType(_ node: PlanNode, _ type: String) -> Bool {
    switch (type, node.content) {
    case ("null", .null), ("boolean", .flag), ("number", .number), ("string", .text), ("array", .list),
      ("object", .mapping):
      true
    case ("integer", .number(let number)): number.rounded() == number
    default: false
    }
  }
}
