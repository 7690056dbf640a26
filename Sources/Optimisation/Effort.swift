import NumericKernel

/// What a search has spent, and when it has to end.
struct Effort {
  let deadline: ContinuousClock.Instant?
  var evaluations = 0

  init(until deadline: ContinuousClock.Instant?) { self.deadline = deadline }

  var isOver: Bool { deadline.map { SearchClock.now >= $0 } ?? SearchClock.isInterrupted }
}

/// A change of a value of this size that is smaller than what it returns may be rounding: sums over thousands of terms are
/// good to some tens of units in the last place.
func rounding(of value: Double) -> Double { 32 * Double.ulpOfOne * abs(value) }
