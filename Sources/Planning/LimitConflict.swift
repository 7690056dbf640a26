import Foundation
import Optimisation

// Limits that cannot all be met, in the plan's own words.

extension SpendLimits {
  /// The limits in shares of `money`, each of them a row or a choice of its own.
  func system(money: Double) -> RowSystem {
    var system = RowSystem(dimension: names.count, rows: [])
    for limit in limits {
      if case .offOrAtLeast(let cell) = limit.kind {
        system.choices.append(RowSystem.Choice(variable: cell, least: limit.lower / money))
      } else {
        system.rows.append(
          Polytope.Row(
            label: limit.name, coefficients: limit.coefficients.map { $0 / limit.size },
            lower: limit.lower / limit.size / money, upper: limit.upper / limit.size / money))
      }
    }
    return system
  }

  /// Throws a sentence that names the limits that conflict, by how much, and what would help.
  func checkFeasible(money: Double) throws(InfeasiblePlan) {
    let system = system(money: money)
    switch system.verdict() {
    case .feasible(let point):
      guard polytope(money: money).projection(of: point) == nil else { return }
      throw InfeasiblePlan("the limits cannot all be met: they miss each other by little more than rounding")
    case .unknown:
      throw InfeasiblePlan(
        "whether the limits can all be met could not be told: "
          + (system.choices.isEmpty
            ? "some of them are next to parallel, and rounding hides where they meet"
            : "too many cells are off or at least at an amount"))
    case .conflict(let conflict):
      let words = LimitWords(limits: self, system: system, money: money)
      throw InfeasiblePlan(
        words.sentence(conflict), limits: words.limits(of: conflict).map(\.name))
    }
  }
}

/// Limits in sentences, as the plan's own words have them.
struct LimitWords {
  let limits: SpendLimits
  let system: RowSystem
  let money: Double

  func limits(of conflict: RowSystem.Conflict) -> [SpendLimit] {
    var seen: Set<Int> = []
    return conflict.limits.map(place).filter { seen.insert($0).inserted }.map { limits.limits[$0] }
  }

  /// Where a limit of the system stands among the plan's.
  func place(_ limit: RowSystem.Limit) -> Int {
    func places(areChoices: Bool) -> [Int] {
      limits.limits.indices.filter { index in
        if case .offOrAtLeast = limits.limits[index].kind { areChoices } else { !areChoices }
      }
    }
    switch limit {
    case .lower(let row), .upper(let row): return places(areChoices: false)[row]
    case .choice(let choice): return places(areChoices: true)[choice]
    }
  }

  func sentence(_ conflict: RowSystem.Conflict) -> String {
    let own = conflict.limits.map { limits.limits[place($0)] }
    let isSum =
      !conflict.multipliers.isEmpty && conflict.multipliers.allSatisfy { $0 > 1 - 1e-9 }
      && own.allSatisfy { $0.size == 1 }
    let floors = conflict.limits.filter { if case .lower = $0 { true } else { false } }.map(words).unique
    let ceilings = conflict.limits.filter { if case .upper = $0 { true } else { false } }.map(words).unique
    let sentence: String
    if isSum, !floors.isEmpty, !ceilings.isEmpty {
      let shortage = limits.format(conflict.shortage * money)
      sentence = "\(floors.together) \(floors.count == 1 ? "exceeds" : "exceed") \(ceilings.together) by \(shortage)"
    } else {
      let all = conflict.limits.map(words).unique
      sentence = all.count == 1 ? "\(all[0]) cannot be met" : "\(all.together) cannot all be met"
    }
    let unspent =
      own.contains { $0.kind == .budget && $0.lower == $0.upper } && conflict.limits.contains(.lower(0))
      ? "; spend: at_most would leave the rest unspent" : ""
    return sentence + help(conflict) + unspent
  }

  /// The smallest change after which all limits can be met: of one of those that conflict, or of more where that is less in sum.
  private func help(_ conflict: RowSystem.Conflict) -> String {
    if limits.hasIncrement { return "" }
    let relaxation = system.relaxation()
    let least = relaxation.reduce(0) { $0 + $1.amount }
    guard least > 0 else { return "" }
    // A limit moved to where it just helps helps but for rounding.
    let enough = least + 0.1 * RowSystem.tolerance
    var alone: [RowSystem.Limit] = []
    for limit in candidates(conflict, movedBy: enough) {
      if case .upper = limit {
      } else {
        // No sum of money is below nothing.
        let isSigned = limits.limits[place(limit)].coefficients.contains { $0 < 0 }
        guard isSigned || system.end(of: limit) >= least else { continue }
      }
      if system.isFeasible(moving: [limit: enough]) { alone.append(limit) }
      if alone.count > LimitWords.changesNamed { break }
    }
    if !alone.isEmpty {
      let changes = alone.prefix(LimitWords.changesNamed).map { change($0, by: least) }
      return "; it would be enough to \(changes.joined(separator: ", or to "))"
        + (alone.count > changes.count ? ", or to change another of them by as much" : "")
    }
    let moves = Dictionary(
      relaxation.map { ($0.limit, $0.amount + 0.1 * RowSystem.tolerance) }, uniquingKeysWith: max)
    if system.isFeasible(moving: moves) {
      return "; the least that would help is to \(relaxation.map { change($0.limit, by: $0.amount) }.together)"
    }
    // What cells are off or at least at may have no such sum: how far one limit alone has to move is found by halving.
    let single = conflict.limits.prefix(Self.changesTried).lazy.compactMap { limit in
      sufficient(limit).map { change(limit, by: $0) }
    }.prefix(Self.changesNamed)
    return single.isEmpty ? "" : "; it would be enough to \(single.joined(separator: ", or to "))"
  }

  /// How far a limit has to be moved for all to hold; nil where it alone is of no help.
  private func sufficient(_ limit: RowSystem.Limit) -> Double? {
    let end = system.end(of: limit)
    var isUpper = false
    if case .upper = limit { isUpper = true }
    var (low, high) = (0.0, isUpper ? 4 * max(1, abs(end)) : max(0, end))
    guard high > 0, system.isFeasible(moving: [limit: high]) else { return nil }
    for _ in 0..<40 {
      let middle = 0.5 * (low + high)
      if system.isFeasible(moving: [limit: middle]) { high = middle } else { low = middle }
    }
    return high
  }

  /// The limits of a conflict of which moving one may be enough: it moves what they miss each other by by as much as its multiplier says.
  private func candidates(_ conflict: RowSystem.Conflict, movedBy amount: Double) -> [RowSystem.Limit] {
    guard !conflict.multipliers.isEmpty else { return conflict.limits }
    let able = zip(conflict.limits, conflict.multipliers).filter { $0.1 * amount >= conflict.shortage * (1 - 1e-6) }
    return able.prefix(LimitWords.changesTried).map(\.0)
  }

  /// Of a long chain of limits each takes a linear program over all of them.
  private static let changesTried = 24

  /// Changes each of which is enough: more are not spelled out.
  private static let changesNamed = 4

  /// `tv at least 500,000.00`
  func words(_ limit: RowSystem.Limit) -> String {
    let own = limits.limits[place(limit)]
    let isExact = own.lower == own.upper
    func at(_ end: Double) -> String { limits.format(end) }
    switch (own.kind, limit) {
    case (.budget, .lower):
      return isExact ? "budget \(at(own.lower)), to be spent exactly," : "budget at least \(at(own.lower))"
    case (.budget, _): return "budget \(at(own.upper))"
    case (.offOrAtLeast, _): return "\(called(own))off or at least \(at(own.lower))"
    case (.sum, _) where isExact: return self.own(own)
    case (.bounds, _) where isExact: return "\(called(own))at \(at(own.lower))"
    case (_, .lower): return "\(called(own))at least \(at(own.lower))"
    case (_, .upper), (_, .choice): return "\(called(own))at most \(at(own.upper))"
    }
  }

  /// A whole limit: `budget exactly 600.00`, `tv 0.00 to 250.00`.
  func own(_ limit: SpendLimit) -> String {
    func at(_ end: Double) -> String { limits.format(end) }
    if case .offOrAtLeast = limit.kind { return "\(called(limit))off or at least \(at(limit.lower))" }
    if limit.lower == limit.upper {
      return "\(called(limit))\(limit.name == "\(limit.subject) fixed" ? "fixed at" : "exactly") \(at(limit.lower))"
    }
    if !limit.lower.isFinite || limit.lower == 0 && limit.coefficients.allSatisfy({ $0 >= 0 }) {
      return "\(called(limit))at most \(limit.upper.isFinite ? at(limit.upper) : "anything")"
    }
    return "\(called(limit))"
      + (limit.upper.isFinite ? "\(at(limit.lower)) to \(at(limit.upper))" : "at least \(at(limit.lower))")
  }

  /// What is limited, after the name that the plan gives the limit, if it does.
  private func called(_ limit: SpendLimit) -> String {
    let unnamed = ["", " fixed", " off or at least"].map { limit.subject + $0 }
    let isNamed = limit.kind != .budget && !unnamed.contains(limit.name)
    return isNamed ? "'\(limit.name)', \(limit.subject) " : "\(limit.subject) "
  }

  /// `raise budget to 580,000.00`
  private func change(_ limit: RowSystem.Limit, by amount: Double) -> String {
    let own = limits.limits[place(limit)]
    let step = amount * own.size * money
    let end: String
    switch (own.kind, limit) {
    case (.budget, _): end = "the budget"
    case (.bounds, _) where own.lower == own.upper: end = own.subject
    case (.bounds, .lower): end = "\(own.subject)'s floor"
    case (.bounds, _): end = "\(own.subject)'s cap"
    case (.offOrAtLeast, _): end = "\(own.subject)'s least"
    case (.sum, _): end = own.name
    }
    switch limit {
    case .upper: return "raise \(end) to \(limits.format(outward(own.upper + step, .up)))"
    case .lower, .choice: return "lower \(end) to \(limits.format(outward(own.lower - step, .down)))"
    }
  }

  /// As many digits as are shown, so that what is shown is enough.
  private func outward(_ amount: Double, _ rule: FloatingPointRoundingRule) -> Double {
    if abs(amount) <= RowSystem.tolerance * money { return 0 }
    let digit = abs(amount) >= 1 ? 0.01 : pow(10, (log10(abs(amount))).rounded(.down) - 3)
    let nearest = (amount / digit).rounded() * digit
    return abs(nearest - amount) <= 1e-9 * abs(amount) ? nearest : (amount / digit).rounded(rule) * digit
  }
}

extension [String] {
  /// `a, b and c`; of very many the first and how many more.
  fileprivate var together: String {
    let named = 12
    guard let last else { return "" }
    if count > named + 1 { return (prefix(named) + ["\(count - named) more"]).together }
    // One of them ends in a comma of its own.
    let others = dropLast().map { $0.hasSuffix(",") ? String($0.dropLast()) : $0 }
    return count == 1 ? last : others.joined(separator: ", ") + " and " + last
  }

  /// Each once, in order.
  fileprivate var unique: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
