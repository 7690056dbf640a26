/// A utility as plan files spell it: its name, its options, and how it is made from them.
public struct UtilityEntry: Sendable {
  /// What an option is given as.
  public enum Value: Sendable, Equatable {
    case number(Double)
    case word(String)
  }

  /// One option: what it means, what it may be, and what it is when a plan does not say.
  public struct Option: Sendable {
    /// What an option may be.
    public enum Domain: Sendable, Equatable {
      /// Numbers of a kind, in words for messages ("a share above 0, at most 1") and as limits; either may be infinite,
      /// and is then not included.
      case number(lower: Double, upper: Double, lowerIncluded: Bool, upperIncluded: Bool, inWords: String)
      /// One of these words.
      case words([String])

      /// Whether the option may be this value; a value of the other kind never is.
      public func contains(_ value: Value) -> Bool {
        switch (self, value) {
        case (.number(let lower, let upper, let lowerIncluded, let upperIncluded, _), .number(let x)):
          x.isFinite && (lowerIncluded ? x >= lower : x > lower) && (upperIncluded ? x <= upper : x < upper)
        case (.words(let words), .word(let word)): words.contains(word)
        case (.number, .word), (.words, .number): false
        }
      }

      /// As messages say it: "a share above 0, at most 1", or the words with "or" between.
      public var inWords: String {
        switch self {
        case .number(_, _, _, _, let inWords): inWords
        case .words(let words): words.joined(separator: " or ")
        }
      }
    }

    /// As plan files spell it: `tail`.
    public var name: String
    /// What it means, in a few words for help.
    public var meaning: String
    /// What it may be.
    public var domain: Domain
    /// Nil: the plan must say, unless the option may be left out.
    public var defaultValue: Value?
    /// Whether the option has an effect only where it is given.
    public var mayBeLeftOut: Bool

    /// By default the plan must give it.
    public init(
      _ name: String, _ meaning: String, _ domain: Domain, defaultValue: Value? = nil, mayBeLeftOut: Bool = false
    ) {
      self.name = name
      self.meaning = meaning
      self.domain = domain
      self.defaultValue = defaultValue
      self.mayBeLeftOut = mayBeLeftOut
    }
  }

  /// As plan files spell it: `expected_shortfall`.
  public var name: String
  /// One line for help and tables: the formula, or the promise.
  public var summary: String
  /// In the order that help shows them.
  public var options: [Option]
  /// Groups of options of which exactly one must be given: `blend` takes `tail` or `level`.
  public var alternatives: [[String]]
  /// What whoever maximises it should be told; nil where there is nothing to tell.
  public var caution: String?
  /// With fewer draws the score says nothing: a ratio to a spread needs two.
  public var minimumDraws: Int
  private let build: @Sendable (UtilityOptions) -> any Utility

  /// By default no options, no caution, and one draw is enough; `build` is given checked options.
  public init(
    name: String, summary: String, options: [Option] = [], alternatives: [[String]] = [],
    caution: String? = nil, minimumDraws: Int = 1, build: @escaping @Sendable (UtilityOptions) -> any Utility
  ) {
    self.name = name
    self.summary = summary
    self.options = options
    self.alternatives = alternatives
    self.caution = caution
    self.minimumDraws = minimumDraws
    self.build = build
  }

  /// The utility with these options, already checked against `options` and with every default filled in.
  public func make(_ options: UtilityOptions) -> any Utility { build(options) }
}

/// Checked options of one utility, by name.
public struct UtilityOptions: Sendable, Equatable {
  /// By the options' names, defaults filled in; one that was left out has no entry.
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

  /// Nil where the option is not given, or is a number.
  public func word(_ name: String) -> String? {
    if case .word(let value) = values[name] { value } else { nil }
  }
}

// Options that several utilities share.

extension UtilityEntry.Option {
  /// A share from 0 to 1, both included.
  static func share(_ name: String, _ meaning: String, defaultValue: Double? = nil) -> UtilityEntry.Option {
    let domain = Domain.number(
      lower: 0, upper: 1, lowerIncluded: true, upperIncluded: true, inWords: "a number from 0 to 1")
    return UtilityEntry.Option(name, meaning, domain, defaultValue: defaultValue.map { .number($0) })
  }

  static func level(_ meaning: String, defaultValue: Double? = nil) -> UtilityEntry.Option {
    share("level", meaning, defaultValue: defaultValue)
  }

  static func tail(_ meaning: String, defaultValue: Double? = nil) -> UtilityEntry.Option {
    let domain = Domain.number(
      lower: 0, upper: 1, lowerIncluded: false, upperIncluded: true, inWords: "a share above 0, at most 1")
    return UtilityEntry.Option("tail", meaning, domain, defaultValue: defaultValue.map { .number($0) })
  }

  static func aversion(_ name: String, _ meaning: String, defaultValue: Double? = nil) -> UtilityEntry.Option {
    let domain = Domain.number(
      lower: 0, upper: .infinity, lowerIncluded: true, upperIncluded: false, inWords: "a number that is not negative")
    return UtilityEntry.Option(name, meaning, domain, defaultValue: defaultValue.map { .number($0) })
  }

  /// An amount of outcome, of either sign.
  static func amount(_ name: String, _ meaning: String, defaultValue: Double? = nil) -> UtilityEntry.Option {
    let domain = Domain.number(
      lower: -.infinity, upper: .infinity, lowerIncluded: false, upperIncluded: false, inWords: "a finite number")
    return UtilityEntry.Option(name, meaning, domain, defaultValue: defaultValue.map { .number($0) })
  }

  /// Offered by every utility that PyMC-Marketing has too, also where the two agree.
  static let compat = UtilityEntry.Option(
    "compat", "pymc: PyMC-Marketing's estimator where it differs", .words(["pymc"]), mayBeLeftOut: true)
}

extension UtilityOptions {
  /// A number that the entry asks for.
  func required(_ name: String) -> Double {
    guard let value = number(name) else {
      preconditionFailure("A utility is made from checked options, with \(name) among them.")
    }
    return value
  }

  var isPyMC: Bool { word("compat") == "pymc" }
}

/// The utilities that plan files can name. A utility is added here in one line; its entry stands in its own file.
public enum UtilityCatalogue {
  /// In the order that help shows them.
  public static let entries: [UtilityEntry] = [
    Mean.entry, Quantile.entry, ExpectedShortfall.entry, MeanDeviation.entry, MeanVariance.entry,
    MeanSemideviation.entry, Entropic.entry, Shortfall.entry, TargetProbability.entry, Blend.entry,
    MeanTightness.entry, TailDistance.entry, Sharpe.entry, RAROC.entry, EntropyOfShares.entry,
    DiversificationRatio.entry,
  ]

  /// The utility of this name; nil without one.
  public static func entry(named name: String) -> UtilityEntry? { entries.first { $0.name == name } }
}
