/// A utility as plan files spell it: its name, its options, and how it is made from them.
public struct UtilityEntry: Sendable {
  public enum Value: Sendable, Equatable {
    case number(Double)
    case word(String)
  }

  /// One option: what it means, what it may be, and what it is when a plan does not say.
  public struct Option: Sendable {
    public enum Domain: Sendable, Equatable {
      /// Numbers of a kind, in words for messages ("a share above 0, at most 1") and as limits; either may be infinite,
      /// and is then not included.
      case number(lower: Double, upper: Double, lowerIncluded: Bool, upperIncluded: Bool, inWords: String)
      /// One of these words.
      case words([String])

      public func contains(_ value: Value) -> Bool {
        switch (self, value) {
        case (.number(let lower, let upper, let lowerIncluded, let upperIncluded, _), .number(let x)):
          x.isFinite && (lowerIncluded ? x >= lower : x > lower) && (upperIncluded ? x <= upper : x < upper)
        case (.words(let words), .word(let word)): words.contains(word)
        case (.number, .word), (.words, .number): false
        }
      }

      public var inWords: String {
        switch self {
        case .number(_, _, _, _, let inWords): inWords
        case .words(let words): words.joined(separator: " or ")
        }
      }
    }

    public var name: String
    public var meaning: String
    public var domain: Domain
    /// Nil: the plan must say a number, and may leave out a word.
    public var defaultValue: Value?
    /// Whether the option is in the unit of the outcome, and so is rescaled with it.
    public var isInOutcomeUnits: Bool

    public init(
      _ name: String, _ meaning: String, _ domain: Domain, defaultValue: Value? = nil, isInOutcomeUnits: Bool = false
    ) {
      self.name = name
      self.meaning = meaning
      self.domain = domain
      self.defaultValue = defaultValue
      self.isInOutcomeUnits = isInOutcomeUnits
    }
  }

  public var name: String
  /// One line for help and tables: the formula, or the promise.
  public var summary: String
  public var options: [Option]
  /// Groups of options of which exactly one must be given: `blend` takes `tail` or `level`.
  public var alternatives: [[String]]
  private let build: @Sendable (UtilityOptions) -> any Utility

  public init(
    name: String, summary: String, options: [Option] = [], alternatives: [[String]] = [],
    build: @escaping @Sendable (UtilityOptions) -> any Utility
  ) {
    self.name = name
    self.summary = summary
    self.options = options
    self.alternatives = alternatives
    self.build = build
  }

  /// The utility with these options, already checked against `options` and with every default filled in.
  public func make(_ options: UtilityOptions) -> any Utility { build(options) }
}

/// Checked options of one utility, by name.
public struct UtilityOptions: Sendable, Equatable {
  public var values: [String: UtilityEntry.Value]
  /// Periods planned for: `compat: pymc` measures some utilities per period.
  public var periodCount: Int

  public init(_ values: [String: UtilityEntry.Value], periodCount: Int) {
    self.values = values
    self.periodCount = periodCount
  }

  /// Nil where the option is not given.
  public func number(_ name: String) -> Double? {
    if case .number(let value) = values[name] { value } else { nil }
  }

  public func word(_ name: String) -> String? {
    if case .word(let value) = values[name] { value } else { nil }
  }
}

/// The utilities that plan files can name. A utility is added here in one line; its entry stands in its own file.
public enum UtilityCatalogue {
  public static let entries: [UtilityEntry] = [Mean.entry]

  public static func entry(named name: String) -> UtilityEntry? { entries.first { $0.name == name } }
}
