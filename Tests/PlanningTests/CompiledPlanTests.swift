import NumericKernel
import Optimisation
import ResponseModel
import Testing

@testable import Planning

@Suite struct CompiledPlanTests {
  private let record = RunRecord(version: "test")

  private func compiled(
    _ text: String, _ posterior: Posterior = smallPosterior(), budget: String = "budget: {total: 600}"
  ) throws -> CompiledPlan {
    try smallPlan(text, posterior, budget: budget)
  }

  private func problems(_ text: String, _ posterior: Posterior = smallPosterior()) -> [String] {
    problemsOfSmallPlan(text, posterior)
  }

  private func infeasible(_ text: String) -> String? {
    do {
      _ = try compiled(text)
      return nil
    } catch let error as InfeasiblePlan {
      return error.message
    } catch {
      return "\(error)"
    }
  }

  @Test func `every name the posterior does not know is told at once, with its place`() {
    let found = problems(
      """
      bounds: {tvv: [0, 5], radio: [0, 5]}
      cost_per_unit: {serch: 2}
      decide: {except: [Radio]}
      """)
    let known = "tv, radio, search"
    #expect(
      Set(found) == [
        "plan.yaml:4:10: error: unknown channel, expected one of \(known), found tvv, did you mean tv?",
        "plan.yaml:5:17: error: unknown channel, expected one of \(known), found serch, did you mean search?",
        "plan.yaml:6:19: error: unknown channel, expected one of \(known), found Radio, did you mean radio?",
      ])
  }

  @Test func `lower bounds above the budget are named, with the amount`() {
    #expect(
      infeasible("bounds: {tv: [400, 600], radio: [250.5, 600]}")
        == "tv at least 400.00 and radio at least 250.50 exceed budget 600.00 by 50.50; it would be enough to raise the "
        + "budget to 650.50, or to lower tv's floor to 349.50, or to lower radio's floor to 200.00")
  }

  @Test func `upper bounds below a budget to be spent exactly are named, with the amount`() throws {
    let text = "bounds: {tv: [0, 100], radio: [0, 100], search: [0, 1]}"
    #expect(
      infeasible(text)
        == "budget 600.00, to be spent exactly, exceeds tv at most 100.00, radio at most 100.00 and search at most 1.00 by "
        + "399.00; it would be enough to lower the budget to 201.00, or to raise tv's cap to 499.00, or to raise "
        + "radio's cap to 499.00, or to raise search's cap to 400.00; spend: at_most would leave the rest unspent")
    let answer = try compiled(text, budget: "budget: {total: 600, spend: at_most}").optimise(record: record)
    #expect(answer.cells.map(\.total) == [100, 100, 1])
    #expect(answer.cells.map(\.binding) == [.upper, .upper, .upper])
    #expect(answer.budget.spent == 201)
    #expect(answer.budget.shadowPrice == 0)
  }

  @Test func `the answer spends exactly the budget, and stands exactly on its bounds`() throws {
    let answer = try compiled("bounds: {tv: [0, 100], radio: [333.3, 400]}").optimise(record: record)
    #expect(answer.cells.reduce(0) { $0 + $1.total } == 600)
    #expect(answer.cells[0].total == 100)
    #expect(answer.cells[0].binding == .upper)
    #expect(answer.cells[1].total == 333.3)
    #expect(answer.cells[1].binding == .lower)
    #expect(answer.cells[2].binding == nil)
    for cell in answer.cells { #expect(abs(cell.perPeriod.reduce(0, +) - cell.total) <= 1e-12 * 600) }
  }

  @Test func `unbounded cells have one marginal ROI, and it is the budget's shadow price`() throws {
    let answer = try compiled("").optimise(record: record)
    let price = try #require(answer.budget.shadowPrice)
    for cell in answer.cells where cell.binding == nil { #expect(abs(cell.marginalROI - price) <= 1e-6 * price) }
    // What a little more money brings, solved again.
    let more = try compiled("", budget: "budget: {total: 600.06}").optimise(record: record)
    let gain = (more.utility.value - answer.utility.value) / 0.06
    // A forward difference: half the step times a second derivative of about price / budget.
    #expect(abs(gain - price) <= 1e-3 * price)
  }

  @Test func `held cells stay where they are held, and their money counts`() throws {
    let zero = try compiled("decide: {except: [radio], hold: zero}").optimise(record: record)
    #expect(zero.cells[1].total == 0)
    #expect(zero.cells[1].binding == .fixed)
    let current = try compiled("decide: {except: [radio], hold: current}\ncurrent: {tv: 100, radio: 123, search: 77}")
      .optimise(record: record)
    #expect(current.cells[1].total == 123)
    #expect(current.cells.reduce(0) { $0 + $1.total } == 600)
  }

  @Test func `a cell held outside its own bounds is told`() {
    #expect(
      problems("decide: {except: [radio], hold: zero}\nbounds: {radio: [50, 100]}") == [
        "plan.yaml:4:19: error: radio is held at 0.00, expected an amount within its bounds, 50.00 to 100.00"
      ])
    // The bounds of every cell give way.
    #expect(problems("decide: {except: [radio], hold: zero}\nbounds: {default: [50, 400]}") == [])
  }

  @Test func `the current plan is history's shares, at this budget`() throws {
    let answer = try compiled("cost_per_unit: {search: 2}").optimise(record: record)
    // Ten weeks: 10 + … + 19 = 145, 245, and 345 at a cost of 2.
    let expected = [145.0, 245, 690].map { $0 / 1080 * 600 }
    for (cell, money) in zip(answer.cells, expected) { #expect(abs((cell.current ?? 0) - money) <= 1e-12 * 600) }
    #expect(answer.probabilityBetter != nil)
  }

  @Test func `without a history there is no current plan, and relative bounds are told`() throws {
    let bare = smallPosterior(history: false)
    let answer = try compiled("", bare).optimise(record: record)
    #expect(answer.cells.allSatisfy { $0.current == nil })
    #expect(answer.lift == nil && answer.probabilityBetter == nil && answer.utility.current == nil)
    #expect(answer.warnings.contains { $0.hasPrefix("there is no current plan") })
    let found = problems("bounds: {default: {relative: 0.3}}", bare)
    #expect(found.count == 1)
    #expect(found.first?.contains("relative bounds need a current plan") == true)
  }

  @Test func `carry-in follows the file, and what the plan asks for must be there`() throws {
    let warm = try compiled("")
    #expect(warm.objective.surface.atRest.rowSums().allSatisfy { $0 > 0 })
    let holes = try compiled("", smallPosterior(isContiguous: false))
    #expect(holes.objective.surface.atRest.rowSums().allSatisfy { $0 == 0 })
    #expect(holes.warnings.contains { $0.hasPrefix("history has holes") })
  }

  @Test func `carry-in without a history is told`() throws {
    let text = "posterior: {file: small.nc}\nhorizon: {num_periods: 4, carry_in: true}\nbudget: {total: 600}\n"
    let plan = try PlanFile.parse(text, source: "plan.yaml", folder: ".").plan
    #expect(throws: PlanProblems.self) { try CompiledPlan(plan, smallPosterior(history: false)) }
  }

  @Test func `responses that no number holds are told, and so is money that has no shares`() throws {
    var posterior = smallPosterior()
    posterior.cells[1].outcomeScale = 1e308
    let told = problems("", posterior)
    #expect(told.count == 1)
    #expect(told.first?.hasPrefix("error: radio: expected responses whose sum over draws a number can hold") == true)
    let tiny = "posterior: {file: small.nc}\nhorizon: {num_periods: 4}\nbudget: {total: 1e-320}\n"
    let plan = try PlanFile.parse(tiny, source: "plan.yaml", folder: ".").plan
    #expect(throws: PlanProblems.self) { try CompiledPlan(plan, smallPosterior()) }
  }

  @Test func `history's distribution is that of the last periods`() throws {
    let plan = try compiled("distribution: history")
    #expect(plan.pattern.shares[0][0] == [16.0, 17, 18, 19].map { $0 / 70 })
    #expect(problems("distribution: history", smallPosterior(history: false)).count == 3)
  }

  @Test func `a given plan is scored, and the limits it breaks are told`() throws {
    let plan = try compiled("bounds: {tv: [0, 100]}")
    func scored(_ money: [Double]) throws -> Recommendation {
      let amounts = zip(["tv", "radio", "search"], money).map { CellAmount(cell: Placed($0), money: Placed($1)) }
      return try CompiledPlan(plan.plan, plan.posterior, scoring: Allocation(amounts: amounts)).evaluate(record: record)
    }
    let good = try scored([100, 200, 300])
    #expect(good.status == .evaluated)
    #expect(good.utility.value == plan.objective.score(spend: [100, 200, 300]))
    let bad = try scored([150, 200, 300])
    #expect(bad.status == .evaluatedOutsideLimits)
    #expect(bad.limits.filter { $0.slack < 0 }.map(\.name) == ["budget", "tv"])
    #expect(bad.limits.filter { $0.slack < 0 }.map(\.slack) == [-50, -50])
  }

  @Test func `marginal ROI is the derivative of the score`() throws {
    for utility in ["mean", "{mean_deviation: {lambda: 1}}", "raroc", "entropy_of_shares", "diversification_ratio"] {
      let plan = try compiled("utility: \(utility)")
      let spend = [150.0, 250, 200]
      let gradient = plan.objective.supergradient(at: spend.map { $0 / plan.money })
        .map { $0 * plan.objective.scale / plan.money }
      for index in 0..<3 {
        var up = spend
        var down = spend
        up[index] += 0.01
        down[index] -= 0.01
        let slope = (plan.objective.score(spend: up) - plan.objective.score(spend: down)) / 0.02
        // Central differences over 1e-4 of the spend: about 1e-8, plus rounding of the score over the step.
        #expect(abs(gradient[index] - slope) <= 1e-6 * abs(slope) + 1e-12, "\(utility)")
      }
    }
  }

  @Test func `the Hessian of every smooth utility is that of the gradient`() throws {
    for utility in ["mean", "{mean_variance: {lambda: 0.01}}", "{entropic: {gamma: 0.001}}", "sharpe", "raroc"] {
      let plan = try compiled("utility: \(utility)")
      let x = [0.25, 0.4, 0.35]
      let expansion = plan.objective.expansion(at: x, smoothing: 0)
      for j in 0..<3 {
        var up = x
        var down = x
        up[j] += 1e-5
        down[j] -= 1e-5
        let high = plan.objective.supergradient(at: up)
        let low = plan.objective.supergradient(at: down)
        for i in 0..<3 {
          let entry = (high[i] - low[i]) / 2e-5
          // Gradients are of order one by the objective's scale; `raroc` itself uses differences good to 1e-5.
          #expect(abs(expansion.hessian[i, j] - entry) <= 1e-4, "\(utility) \(i) \(j)")
        }
      }
    }
  }

  @Test func `one draw is a point estimate, and is solved`() throws {
    for utility in ["mean", "{quantile: {level: 0.1}}", "{expected_shortfall: {tail: 0.1}}", "{mean_deviation: {}}"] {
      let answer = try compiled("utility: \(utility)", smallPosterior(draws: 1)).optimise(record: record)
      #expect(answer.cells.reduce(0) { $0 + $1.total } == 600)
      #expect(answer.utility.value == answer.outcome.mean)
      #expect(answer.outcome.sd == 0)
      #expect(answer.warnings.count { $0.hasPrefix("one draw is a point estimate: a single curve per channel") } == 1)
    }
  }

  @Test func `every utility is optimised to something no worse than an even split`() throws {
    for entry in UtilityCatalogue.entries {
      let plan = try compiled("utility: \(inSmallPlan(entry))")
      let answer = try plan.optimise(record: record)
      #expect(answer.utility.value.isFinite, "\(entry.name)")
      #expect(answer.utility.value >= plan.objective.score(spend: [200, 200, 200]), "\(entry.name)")
      #expect(abs(answer.budget.spent - 600) <= 1e-9 * 600)
    }
  }

  @Test(arguments: ["sharpe", "expected_shortfall", "{quantile: {level: 0.1}}", "mean_tightness", "mean"])
  func `without time the answer is the best of the starts`(utility: String) throws {
    let plan = try compiled("utility: \(utility)\nsolver: {time_limit: 1e-9}")
    let answer = try plan.optimise(record: record)
    #expect(answer.solver?.termination == .timeLimit)
    #expect(answer.utility.value >= answer.utility.current ?? .infinity)
  }

  @Test func `bounds that the budget cannot reach change nothing`() throws {
    let plain = try compiled("utility: {quantile: {level: 0.1}}").optimise(record: record)
    for upper in ["600", "1e12", "1e300"] {
      let wide = try compiled("utility: {quantile: {level: 0.1}}\nbounds: {default: [0, \(upper)]}")
        .optimise(record: record)
      #expect(wide.cells.map(\.total) == plain.cells.map(\.total))
    }
  }

  @Test func `a cell that can hardly move is optimised like one that cannot`() throws {
    let answer = try compiled("bounds: {tv: [100, 100.00000000000001], radio: [50, 50.0000001]}").optimise(
      record: record)
    #expect(abs(answer.cells[0].total - 100) <= 1e-9)
    #expect(answer.budget.spent == 600)
  }

  @Test func `a return on money needs some money to be spent`() throws {
    let atMost = "budget: {total: 600, spend: at_most}"
    #expect(throws: PlanProblems.self) { try compiled("utility: raroc", budget: atMost) }
    let floor = try compiled("utility: raroc\nbounds: {tv: [50, null]}", budget: atMost).optimise(record: record)
    #expect(floor.budget.spent >= 50)
    // What is to be had without spending must first be earned: there is a best spend inside.
    let hurdle = try compiled("utility: {raroc: {reference: 2000}}", budget: atMost).optimise(record: record)
    #expect(hurdle.budget.spent > 1 && hurdle.budget.spent <= 600)
    #expect(hurdle.utility.value > 0)
  }

  @Test func `where no cell can move, no price is given`() throws {
    let answer = try compiled("bounds: {default: {relative: 0}}").optimise(record: record)
    #expect(answer.cells.allSatisfy { $0.binding == .fixed })
    #expect(answer.budget.shadowPrice == nil)
  }

  @Test func `media missing where they would be carried in are told`() throws {
    var holes = smallPosterior(isContiguous: false)
    holes.cells[1].history[8] = .nan
    let text = "posterior: {file: small.nc}\nhorizon: {num_periods: 4, carry_in: true}\nbudget: {total: 600}\n"
    let plan = try PlanFile.parse(text, source: "plan.yaml", folder: ".").plan
    do {
      _ = try CompiledPlan(plan, holes)
      Issue.record("a missing observation was carried in")
    } catch let error as PlanProblems {
      #expect(
        error.problems.map(\.description) == [
          "plan.yaml:2:37: error: carry_in: expected the 4 observed periods of radio before the plan whole, found one without media"
        ])
    }
    // Without being asked, nothing is carried in, and there is no history to share money by.
    let cold = try compiled("", holes)
    #expect(cold.objective.surface.atRest.rowSums().allSatisfy { $0 == 0 })
    #expect(cold.warnings.contains { $0.hasPrefix("there is no current plan to compare with") })
  }

  @Test func `a plan that was not read from a file is held to the same`() throws {
    let good = try compiled("").plan
    func broken(_ change: (inout Plan) -> Void) -> Int {
      var plan = good
      change(&plan)
      do {
        _ = try CompiledPlan(plan, smallPosterior())
        return 0
      } catch let error as PlanProblems {
        return error.problems.count
      } catch {
        return -1
      }
    }
    func series(_ values: [Double]) -> [CellSeries] {
      [CellSeries(cell: Placed("tv"), values: values.map { Placed($0) })]
    }
    #expect(broken { _ in } == 0)
    #expect(broken { $0.horizon.periodCount = Placed(0) } > 0)
    #expect(broken { $0.budget = Budget(amount: Placed(.total(.nan))) } == 1)
    #expect(broken { $0.distribution = .shares(series([1])) } == 1)
    #expect(broken { $0.distribution = .shares(series([0.5, 0.5, 0.5, 0.5])) } == 1)
    #expect(broken { $0.distribution = .shares(series([1.5, -0.5, 0, 0])) } == 1)
    #expect(broken { $0.costPerUnit = .costs(series([0])) } == 1)
    #expect(broken { $0.costPerUnit = .costs(series([Double.leastNonzeroMagnitude])) } == 1)
    #expect(broken { $0.costPerUnit = .costs(series([1, 2])) } == 1)
    #expect(broken { $0.bounds.fallback = Placed(.relative(Placed(-1))) } == 1)
    #expect(broken { $0.bounds.fallback = Placed(.money(lower: Placed(5), upper: Placed(1))) } == 1)
    #expect(broken { $0.utility = UtilityChoice(name: Placed("meen")) } == 1)
    #expect(broken { $0.utility = UtilityChoice(name: Placed("shortfall")) } == 1)
    #expect(broken { $0.utility = UtilityChoice(name: Placed("blend")) } == 1)
    #expect(
      broken {
        $0.utility = UtilityChoice(
          name: Placed("quantile"), options: [UtilityOption(name: Placed("level"), value: Placed(.number(2)))])
      } == 1)
    #expect(
      broken {
        $0.current = .amounts(
          [CellAmount(cell: Placed("tv"), money: Placed(1)), CellAmount(cell: Placed("tv"), money: Placed(2))],
          position: nil)
      } == 1)
  }

  @Test(arguments: [
    (1e-6, "0.000001"), (0.001234567, "0.001235"), (0, "0.00"), (1234567.8, "1,234,567.80"), (-1.5, "-1.50"),
  ])
  func `money is written so that it can be told from nothing`(money: Double, text: String) {
    #expect(Double(SpendLimits.format(money).replacing(",", with: "")) == Double(text.replacing(",", with: "")))
    #expect(money < 1 || SpendLimits.format(money) == text)
  }

  @Test func `the plan to beat is spread as the plan says, whatever the flighting of a given allocation`() throws {
    let plan = try compiled("").plan
    let flighted = Allocation(
      amounts: [CellAmount(cell: Placed("tv"), money: Placed(600))],
      distribution: [CellSeries(cell: Placed("tv"), values: [0, 0, 0, 1].map { Placed($0) })])
    let even = Allocation(amounts: flighted.amounts)
    let first = try CompiledPlan(plan, smallPosterior(), scoring: flighted).evaluate(record: record)
    let second = try CompiledPlan(plan, smallPosterior(), scoring: even).evaluate(record: record)
    #expect(first.outcome.mean < second.outcome.mean)
    #expect(first.currentDraws == second.currentDraws)
    #expect(first.utility.current == second.utility.current)
  }

  @Test func `the plan's periods are the model's`() throws {
    func compiled(_ horizon: String) throws -> CompiledPlan {
      let text = "posterior: {file: small.nc}\nhorizon: {num_periods: 4, \(horizon)}\nbudget: {total: 600}\n"
      return try CompiledPlan(PlanFile.parse(text, source: "plan.yaml", folder: ".").plan, smallPosterior())
    }
    do {
      _ = try compiled("step: month")
      Issue.record("a month was planned with a weekly model")
    } catch let error as PlanProblems {
      #expect(
        error.problems.map(\.message) == [
          "horizon.step: expected week, as the posterior's periods are 7 days apart, found month"
        ])
    }
    // The last observed week begins on 4 March.
    #expect(try !compiled("start: 2024-03-11").warnings.contains { $0.hasPrefix("the plan starts") })
    #expect(try compiled("start: 2024-03-18").warnings.contains { $0.hasPrefix("the plan starts on 2024-03-18") })
    #expect(try !compiled("start: 2024-03-18, carry_in: false").warnings.contains { $0.hasPrefix("the plan starts") })
  }

  @Test func `a ratio to a spread needs a spread`() {
    for utility in ["sharpe", "mean_tightness", "diversification_ratio"] {
      #expect(
        problems("utility: \(utility)", smallPosterior(draws: 1)).first?.contains("expected at least 2 draws") == true)
    }
  }

  @Test func `a utility that no money moves is told`() throws {
    let answer = try compiled("utility: {target_probability: {target: 1e12}}").optimise(record: record)
    #expect(answer.utility.value == 0)
    #expect(answer.warnings.contains { $0.hasPrefix("target_probability does not change") })
    #expect(try !compiled("").optimise(record: record).warnings.contains { $0.contains("does not change") })
  }

  @Test func `where nothing is worth its money, nothing is spent, exactly`() throws {
    let answer = try compiled(
      "utility: {mean_deviation: {lambda: 30}}", budget: "budget: {total: 600, spend: at_most}"
    ).optimise(record: record)
    #expect(answer.cells.map(\.total) == [0, 0, 0])
    #expect(answer.utility.value == 0)
  }

  @Test(arguments: 0..<25) func `no limit is broken, whatever the limits`(seed: UInt64) throws {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func random() -> Double {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Double(state >> 11) / Double(1 << 53)
    }
    let budget = 600.0
    var bounds: [String] = []
    for channel in ["tv", "radio", "search"] {
      let lower = budget / 3 * random()
      // One in four is pinned.
      let upper = random() < 0.25 ? lower : lower + budget * random()
      bounds.append("\(channel): [\(lower), \(upper)]")
    }
    let utilities = [
      "mean", "{quantile: {level: 0.2}}", "{expected_shortfall: {tail: 0.3}}", "sharpe", "tail_distance",
    ]
    let utility = utilities[Int(seed % 5)]
    let text = "utility: \(utility)\nbounds: {\(bounds.joined(separator: ", "))}"
    for spend in ["exactly", "at_most"] {
      let plan: CompiledPlan
      do {
        plan = try compiled(text, budget: "budget: {total: 600, spend: \(spend)}")
      } catch is InfeasiblePlan {
        continue
      }
      let answer = try plan.optimise(record: record)
      #expect(answer.budget.spent <= budget * (1 + 1e-9))
      #expect(spend == "at_most" || answer.budget.spent >= budget * (1 - 1e-9))
      for cell in answer.cells { #expect(cell.total >= cell.lower && cell.total <= cell.upper) }
      for limit in answer.limits { #expect(limit.slack >= 0) }
      // Of the concave ones no other plan within the limits is better.
      guard seed % 5 == 0 || seed % 5 == 2, spend == "at_most" else { continue }
      for _ in 0..<100 {
        var money = answer.cells.map { $0.lower + (min($0.upper, budget) - $0.lower) * random() }
        let floor = answer.cells.reduce(0) { $0 + $1.lower }
        let excess = money.reduce(0, +) - floor
        let share = min(1, (budget - floor) / max(excess, 1e-9))
        money = zip(money, answer.cells).map { $1.lower + ($0 - $1.lower) * share }
        #expect(plan.objective.score(spend: money) <= answer.utility.value * (1 + 1e-9))
      }
    }
  }
}
