import ResponseModel

/// What may stand at one place of a plan file. The reader checks it, and the JSON Schema is written from it.
indirect enum PlanShape: Sendable {
  /// Words of the user's own: a path, a channel.
  case text(inWords: String)
  case flag
  /// A day of the calendar, as ISO 8601 writes it.
  case date
  case count(ClosedRange<Int>)
  case number(PlanNumber)
  /// One of these words; `later` are those that this version refuses.
  case words([String], later: [PlanRefusal] = [])
  case list(of: PlanShape, count: ClosedRange<Int>? = nil, inWords: String)
  /// `[lower, upper]`, where either may be null.
  case pair(PlanNumber)
  case mapping(PlanMapping)
  /// A mapping of one key, or that key alone, which stands for itself with nothing below it.
  case named(PlanMapping)
  /// A mapping of one of several kinds, each told by its first key; `later` are those that this version refuses.
  case kinds([PlanMapping], later: [PlanRefusal] = [])
  /// A list or a mapping that means something to a later version.
  case later(Kind, PlanRefusal)
  /// The first that the node is of the kind of.
  case either([PlanShape])
  /// The shape, for all channels, or a mapping of channels to it.
  case byChannel(PlanShape)
  /// The shape, or a mapping to it of the labels of a further dim: `{north: …, south: …}`.
  case nested(PlanShape)

  enum Kind: Sendable { case list, mapping }

  /// What messages say was expected.
  var inWords: String {
    switch self {
    case .text(let inWords): inWords
    case .flag: "true or false"
    case .date: "a day such as 2024-07-01"
    case .count(let range):
      range.upperBound == .max
        ? "a whole number of at least \(range.lowerBound)"
        : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let number): number.inWords
    case .words(let words, _): words.alternatives
    case .list(_, _, let inWords): inWords
    case .pair(let number): "[lower, upper], each \(number.inWords) or null"
    case .mapping(let mapping), .named(let mapping): mapping.inWords
    case .kinds(let kinds, _): "a mapping with \(kinds.map(\.keys[0].name).alternatives)"
    case .later: ""
    case .either(let shapes): shapes.flatMap(\.choices).alternatives
    case .byChannel(let shape): "\(shape.inWords), for all or by channel"
    case .nested(let shape): shape.inWords
    }
  }

  private var choices: [String] {
    switch self {
    case .words(let words, _): words
    case .later: []
    default: [inWords]
    }
  }
}

extension PlanShape {
  /// The keys of the mappings that may stand here; nil where none may.
  private var keys: [String]? {
    switch self {
    case .mapping(let mapping): return mapping.keys.map(\.name)
    case .either(let shapes):
      let keys = shapes.compactMap(\.keys)
      return keys.isEmpty ? nil : keys.flatMap(\.self)
    default: return nil
    }
  }

  /// Whether a node is a mapping of labels to this shape, and not the shape itself.
  func isNested(_ node: PlanNode) -> Bool {
    guard case .mapping(let entries) = node.content else { return false }
    guard let keys else { return true }
    let isOwn = entries.contains { keys.contains($0.key.value) }
    return !isOwn && !entries.allSatisfy { $0.value.list == nil && !$0.value.isMapping }
  }

  /// The nodes of this shape below an entry, each with its labels joined by a slash.
  func leaves(of entry: PlanNode.Entry) -> [PlanNode.Entry] {
    guard isNested(entry.value) else { return [entry] }
    return entry.value.entries.flatMap { inner in
      let name = Placed("\(entry.key.value)/\(inner.key.value)", at: inner.key.position)
      return leaves(of: PlanNode.Entry(key: name, value: inner.value))
    }
  }
}

extension PlanNode {
  /// Whether it is a mapping.
  var isMapping: Bool {
    if case .mapping = content { true } else { false }
  }

  /// Whether a mapping is of channels, each with a part of the model, and not such a part itself: a part's options are scalars, and
  /// its families hold scalars only.
  var isByChannel: Bool {
    entries.contains { entry in
      entry.value.entries.contains { inner in
        if case .mapping = inner.value.content { true } else { false }
      }
    } || (!entries.isEmpty && entries.allSatisfy { $0.value.text?.value == NoCarryover.name })
  }
}

/// Numbers of a kind, as limits and in words; a limit may be infinite, and is then not included.
struct PlanNumber: Sendable {
  var lower = -Double.infinity
  var upper = Double.infinity
  var isLowerIncluded = true
  var isUpperIncluded = true
  var inWords: String

  func contains(_ x: Double) -> Bool {
    x.isFinite && (isLowerIncluded ? x >= lower : x > lower) && (isUpperIncluded ? x <= upper : x < upper)
  }
}

/// Something that interface pages name and this version does not do: its name, and a sentence that says so and what to do instead.
struct PlanRefusal: Sendable {
  var name: String
  var instead: String

  init(_ name: String, _ instead: String) {
    self.name = name
    self.instead = instead
  }
}

/// A mapping of a plan file: the keys it may have.
struct PlanMapping: Sendable {
  var inWords: String
  var keys: [PlanKey]
  /// Names that are not keys, such as channels, and what stands at them; nil where every name must be a key.
  var others: PlanShape?
  /// Of the keys of each group exactly one must be there.
  var alternatives: [[String]]
  /// Whether just one key must be there, whichever.
  var isChoice: Bool
  /// Keys, and other names, of a later version.
  var later: [PlanRefusal]
  /// What to say of a mapping whose names are not keys, where that means something to a later version.
  var laterOthers: PlanRefusal?

  init(
    _ inWords: String, _ keys: [PlanKey] = [], others: PlanShape? = nil, alternatives: [[String]] = [],
    isChoice: Bool = false, later: [PlanRefusal] = [], laterOthers: PlanRefusal? = nil
  ) {
    self.inWords = inWords
    self.keys = keys
    self.others = others
    self.alternatives = alternatives
    self.isChoice = isChoice
    self.later = later
    self.laterOthers = laterOthers
  }

  /// Whether there is nothing that must be said.
  var canBeEmpty: Bool { required.isEmpty && alternatives.isEmpty && !isChoice }

  func key(_ name: String) -> PlanKey? { keys.first { $0.name == name } }

  var required: [String] { keys.filter(\.isRequired).map(\.name) }
}

/// One key: what may stand there, what holds when it does not, and what it means.
struct PlanKey: Sendable {
  var name: String
  var shape: PlanShape
  /// As YAML; nil where nothing holds, or what does depends on the rest.
  var fallback: String?
  var isRequired: Bool
  var meaning: String

  init(_ name: String, _ shape: PlanShape, fallback: String? = nil, isRequired: Bool = false, _ meaning: String) {
    self.name = name
    self.shape = shape
    self.fallback = fallback
    self.isRequired = isRequired
    self.meaning = meaning
  }
}

// MARK: - The catalogue's options are keys like any other

extension PlanKey {
  init(_ option: UtilityEntry.Option, isAlternative: Bool) {
    let shape: PlanShape =
      switch option.domain {
      case .words(let words): .words(words)
      case .number(let lower, let upper, let lowerIncluded, let upperIncluded, let inWords):
        .number(
          PlanNumber(
            lower: lower, upper: upper, isLowerIncluded: lowerIncluded, isUpperIncluded: upperIncluded,
            inWords: inWords))
      }
    self.init(
      option.name, shape, fallback: isAlternative ? nil : option.defaultValue?.inYAML,
      isRequired: option.defaultValue == nil && !option.mayBeLeftOut && !isAlternative, option.meaning)
  }
}

extension PlanMapping {
  /// The options of a utility.
  init(_ entry: UtilityEntry) {
    let alternatives = Set(entry.alternatives.joined())
    self.init(
      entry.options.isEmpty ? "no options" : "a mapping of \(entry.options.map(\.name).joined(separator: ", "))",
      entry.options.map { PlanKey($0, isAlternative: alternatives.contains($0.name)) },
      alternatives: entry.alternatives)
  }
}

extension PlanShape {
  /// A utility by its name, alone or with its options.
  static func utility(_ entries: [UtilityEntry]) -> PlanShape {
    .named(
      PlanMapping(
        "a name or {name: {option: value}}",
        entries.map { PlanKey($0.name, .mapping(PlanMapping($0)), $0.summary) }, isChoice: true))
  }
}

extension UtilityEntry.Value {
  var inYAML: String {
    switch self {
    case .number(let number): number.inYAML
    case .word(let word): word.inYAML
    }
  }
}

extension [String] {
  /// `a, b or c`
  var alternatives: String {
    guard let last else { return "" }
    return count == 1 ? last : dropLast().joined(separator: ", ") + " or " + last
  }
}
