public import ResponseModel

/// The commented plan that a person starts from.
public enum PlanTemplate {
  /// A plan for a posterior that runs as it is: its channels, the periods after its last observed one, and the money spent
  /// over as many periods before, to three digits. Media are taken for money where the file does not know what they cost.
  ///
  /// A posterior without a history gets numbers that run too, marked as placeholders.
  ///
  /// - Parameters:
  ///   - choice: how it was read, the paths as the plan file will have them: relative to its own folder.
  ///   - isGuessed: whether the names in the file suggested the choice's model.
  public static func text(for posterior: Posterior, read choice: PosteriorChoice, isGuessed: Bool = false) -> String {
    let window = Window(posterior)
    let knowsSpend = posterior.cells.contains { !$0.spendHistory.isEmpty }
    let spent = posterior.cells.reduce(0) { sum, cell in
      sum + (knowsSpend ? cell.spendHistory : cell.history).suffix(window.periodCount).reduce(0, +)
    }
    return text(
      Content(
        dims: posterior.dims.map(\.name), channels: posterior.channels, window: window,
        spent: spent.isFinite && spent > 0 ? spent : nil, knowsSpend: knowsSpend,
        reading: reading(choice, isGuessed: isGuessed)))
  }

  /// A plan for a file of Meridian's draws, whose data and settings are to be written where it says so before it runs.
  ///
  /// - Parameter posteriorPath: as the plan file will have it, relative to its own folder.
  public static func text(for contents: MeridianContents, posteriorPath: String) -> String {
    let missing = contents.model.keys.map { "\n  # FILL IN: \($0.meaning)\n  # \($0.key): \($0.value)" }.joined()
    let group = contents.model.group == .posterior ? "" : "\n  group: \(contents.model.group.rawValue)"
    return text(
      Content(
        dims: contents.dims.map(\.name), channels: contents.dims[0].labels, window: Window(), spent: nil,
        knowsSpend: contents.model.data.spend != nil,
        reading: "\(file([posteriorPath]))\n  format: \(PosteriorChoice.Format.meridian.rawValue)\(group)\(missing)"))
  }

  /// A plan for a file of draws whose names do not tell all of its model: `NAME` is to be replaced before it runs.
  ///
  /// - Parameter choice: how it was read, the paths as the plan file will have them: relative to its own folder.
  public static func text(for variables: DrawVariables, read choice: PosteriorChoice) -> String {
    let model = variables.suggestion.model
    let missing = variables.suggestion.missing.map { "posterior.model.\($0)" }.joined(separator: ", ")
    return text(
      Content(
        dims: model.dims, channels: model.labels(of: model.dims[0]) ?? [], window: Window(), spent: nil,
        knowsSpend: false,
        reading: reading(choice, isGuessed: false)
          + "\n  # FILL IN: \(missing); the rest is GUESSED from the names in the file.\n"
          + model.yaml(indentation: 2).dropLast()))
  }

  /// What a template is made of.
  private struct Content {
    var dims: [String]
    /// None where they are not known.
    var channels: [String]
    var window: Window
    /// Money over as many periods as are planned for; nil where that is not known.
    var spent: Double?
    /// Whether what media cost is known.
    var knowsSpend: Bool
    /// The keys of `posterior:`, from the value of `file` on.
    var reading: String
  }

  private static func reading(_ choice: PosteriorChoice, isGuessed: Bool) -> String {
    var lines = [file(choice.files.map(\.value))]
    if let curves = choice.curves {
      lines += ["format: curves   # point estimates, one row a channel", "curves: \(curves.inYAML)"]
    } else {
      if choice.format != .auto { lines.append("format: \(choice.format.rawValue)") }
      let draws = choice.draws.map { "\($0.value)" } ?? "all"
      lines.append("draws: \(draws)   # all, or a number of them, thinned evenly, for a quick look")
    }
    if let meridian = choice.meridian {
      if meridian.group != .posterior { lines.append("group: \(meridian.group.rawValue)") }
      lines += meridian.keys.map { "\($0.key): \($0.value)" }
    }
    let guessed =
      "  # GUESSED from the names in the file: compare families, window, order and scales with your model.\n"
    let model = choice.model.map { "\n" + (isGuessed ? guessed : "") + $0.yaml(indentation: 2).dropLast() }
    return lines.joined(separator: "\n  ") + (model ?? "")
  }

  private static func file(_ paths: [String]) -> String {
    (paths.count == 1 ? paths[0].inYAML : paths.inYAML)
      + (paths.contains { $0.hasPrefix("/") } ? "" : "   # relative to this file")
  }

  private static func text(_ content: Content) -> String {
    let (dims, channels, window) = (content.dims, content.channels, content.window)
    let budget = content.spent.map { rounded($0) } ?? 1_000_000
    let placeholder = "PLACEHOLDER: the model file has no history, put your own number here"
    let countNote = window.isObserved ? "periods planned for" : placeholder
    let budgetNote =
      content.spent != nil
      ? "money over all periods: what the last \(window.periodCount) observed ones cost" : placeholder
    let start = window.start.map { "start: \($0)   # the first day after the model's last period" }
    let even = rounded(budget / Double(max(1, channels.count))).inYAML
    let amounts = channels.map { "\($0.inYAML): \(even)" }.joined(separator: ", ")
    let limits = channels.map { "  # \($0.inYAML): [0, \(budget.inYAML)]" }
    let utilities = UtilityCatalogue.entries.map { entry in
      let options = entry.options.isEmpty ? "" : " (\(entry.options.map(\.name).joined(separator: ", ")))"
      return "#   \(entry.name)\(options): \(entry.summary)"
    }

    return """
      # A plan for apportion: how to spend a budget, by a fitted model and all of its posterior draws.
      # Run it:   apportion optimise THIS_FILE
      # Check it: apportion check THIS_FILE

      posterior:
        file: \(content.reading)

      horizon:
        num_periods: \(window.periodCount)   # \(countNote)
        \(start ?? "# start: 2024-07-01   # names the periods by their first day")
        step: \(window.step.rawValue)   # day, week or month
        carry_over: true   # count the effect after the last period

      budget:
        total: \(budget.inYAML)   # \(budgetNote)
        spend: exactly   # or at_most, or {range: [least, most]}

      # How each channel's money is spread over the periods: uniform, history, shares of your own or a CSV file.
      distribution: \(content.knowsSpend ? "history" : "uniform")
      \(panel(dims, knowsSpend: content.knowsSpend))
      # The plan to beat. Without it: history's shares at this budget.
      # current: {\(amounts)}

      # What is maximised over the draws of the outcome. The mean takes no heed of risk. For a plan that holds up in the
      # worst tenth of the draws:
      # utility: {expected_shortfall: {tail: 0.1}}
      utility: mean
      # All of them, with their options:
      \(utilities.joined(separator: "\n"))

      # Limits on each channel's money over the horizon. Without them: from 0 to the whole budget.
      bounds:
        # default: {relative: 0.5}   # at most half as much again as in the current plan, at least half of it
      \(limits.joined(separator: "\n"))

      # Limits on sums, settled amounts, channels that are off or at least at an amount. Shares are of the budget.
      # constraints:
      #   - {group: [\(channels.prefix(2).map(\.inYAML).joined(separator: ", "))], at_most: {share: 0.6}, name: cap}
      #   - {off_or_at_least: \(channels.first?.inYAML ?? "channel"), spend: \((budget / 20).inYAML)}
      # Money in multiples:
      # rounding: {unit: 100}

      # Channels that are not to be moved.
      # decide: {\(dims.count > 1 ? "by: [\(dims[0].inYAML)], " : "")except: [\(channels.first?.inYAML ?? "channel")], hold: current}

      # Where the search begins. auto tries every start; the others are named after the solvers of SciPy that begin as they do:
      # \(SolverMethod.allCases.dropFirst().map(\.rawValue).joined(separator: ", ")). Whichever it is, the answer is no worse than its gap says.
      # solver: {method: auto}

      output:
        folder: results

      """
  }

  /// What is said of a posterior of several dims, and of one that knows what media cost.
  private static func panel(_ dims: [String], knowsSpend: Bool) -> String {
    var lines = ""
    if knowsSpend {
      lines +=
        "\n# What a unit of media costs: as in those periods; or a number, or one for each period, by channel.\n"
        + "cost_per_unit: history\n"
    }
    if dims.count > 1 {
      lines +=
        "\n# What an amount is decided for. The dims that are not named share it as the distribution says.\n"
        + "decide: {by: [\(dims[0].inYAML)]}   # or [\(dims.map(\.inYAML).joined(separator: ", "))]\n"
    }
    return lines
  }

  /// The periods to plan for, by the step of the observed ones.
  private struct Window {
    var step = Horizon.Step.week
    var start: CalendarDate?
    var periodCount = 13
    /// Whether there were any.
    var isObserved = false

    init() {}

    init(_ posterior: Posterior) {
      isObserved = !posterior.dates.isEmpty
      if posterior.format == PointCurves.formatName {
        periodCount = posterior.cells.allSatisfy { $0.saturation == HillBottom.self } ? 52 : 1
      }
      let dates = posterior.dates.compactMap { CalendarDate(String($0.prefix(10))) }
      guard let last = dates.last else { return }
      if dates.count > 1, dates.count == posterior.dates.count {
        let before = dates[dates.count - 2]
        switch last.days(since: before) {
        case 1: (step, periodCount, start) = (.day, 28, last.adding(days: 1))
        case 7: start = last.adding(days: 7)
        case 28...31: (step, periodCount, start) = (.month, 3, last.adding(months: 1))
        default: break
        }
      }
      periodCount = max(1, min(periodCount, dates.count))
    }
  }

  /// To three digits.
  private static func rounded(_ money: Double) -> Double {
    var unit = 1.0
    while money / unit >= 1000 { unit *= 10 }
    while money / unit < 100 { unit /= 10 }
    let digits = (money / unit).rounded()
    return unit >= 1 ? digits * unit : digits / (1 / unit).rounded()
  }
}
