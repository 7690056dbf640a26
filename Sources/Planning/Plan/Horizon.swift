/// The periods planned for, and what else of time counts.
public struct Horizon: Sendable, Equatable {
  /// How long a period is: that of the model.
  public enum Step: String, Sendable, CaseIterable { case day, week, month }

  /// At least 1.
  public var periodCount: Placed<Int>
  /// The first period's first day; nil where periods have numbers only.
  public var start: CalendarDate?
  /// The length of a period.
  public var step: Step
  /// Nil: where the posterior has a contiguous history.
  public var carryIn: Placed<Bool>?
  /// Whether the effect after the last period counts.
  public var carryOver: Bool
  /// Whether the response over the observed periods counts, under the measure `response`.
  public var includeHistory: Placed<Bool>

  /// By default weeks, carry-in where the history is contiguous, carry-over, and no history in the response.
  public init(
    periodCount: Placed<Int>, start: CalendarDate? = nil, step: Step = .week, carryIn: Placed<Bool>? = nil,
    carryOver: Bool = true, includeHistory: Placed<Bool> = Placed(false)
  ) {
    self.periodCount = periodCount
    self.start = start
    self.step = step
    self.carryIn = carryIn
    self.carryOver = carryOver
    self.includeHistory = includeHistory
  }
}
