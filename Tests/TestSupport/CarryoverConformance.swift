public import ResponseModel
public import Testing

/// Fails the test unless lag weights keep the promises of `Carryover` at each of the parameter rows: in every window they are
/// finite and not negative, some media are felt, so that they can be normalised, and what stood in the memory does not matter.
public func expectCarryover(
  _ family: any Carryover.Type, parameters rows: [[Double]], sourceLocation: SourceLocation = #_sourceLocation
) {
  func expect(_ condition: Bool, _ row: [Double], _ complaint: @autoclosure () -> String) {
    guard !condition else { return }
    let complaint = complaint()
    Issue.record("\(family.name) \(row): \(complaint)", sourceLocation: sourceLocation)
  }
  func weights(_ row: [Double], window: Int, over memory: Double) -> [Double] {
    var weights = [Double](repeating: memory, count: window)
    var span = weights.mutableSpan
    family.fill(&span, row.span)
    return weights
  }
  for row in rows {
    expect(row.count == family.parameters.count, row, "it has \(family.parameters.count) parameters")
    for (value, parameter) in zip(row, family.parameters) {
      expect(parameter.domain.contains(value), row, "\(parameter.name) is not \(parameter.domain.description)")
    }
    for window in [1, 2, 8, 60] {
      let found = weights(row, window: window, over: 0)
      expect(found.allSatisfy { $0 >= 0 && $0.isFinite }, row, "the weights of a window of \(window) are \(found)")
      expect(found.reduce(0, +) > 0, row, "nothing is felt in a window of \(window)")
      expect(found == weights(row, window: window, over: 9), row, "the weights depend on what was in memory")
    }
  }
}
