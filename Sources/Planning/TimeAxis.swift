import ResponseModel

// The plan's periods beside those that were observed.

extension CellNames {
  /// Whether history is carried in, as the plan says or else where it can be.
  mutating func carryIn(_ horizon: Horizon, hasHistory: Bool, warnings: inout [String]) -> Bool {
    if horizon.carryIn?.value == true {
      for cell in cells where !cell.history.suffix(cell.window).allSatisfy(\.isFinite) {
        problems.append(
          PlanProblem(
            "carry_in: expected the last \(cell.window) observed periods of \(cell.name) whole, found one without media",
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

  /// The plan's periods must be the model's: as long, and following what was observed.
  mutating func checkTimeAxis(_ horizon: Horizon, carriesIn: Bool, warnings: inout [String]) {
    let last = posterior.dates.suffix(2).compactMap { CalendarDate($0) }
    guard last.count == 2 else { return }
    let days = last[1].days(since: last[0])
    // Twenty-eight days may be four weeks or a February: nothing is said of them.
    let step: Horizon.Step? = days == 1 ? .day : days == 7 ? .week : (29...31).contains(days) ? .month : nil
    if let step, step != horizon.step {
      problems.append(
        PlanProblem(
          "horizon.step: expected \(step.rawValue), as the posterior's periods are \(days) "
            + "\(days == 1 ? "day" : "days") apart, found \(horizon.step.rawValue)"))
    }
    guard carriesIn, step == horizon.step, let start = horizon.start else { return }
    let next = step == .month ? last[1].adding(months: 1) : last[1].adding(days: days)
    if start != next {
      warnings.append(
        "the plan starts on \(start), but what is carried in from history ends before \(next): it is felt as if the one "
          + "followed the other (carry_in: false leaves it out)")
    }
  }
}
