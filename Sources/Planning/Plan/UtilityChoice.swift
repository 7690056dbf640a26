public import ResponseModel
import Tables

/// A utility by its name in plan files, with its options.
public struct UtilityChoice: Sendable, Equatable {
  /// As plan files spell it: `expected_shortfall`.
  public var name: Placed<String>
  /// In the catalogue's order where a file was read; those not listed have their defaults.
  public var options: [UtilityOption]

  public init(name: Placed<String>, options: [UtilityOption] = []) {
    self.name = name
    self.options = options
  }
}

/// One option of a utility: `tail: 0.1`, `compat: pymc`.
public struct UtilityOption: Sendable, Equatable {
  /// As plan files spell it: `tail`.
  public var name: Placed<String>
  /// A number or a word.
  public var value: Placed<UtilityEntry.Value>

  public init(name: Placed<String>, value: Placed<UtilityEntry.Value>) {
    self.name = name
    self.value = value
  }
}

extension UtilityChoice {
  /// `expected_shortfall {tail: 0.1}`, every default made visible.
  public var description: String {
    let given = Dictionary(options.map { ($0.name.value, $0.value.value) }, uniquingKeysWith: { first, _ in first })
    let shown = (UtilityCatalogue.entry(named: name.value)?.options ?? []).compactMap { option -> String? in
      switch given[option.name] ?? option.defaultValue {
      case .number(let number): "\(option.name): \(number)"
      case .word(let word): "\(option.name): \(word)"
      case nil: nil
      }
    }
    return shown.isEmpty ? name.value : "\(name.value) {\(shown.joined(separator: ", "))}"
  }
}

extension UtilityChoice {
  /// Of the catalogue, its options known, within their domains, and all there.
  func brokenConditions() -> [PlanProblem] {
    guard let entry = UtilityCatalogue.entry(named: name.value) else {
      let guess =
        nearest(to: name.value, in: UtilityCatalogue.entries.map(\.name)).map { ", did you mean \($0)?" } ?? ""
      return [PlanProblem("unknown utility \(name.value)\(guess)", at: name.position)]
    }
    var problems: [PlanProblem] = []
    for given in options {
      guard let option = entry.options.first(where: { $0.name == given.name.value }) else {
        problems.append(PlanProblem("\(name.value) has no option \(given.name.value)", at: given.name.position))
        continue
      }
      if !option.domain.contains(given.value.value) {
        problems.append(
          PlanProblem("\(name.value).\(option.name): expected \(option.domain.inWords)", at: given.value.position))
      }
    }
    let names = Set(options.map(\.name.value))
    for group in entry.alternatives where group.count(where: names.contains) != 1 {
      problems.append(
        PlanProblem("\(name.value): expected exactly one of \(group.joined(separator: ", "))", at: name.position))
    }
    let free = Set(entry.alternatives.joined())
    for option in entry.options where option.defaultValue == nil && !option.mayBeLeftOut && !free.contains(option.name)
    {
      if !names.contains(option.name) {
        problems.append(
          PlanProblem("\(name.value) lacks \(option.name), expected \(option.domain.inWords)", at: name.position))
      }
    }
    return problems
  }
}
