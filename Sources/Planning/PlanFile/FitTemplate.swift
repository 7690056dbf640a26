public import ResponseModel

extension PlanTemplate {
  /// What a cell spent: its name as plans have it, and money in an average period.
  public struct Spend: Sendable, Equatable {
    public var cell: String
    public var perPeriod: Double

    public init(cell: String, perPeriod: Double) {
      self.cell = cell
      self.perPeriod = perPeriod
    }
  }

  /// A plan for curves that were fitted to a history, that runs as it is: as much money as was spent in as many periods, to be
  /// split better than it was.
  ///
  /// - Parameters:
  ///   - drawsPath: as the plan file will have it, relative to its own folder.
  ///   - model: what the draws mean.
  ///   - source: what the curves were fitted to.
  public static func text(
    drawsPath: String, model: ModelMapping, spend: [Spend], source: String, periodCount: Int = 13
  ) -> String {
    let current = spend.map { ($0.cell, shortened($0.perPeriod * Double(periodCount))) }
    let budget = current.reduce(0) { $0 + $1.1 }
    let amounts = current.map { "\($0.inYAML): \($1.inYAML)" }.joined(separator: ", ")
    return """
      # A plan for apportion: how to spend a budget, by curves fitted to \(printed(source)) and draws of what they may be.
      # Run it: apportion optimise THIS_FILE

      posterior:
        file: \(drawsPath.inYAML)   # relative to this file
        format: csv
      \(model.yaml(indentation: 2))
      horizon:
        num_periods: \(periodCount)   # of the length of the history's

      budget:
        total: \(budget.inYAML)   # money over all periods: what as many average ones of the history cost

      # What an amount is decided for.
      decide: {by: [\(model.dims.map(\.inYAML).joined(separator: ", "))]}

      # The plan to beat: the history's average.
      current: {\(amounts)}

      # What is maximised over the draws of the outcome. The mean takes no heed of risk. For a plan that holds up in the
      # worst tenth of the draws:
      # utility: {expected_shortfall: {tail: 0.1}}
      utility: mean

      # Curves say little beyond the spend they were fitted to: within half of what is spent now they are mostly seen.
      bounds:
        default: {relative: 0.5}

      output:
        folder: results

      """
  }

  /// To six digits, so that a person can read it.
  private static func shortened(_ money: Double) -> Double {
    guard money > 0, money.isFinite else { return 0 }
    var unit = 1.0
    while money / unit >= 1e6 { unit *= 10 }
    while money / unit < 1e5 { unit /= 10 }
    let digits = (money / unit).rounded()
    return unit >= 1 ? digits * unit : digits / (1 / unit).rounded()
  }

  private static func printed(_ text: String) -> String { text.filter { !$0.isNewline } }
}
