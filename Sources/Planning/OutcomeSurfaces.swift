import ResponseModel

/// The surfaces of a plan: its measure, and what reports say of single cells.
struct OutcomeSurfaces {
  /// Nil where what is measured says it.
  struct Reported: Sendable {
    /// In units of the outcome.
    var outcome: ResponseSurface?
    /// In the money that it is worth.
    var value: ResponseSurface?
  }

  let plan: Plan
  let names: CellNames
  let factors: OutcomeFactors
  /// By the model's cells, then by period.
  let prices: [[MediaPrice]]
  /// By the model's cells: what a planned period's response is multiplied with; none for one of 1.
  let seasons: [Int: [Double]]
  private let carriesIn: Bool
  let window: ObservedWindow
  /// Whether what is bought as it was is bought at the frequencies that it had.
  private let keepsFrequencies: Bool

  init(
    _ plan: Plan, _ names: CellNames, factors: OutcomeFactors, prices: [[MediaPrice]], seasons: [Int: [Double]] = [:],
    carriesIn: Bool, over window: ObservedWindow
  ) {
    self.plan = plan
    self.names = names
    self.factors = factors
    self.prices = prices
    self.seasons = seasons
    self.carriesIn = carriesIn
    self.window = window
    keepsFrequencies = names.keepsFlighting(plan.distribution, over: window)
  }

  /// What the outcome is summed from: of profit the worth at the margin less money, of ROI the worth by unit of money spent.
  func measured(_ pattern: SpendPattern, spent: Double) -> ResponseSurface {
    switch plan.measure {
    case .incremental, .response, .lift: return surface(pattern, in: .outcome)
    case .roi: return surface(pattern, in: .value, times: 1 / spent)
    case .profit:
      let charges = pattern.shares.map { parts in
        parts.reduce(0) { sum, shares in
          sum + shares.indices.reduce(0) { $0 + shares[$1] * factors.worth(of: $1) }
        }
      }
      return surface(pattern, in: .profit).charged(charges)
    }
  }

  func reported(_ pattern: SpendPattern) -> Reported {
    let measuresOutcome = plan.measure != .profit && plan.measure != .roi
    let isMoney = factors.isOutcome(.value)
    return Reported(
      outcome: measuresOutcome ? nil : surface(pattern, in: .outcome),
      value: isMoney ? nil : surface(pattern, in: .value))
  }

  private func surface(_ pattern: SpendPattern, in unit: OutcomeFactors.Unit, times factor: Double = 1)
    -> ResponseSurface
  {
    ResponseSurface(planned(pattern, in: unit, times: factor), carryOver: plan.horizon.carryOver)
  }

  /// For each amount the model's cells that it is spent in, as the pattern says.
  func planned(_ pattern: SpendPattern, in unit: OutcomeFactors.Unit, times factor: Double = 1) -> [[PlannedCell]] {
    zip(names.spendCells.cells, pattern.shares).map { spend, shares in
      zip(spend.members, shares).flatMap { planned($0, shares: $1, in: unit, times: factor) }
    }
  }

  /// One of the model's cells, of each amount the share by period that is spent in it; several where it is held at frequencies.
  func planned(
    _ member: Int, shares: [Double], in unit: OutcomeFactors.Unit, times factor: Double = 1
  ) -> [PlannedCell] {
    let carryOver = plan.horizon.carryOver
    let cell = names.modelCells[member]
    let carriedIn = carriesIn ? window.carriedIn(cell) : []
    var worths = names.worths(cell, carriedIn: carriedIn.count, carryOver: carryOver, over: window)
    let periods = -carriedIn.count..<window.periodCount + (carryOver ? cell.window - 1 : 0)
    if let factors = factors.factors(cell: member, periods: periods, in: unit, times: factor) {
      worths = worths.scaled(by: factors)
    }
    if let season = seasons[member] {
      worths = worths.scaled(by: periods.map { season.indices.contains($0) ? season[$0] : 1 })
    }
    let planned = PlannedCell(cell, shares: shares, prices: prices[member], carriedIn: carriedIn, worths: worths)
    return keepsFrequencies ? window.parts(of: planned) : [planned]
  }
}
