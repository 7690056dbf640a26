import ResponseModel

/// Plans written in Swift, not read from text: plain values, of which none has a place to be told where something is wrong.
/// Cells are named by their labels joined by a slash: `tv`, or `tv/north`. Messages follow the order of names.

extension PosteriorChoice {
  /// All draws of the file at `path`, which may be a pattern; its format is the file's own.
  public init(_ path: String) {
    self.init(file: Placed(path))
  }
}

extension Horizon {
  /// So many weeks, at least 1; the rest as `init(periodCount:start:step:carryIn:carryOver:includeHistory:)` has it.
  public init(periods: Int) {
    self.init(periodCount: Placed(periods))
  }
}

extension Budget {
  /// Money over the horizon, all of which has to be spent unless `spend` says otherwise.
  public static func total(_ money: Double, spend: Spend = .exactly) -> Budget {
    Budget(amount: Placed(.total(money)), spend: spend)
  }
}

extension UtilityChoice {
  /// A utility of the catalogue with those of its options that are numbers: `UtilityChoice("expected_shortfall", ["tail": 0.1])`.
  public init(_ name: String, _ options: [String: Double] = [:]) {
    self.init(
      name: Placed(name),
      options: options.sorted { $0.key < $1.key }.map { name, value in
        UtilityOption(name: Placed(name), value: Placed(.number(value)))
      })
  }
}

extension Bounds {
  /// Money over the horizon by cell, ends included: `Bounds(["tv": 0...1_500_000])`. Cells not listed are in [0, budget].
  public init(_ cells: [String: ClosedRange<Double>]) {
    self.init(
      cells: cells.sorted { $0.key < $1.key }.map { name, range in
        (
          cell: Placed(name),
          limit: Placed(.money(lower: Placed(range.lowerBound), upper: Placed(range.upperBound)))
        )
      })
  }

  /// Every cell within this share of the current plan's money, up or down.
  public init(relative share: Double) {
    self.init(fallback: Placed(.relative(Placed(share))))
  }
}

extension Allocation {
  /// Money over the horizon by cell, spread as the plan says; cells not named spend nothing.
  public init(_ money: [String: Double]) {
    self.init(
      amounts: money.sorted { $0.key < $1.key }.map { name, money in
        CellAmount(cell: Placed(name), money: Placed(money))
      })
  }
}
