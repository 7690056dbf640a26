import Planning

/// An option that stands for a key of the plan: `--budget 5e6` for `--set budget.total=5e6`.
struct OptionSetting {
  /// As the command has it: `--budget`.
  var option: String
  var key: String
  /// As YAML.
  var value: String

  /// As `--set` takes it.
  var text: String { "\(key)=\(value)" }
}

extension PlanProblems {
  /// The same, with what is wrong with a setting that stands for an option said of the option.
  func naming(_ options: [OptionSetting]) -> PlanProblems {
    var own = self
    for index in own.problems.indices {
      let source = own.problems[index].position?.source
      guard let option = options.last(where: { "--set \($0.key)" == source }) else { continue }
      own.problems[index].position?.source = option.option
    }
    return own
  }
}
