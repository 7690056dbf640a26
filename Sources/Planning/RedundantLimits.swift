import Optimisation

extension SpendLimits {
  /// Limits that the others imply, each in a sentence: harmless, and perhaps not what was meant. Of limits that imply each other the
  /// first is kept; bounds of every cell are not looked at.
  func redundancies(money: Double) -> [String] {
    let system = system(money: money)
    let words = LimitWords(limits: self, system: system, money: money)
    var kept = system.limits
    var sentences: [String] = []
    for index in limits.indices.reversed() where limits[index].kind != .budget && !limits[index].isCommon {
      let limit = limits[index]
      if case .offOrAtLeast(let cell) = limit.kind {
        if lower[cell] >= limit.lower {
          sentences.append("\(words.own(limit)) never matters: \(names[cell]) spends at least that")
        }
        continue
      }
      let own = kept.filter { words.place($0) == index }
      // Money is never below nothing.
      let ends = own.filter { end in
        if case .lower = end { system.end(of: end) > 0 || limit.coefficients.contains { $0 < 0 } } else { true }
      }
      let implied = ends.filter { end in system.isImplied(end, by: kept.filter { $0 != end }) }
      guard !implied.isEmpty, limit.lower < limit.upper || implied.count == ends.count else { continue }
      kept.removeAll { implied.contains($0) }
      let twin = limits[..<index].first { other in
        other.coefficients == limit.coefficients && other.lower == limit.lower && other.upper == limit.upper
          && other.kind != .budget
      }
      let said = limit.lower == limit.upper ? [words.words(implied[0])] : implied.map { words.words($0) }
      sentences += said.map { words in
        twin.map { "\(words) is said twice: \($0.name) says it too" }
          ?? "\(words) never matters: the other limits imply it"
      }
    }
    return sentences.reversed()
  }

  /// Every limit, in words and money: bounds of every cell by cell.
  func inWords(money: Double) -> [String] {
    let words = LimitWords(limits: self, system: system(money: money), money: money)
    return limits.map { words.own($0) }
  }
}
