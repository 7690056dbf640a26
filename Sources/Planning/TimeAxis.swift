import NumericKernel
import ResponseModel

// The plan's periods beside those that were observed.

extension CellNames {
  /// Whether history is carried in, as the plan says or else where it can be.
  mutating func carryIn(_ horizon: Horizon, over window: ObservedWindow, warnings: inout [String]) -> Bool {
    let hasHistory = window.first > 0 && modelCells.contains { !$0.history.isEmpty }
    if horizon.carryIn?.value == true {
      for cell in modelCells where !window.carriedIn(cell).allSatisfy(\.isFinite) {
        problems.append(
          PlanProblem(
            "carry_in: expected the \(cell.window) observed periods of \(cell.name) before the plan whole, found one without media",
            at: horizon.carryIn?.position))
      }
    }
    guard let wanted = horizon.carryIn else {
      if hasHistory && !posterior.isContiguous {
        warnings.append(
          "history has holes, so that nothing is carried in from it; carry_in: true would do so all the same")
      }
      if horizon.includeHistory.value && !(hasHistory && posterior.isContiguous) {
        problems.append(
          PlanProblem(
            "include_history: expected a posterior with a contiguous history, found none",
            at: horizon.includeHistory.position))
      }
      return hasHistory && posterior.isContiguous
    }
    if wanted.value && !hasHistory {
      problems.append(
        PlanProblem("carry_in: expected a posterior with observed media, found none", at: wanted.position))
    }
    if !wanted.value && horizon.includeHistory.value {
      problems.append(
        PlanProblem(
          "include_history: expected carry_in: true beside it, found false", at: horizon.includeHistory.position))
    }
    if wanted.value && !posterior.isContiguous {
      warnings.append("history has holes: the last observed periods are carried in as if they followed each other")
    }
    return wanted.value
  }

  /// The plan's periods among the observed ones; they must be as long as the model's, and begin where one of them does or after
  /// all of them.
  mutating func window(_ horizon: Horizon) -> ObservedWindow {
    let observed = max(posterior.dates.count, modelCells.map(\.history.count).max() ?? 0)
    let count = horizon.periodCount.value
    let following = ObservedWindow(count: observed, first: observed, periodCount: count)
    let dates = posterior.dates.compactMap { CalendarDate($0) }
    guard dates.count >= 2, dates.count == posterior.dates.count, let last = dates.last else { return following }
    let days = last.days(since: dates[dates.count - 2])
    // Twenty-eight days may be four weeks or a February: nothing is said of them.
    let step: Horizon.Step? = days == 1 ? .day : days == 7 ? .week : (29...31).contains(days) ? .month : nil
    if let step, step != horizon.step {
      problems.append(
        PlanProblem(
          "horizon.step: expected \(step.rawValue), as the posterior's periods are \(days) "
            + "\(days == 1 ? "day" : "days") apart, found \(horizon.step.rawValue)"))
    }
    guard let start = horizon.start else { return following }
    if start <= last {
      guard let first = dates.firstIndex(of: start) else {
        problems.append(
          PlanProblem(
            "horizon.start: expected the first day of an observed period, or a day after \(last), found \(start)"))
        return following
      }
      return ObservedWindow(count: observed, first: first, periodCount: count)
    }
    let periods =
      step == .month
      ? 12 * (start.year - last.year) + start.month - last.month
      : Int((Double(start.days(since: last)) / Double(max(days, 1))).rounded())
    return ObservedWindow(count: observed, first: observed + max(periods, 1) - 1, periodCount: count)
  }

  /// What is carried in is felt as if the plan followed it: said where it does not.
  func checkFollowing(_ window: ObservedWindow, _ horizon: Horizon, warnings: inout [String]) {
    guard window.first > window.count, let start = horizon.start else { return }
    let missing = window.first - window.count
    warnings.append(
      "the plan starts on \(start), \(missing) \(horizon.step.rawValue)\(missing == 1 ? "" : "s") after what was observed ends: "
        + "what is carried in from there is felt as if the one followed the other (carry_in: false leaves it out)")
  }

  /// What a unit of a cell's response is worth, from the first period that is carried in to the last in which the plan is felt.
  func worths(_ cell: Cell, carriedIn: Int, carryOver: Bool, over window: ObservedWindow) -> PeriodWorths {
    let periods = -carriedIn..<window.periodCount + (carryOver ? cell.window - 1 : 0)
    switch cell.worth {
    case .one: return .one
    case .observed(let worths):
      return .shared(periods.map { worths[$0 < 0 ? min(window.first, window.count) + $0 : window.observed($0)] })
    case .varying(let multiplier):
      let first = { $0 < 0 ? min(window.first, window.count) + $0 : window.first + $0 }
      return .drawn(DrawMatrix(columns: periods.map { multiplier.values(at: first($0)) }, drawCount: cell.drawCount))
    }
  }

  /// What is assumed of worths in periods that nobody has observed.
  func checkWorths(_ horizon: Horizon, over window: ObservedWindow, warnings: inout [String]) {
    let end = window.first + window.periodCount
    let isBeyond = modelCells.contains { cell in
      if case .observed(let worths) = cell.worth { end > window.count && Set(worths).count > 1 } else { false }
    }
    if isBeyond {
      warnings.append(
        "what a unit of the outcome earns is known for the observed periods: the planned ones take that of the last "
          + "\(min(window.periodCount, window.count)) of them")
    }
    let lastTimes = modelCells.compactMap { cell -> Double? in
      guard case .varying(let multiplier) = cell.worth else { return nil }
      return multiplier.lastTime - Double(horizon.carryOver ? cell.window - 1 : 0)
    }
    if let last = lastTimes.min(), Double(end - 1) > last {
      warnings.append(
        "the media's time-varying multiplier was fitted for \(max(0, Int(last) + 1 - window.count)) periods after the observed ones, "
          + "and the plan is felt beyond: there it repeats itself, and says nothing of the future")
    }
  }
}
