// Runs of periods with spend and without.

extension PeriodFlight {
  /// The same with all periods that runs leave no choice; nil where they contradict each other.
  func completed(_ isOn: [Bool?]) -> [Bool?]? {
    var states = isOn
    guard holds(states) else { return nil }
    var isChanged = true
    while isChanged {
      isChanged = false
      for period in states.indices where states[period] == nil {
        let possible = [true, false].filter { side in
          var trial = states
          trial[period] = side
          return holds(trial)
        }
        guard let side = possible.first else { return nil }
        if possible.count == 1 {
          states[period] = side
          isChanged = true
        }
      }
    }
    return states
  }

  /// Whether every run that has begun and ended within the plan can still be long enough.
  private func holds(_ states: [Bool?]) -> Bool {
    for period in states.indices.dropFirst() {
      guard let isOn = states[period], let before = states[period - 1], isOn != before else { continue }
      // What begins here goes on, or to the end of the plan.
      let length = isOn ? onAtLeast : offAtLeast
      if states[period..<min(period + length, states.count)].contains(!isOn) { return false }
      // What ends here began long enough ago, or before the plan.
      let ended = before ? onAtLeast : offAtLeast
      if states[max(0, period - ended)..<period].contains(!before) { return false }
    }
    return true
  }

  /// Runs made long enough: what is too short on goes on, what is too short off is spent in.
  func mended(_ isOn: [Bool]) -> [Bool] {
    var states = isOn
    for _ in 0..<states.count {
      guard let short = shortfall(states) else { return states }
      if short.isOn {
        for period in short.period..<min(short.period + onAtLeast, states.count) { states[period] = true }
      } else {
        var period = short.period
        while period < states.count, !states[period] {
          states[period] = true
          period += 1
        }
      }
    }
    return states
  }

  private func shortfall(_ isOn: [Bool]) -> (period: Int, isOn: Bool)? {
    var start = 0
    for period in isOn.indices where period + 1 == isOn.count || isOn[period + 1] != isOn[period] {
      let length = period + 1 - start
      let isCut = start == 0 || period + 1 == isOn.count
      if !isCut, length < (isOn[period] ? onAtLeast : offAtLeast) { return (start, isOn[period]) }
      start = period + 1
    }
    return nil
  }

  /// The first run that is too short; nil where none is. What is spent before and after the plan is not known.
  func shortfall(_ spend: [Double], tolerance: Double) -> (period: Int, isOn: Bool)? {
    shortfall(variables.map { spend[$0] > tolerance })
  }
}
