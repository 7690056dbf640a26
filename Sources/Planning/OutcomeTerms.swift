import Foundation
import ResponseModel

/// What of the outcome counts, and what it is worth in money.
public struct OutcomeTerms: Sendable, Equatable {
  /// Labels of one dim of the model whose cells count.
  public struct CountedLabels: Sendable, Equatable {
    /// As written: the dim's name, or its plural.
    public var dim: Placed<String>
    /// At least one.
    public var labels: [Placed<String>]

    public init(dim: Placed<String>, labels: [Placed<String>]) {
      self.dim = dim
      self.labels = labels
    }
  }

  /// A period of the plan, by its number from 1 or by a day in it.
  public enum PeriodName: Sendable, Equatable {
    case number(Int)
    case day(CalendarDate)
  }

  /// One number for all periods, or one for each; what is felt after the last has the last one's.
  public enum Series: Sendable, Equatable {
    case same(Placed<Double>)
    case byPeriod([Placed<Double>], position: TextPosition?)

    var numbers: [Placed<Double>] {
      switch self {
      case .same(let number): [number]
      case .byPeriod(let numbers, position: _): numbers
      }
    }

    /// Of a period counted from 0, which may come before or after those that are planned.
    func number(of period: Int) -> Double {
      let numbers = numbers
      return numbers[min(max(period, 0), numbers.count - 1)].value
    }
  }

  /// Cells that have one of these labels of every dim named here; none named, all.
  public var labels: [CountedLabels]
  /// The first and the last period whose outcome counts; nil for all, and for what is felt after them.
  public var window: Placed<[PeriodName]>?
  /// Money per unit of outcome; nil where the outcome is money.
  public var value: Series?
  /// Profit per unit of that money; nil without one.
  public var margin: Series?
  /// What a period takes from the next one's money, as a share: money in the second period counts `1 / (1 + discount)`.
  public var discount: Placed<Double>

  /// By default everything counts, and the outcome is money.
  public init(
    labels: [CountedLabels] = [], window: Placed<[PeriodName]>? = nil, value: Series? = nil, margin: Series? = nil,
    discount: Placed<Double> = Placed(0)
  ) {
    self.labels = labels
    self.window = window
    self.value = value
    self.margin = margin
    self.discount = discount
  }
}

/// What numbers are called in reports.
public struct Labels: Sendable, Equatable {
  /// What money is counted in, `EUR`; nil for no name.
  public var currency: String?
  /// What the outcome is counted in, `orders`; nil for no name.
  public var outcome: String?

  public init(currency: String? = nil, outcome: String? = nil) {
    self.currency = currency
    self.outcome = outcome
  }
}

extension OutcomeTerms {
  /// What must hold of them, beside how many periods there are.
  func brokenConditions(periodCount: Int) -> [PlanProblem] {
    var problems: [PlanProblem] = []
    for (name, series) in [("outcome_value", value), ("margin", margin)] {
      guard let series else { continue }
      if case .byPeriod(let numbers, let position) = series, numbers.count != periodCount {
        problems.append(
          PlanProblem("\(name): expected \(periodCount) numbers, one a period, found \(numbers.count)", at: position))
      }
      for number in series.numbers where !(number.value >= 0 && number.value.isFinite) {
        problems.append(PlanProblem("\(name): expected at least 0, found \(number.value)", at: number.position))
      }
    }
    if !(discount.value >= 0 && discount.value.isFinite) {
      problems.append(
        PlanProblem("discount: expected a share of at least 0, found \(discount.value)", at: discount.position))
    }
    return problems
  }
}

extension Plan {
  /// Money per unit of what is measured, where that is one number; nil where the measure is money already.
  var valueInOutcome: Double? {
    guard case .same(let value)? = terms.value, [.incremental, .response, .lift].contains(measure) else { return nil }
    return value.value
  }

  /// What the measure is counted in, after a number; empty for no name.
  var measureUnit: String {
    switch measure {
    case .incremental, .response, .lift: labels.outcome.map { " " + $0 } ?? ""
    case .profit: labels.currency.map { " " + $0 } ?? ""
    case .roi: ""
    }
  }
}

/// The terms as numbers: factors of a cell's response by period, and of money by planned period.
struct OutcomeFactors: Sendable {
  /// By the model's cells: whether its response counts.
  var counts: [Bool]
  /// Planned periods, from 0, whose response counts; nil for all, and for those before and after them.
  var window: ClosedRange<Int>?
  var terms: OutcomeTerms

  /// What response is measured in.
  enum Unit {
    /// Of the outcome.
    case outcome
    /// Money that the outcome is worth.
    case value
    /// Money that is left of it, as of the first period.
    case profit
  }

  /// Whether the factors in a unit are all the same as of the outcome.
  func isOutcome(_ unit: Unit) -> Bool {
    switch unit {
    case .outcome: true
    case .value: terms.value == nil
    case .profit: terms.value == nil && terms.margin == nil && terms.discount.value == 0
    }
  }

  private var countsAll: Bool { window == nil && counts.allSatisfy(\.self) }

  /// Of some periods, counted from the first planned one, all times one factor; nil where all are 1.
  func factors(cell: Int, periods: Range<Int>, in unit: Unit, times factor: Double) -> [Double]? {
    if countsAll && isOutcome(unit) && factor == 1 { return nil }
    return periods.map { period in
      guard counts[cell], window?.contains(period) ?? true else { return 0 }
      switch unit {
      case .outcome: return factor
      case .value: return factor * value(of: period)
      case .profit: return factor * value(of: period) * (terms.margin?.number(of: period) ?? 1) * worth(of: period)
      }
    }
  }

  private func value(of period: Int) -> Double { terms.value?.number(of: period) ?? 1 }

  /// Of money in a period, as of the first.
  func worth(of period: Int) -> Double { pow(1 + terms.discount.value, -Double(max(period, 0))) }
}

extension CellNames {
  /// The terms for this posterior; every name that it does not have is a problem.
  mutating func factors(_ terms: OutcomeTerms, over horizon: Horizon) -> OutcomeFactors {
    var counts = modelCells.map { _ in true }
    for counted in terms.labels {
      guard let dim = posterior.dims.firstIndex(where: { [$0.name, $0.name + "s"].contains(counted.dim.value) }) else {
        problems.append(
          PlanProblem(
            "response: no dim \(counted.dim.value), expected window, \(posterior.dims.map { $0.name + "s" }.alternatives)",
            at: counted.dim.position))
        continue
      }
      let known = posterior.dims[dim]
      for label in counted.labels where !known.labels.contains(label.value) {
        problems.append(
          PlanProblem(
            "response.\(counted.dim.value): no \(known.name) \(label.value), expected \(known.labels.alternatives)",
            at: label.position))
      }
      let labels = Set(counted.labels.map(\.value))
      for (index, cell) in modelCells.enumerated() where !labels.contains(cell.labels[dim]) { counts[index] = false }
    }
    return OutcomeFactors(counts: counts, window: window(terms.window, over: horizon), terms: terms)
  }

  private mutating func window(
    _ written: Placed<[OutcomeTerms.PeriodName]>?, over horizon: Horizon
  ) -> ClosedRange<Int>? {
    guard let written else { return nil }
    let count = horizon.periodCount.value
    func wrong(_ found: String) {
      problems.append(
        PlanProblem(
          "response.window: expected the first and the last of the plan's \(count) periods, found \(found)",
          at: written.position))
    }
    let periods = written.value.compactMap(horizon.period)
    guard written.value.count == 2, periods.count == 2, periods[0] <= periods[1] else {
      let hasDays = written.value.contains { if case .day = $0 { true } else { false } }
      wrong(
        hasDays && horizon.start == nil
          ? "a day, and no horizon.start" : written.value.map(\.inWords).joined(separator: " to "))
      return nil
    }
    return periods[0]...periods[1]
  }
}

extension OutcomeTerms.PeriodName {
  /// As it is written.
  public var inWords: String {
    switch self {
    case .number(let number): "\(number)"
    case .day(let day): "\(day)"
    }
  }
}
