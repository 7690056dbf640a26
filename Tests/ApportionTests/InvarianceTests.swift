import Apportion
import Testing

/// Units, order and names are the user's choice: no answer may depend on them.
@Suite struct InvarianceTests {
  /// Enough draws for order statistics to matter, few enough for an unoptimised build.
  private static let drawCount = 200

  private struct Case: Sendable {
    var posterior: Posterior
    var plan: Plan
    /// Factors on money and on response, against the file's own.
    var money = 1.0
    var outcome = 1.0
  }

  /// `shortfall`'s target is in the unit of the outcome.
  private static let utilities: [(name: String, options: [String: Double])] = [
    ("mean", [:]), ("expected_shortfall", ["tail": 0.1]), ("mean_deviation", ["lambda": 1]),
    ("quantile", ["level": 0.25]), ("shortfall", ["target": 9e6, "lambda": 2]), ("sharpe", ["reference": 0]),
  ]

  private static func base(_ utility: (name: String, options: [String: Double]), outcome: Double = 1) throws -> Case {
    let posterior = try PosteriorFile.read(path: PeerResponseTests.model, draws: drawCount)
    let plan = Plan(
      posterior: PosteriorChoice(file: Placed(PeerResponseTests.model)), horizon: Horizon(periodCount: Placed(13)),
      budget: Budget(amount: Placed(.total(2_488_278))),
      utility: UtilityChoice(
        name: Placed(utility.name),
        options: utility.options.sorted { $0.key < $1.key }.map { name, value in
          UtilityOption(name: Placed(name), value: Placed(.number(name == "target" ? value * outcome : value)))
        }),
      bounds: Bounds(fallback: Placed(.relative(Placed(0.6)))))
    return Case(posterior: posterior, plan: plan)
  }

  private static func answer(_ given: Case) throws -> Recommendation {
    try CompiledPlan(given.plan, given.posterior).optimise(record: RunRecord(version: "test"))
  }

  private static func expectSame(
    _ answer: Recommendation, _ original: Recommendation, money: Double = 1, outcome: Double = 1,
    isRatio: Bool = false, name: (String) -> String = { $0 }
  ) {
    let value = original.utility.value * (isRatio ? 1 : outcome)
    #expect(abs(answer.utility.value - value) <= 1e-9 * abs(value))
    let totals = Dictionary(uniqueKeysWithValues: answer.cells.map { ($0.name, $0.total) })
    for cell in original.cells {
      let total = totals[name(cell.name)] ?? .nan
      // The value is flat at an optimum: a residual of 1e-8 leaves allocations that much apart.
      #expect(abs(total / money - cell.total) <= 1e-7 * original.budget.spent, "\(cell.name)")
    }
  }

  @Test(arguments: 0..<6, [(1e-9, 1.0), (1e9, 1.0), (1.0, 1e-9), (1.0, 1e9), (37.0, 1e-3)])
  func `the units of money and response do not matter`(index: Int, factors: (Double, Double)) throws {
    let (money, outcome) = factors
    let utility = Self.utilities[index]
    let original = try Self.answer(Self.base(utility))
    var scaled = try Self.base(utility, outcome: outcome)
    for cell in scaled.posterior.cells.indices {
      scaled.posterior.cells[cell].mediaScale *= money
      scaled.posterior.cells[cell].outcomeScale *= outcome
      scaled.posterior.cells[cell].history = scaled.posterior.cells[cell].history.map { $0 * money }
    }
    scaled.plan.budget = Budget(amount: Placed(.total(2_488_278 * money)))
    Self.expectSame(
      try Self.answer(scaled), original, money: money, outcome: outcome, isRatio: utility.name == "sharpe")
  }

  @Test(arguments: 0..<6)
  func `the order of the channels does not matter`(index: Int) throws {
    let original = try Self.answer(Self.base(Self.utilities[index]))
    var permuted = try Self.base(Self.utilities[index])
    permuted.posterior.cells.reverse()
    permuted.posterior.cells.swapAt(0, 3)
    permuted.posterior.dims[0].labels = permuted.posterior.cells.map(\.name)
    Self.expectSame(try Self.answer(permuted), original)
  }

  @Test func `the names of the channels do not matter`() throws {
    let original = try Self.answer(Self.base(Self.utilities[0]))
    var renamed = try Self.base(Self.utilities[0])
    for cell in renamed.posterior.cells.indices { renamed.posterior.cells[cell].labels[0] += " ünïcode, \"quoted\"" }
    Self.expectSame(try Self.answer(renamed), original) { $0 + " ünïcode, \"quoted\"" }
  }

  @Test(arguments: 0..<6)
  func `the same plan gives the same bits`(index: Int) throws {
    let first = try Self.answer(Self.base(Self.utilities[index]))
    let second = try Self.answer(Self.base(Self.utilities[index]))
    #expect(first.cells.map(\.total) == second.cells.map(\.total))
    #expect(first.draws == second.draws)
    #expect(first.utility == second.utility)
  }

  @Test(arguments: 0..<6)
  func `the number of threads changes no bit`(index: Int) throws {
    // The number belongs to the process, and tests beside this one may set it: then no less is compared.
    Parallel.use(threads: 1)
    func bits() throws -> String {
      var answer = try Self.answer(Self.base(Self.utilities[index]))
      // All but the time it took.
      answer.solver?.proof?.tableTime = 0
      // The shortest digits that give a number back tell its bits.
      return "\(answer)"
    }
    let alone = try bits()
    for threads in [2, 8, 64] {
      Parallel.use(threads: threads)
      #expect(try bits() == alone)
    }
  }

  @Test func `a channel that does nothing gets nothing, and changes nothing`() throws {
    var base = try Self.base(Self.utilities[1])
    base.plan.bounds = Bounds()
    let original = try Self.answer(base)
    var idle = base
    var extra = base.posterior.cells[0]
    extra.labels = ["billboards"]
    extra.outcomeScale = 0
    extra.history = extra.history.map { _ in 0 }
    idle.posterior.cells.append(extra)
    let answer = try Self.answer(idle)
    Self.expectSame(answer, original)
    #expect(answer.cells.last?.total == 0)
  }
}
