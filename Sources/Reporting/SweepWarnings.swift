import Planning

/// Warnings of several plans for a terminal: what all of them share once, else with the plans that it is of; how far any leaves what was observed in one
/// sentence.
///
/// - Parameter plans: each by the name that its table has.
func warnings(of plans: [(name: String, answer: Recommendation)]) -> [String] {
  let start = [Recommendation.CellResult].departureStart
  var others: [(text: String, plans: [String])] = []
  for (name, answer) in plans {
    for warning in answer.warnings where !warning.hasPrefix(start) {
      if let place = others.firstIndex(where: { $0.text == warning }) {
        others[place].plans.append(name)
      } else {
        others.append((warning, [name]))
      }
    }
  }
  let leaving = plans.map { (name: $0.name, words: $0.answer.cells.inWords) }.filter { !$0.words.isEmpty }
  let far = leaving.prefix(mostNamed).map { name, words in
    "\(name): \(words.prefix(mostNamed).joined(separator: ", "))\(words.count > mostNamed ? " and \(words.count - mostNamed) more" : "")"
  }
  let rest = leaving.count > mostNamed ? "; and in \(leaving.count - mostNamed) more" : ""
  return others.map { text, names in
    names.count == plans.count ? text : "\(text) (\(shortened(names)))"
  }
    + (leaving.isEmpty
      ? []
      : ["\(start), in \(leaving.count) of \(countText(plans.count, "plan")). \(far.joined(separator: "; "))\(rest)"])
}

/// As many plans, and as many cells of a plan, as a warning names.
private let mostNamed = 4

private func shortened(_ names: [String]) -> String {
  names.prefix(mostNamed).joined(separator: ", ")
    + (names.count > mostNamed ? " and \(names.count - mostNamed) more" : "")
}
