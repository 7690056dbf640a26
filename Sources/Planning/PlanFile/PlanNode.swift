/// One node of a plan's text, after YAML and before meaning: what is written, and where.
struct PlanNode: Sendable {
  enum Content: Sendable {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([PlanNode])
    case mapping([Entry])
  }

  struct Entry: Sendable {
    var key: Placed<String>
    var value: PlanNode
  }

  var content: Content
  /// A scalar as it stands in the file; empty for lists and mappings.
  var written: String
  var position: TextPosition

  /// The value of a key; nil where this is no mapping, or has no such key.
  subscript(key: String) -> PlanNode? { entries.first { $0.key.value == key }?.value }

  /// The entries of a mapping; none of anything else.
  var entries: [Entry] {
    if case .mapping(let entries) = content { entries } else { [] }
  }

  /// Whether it is a mapping, or nothing, which stands for one without keys.
  var isOfKeys: Bool {
    switch content {
    case .null, .mapping: true
    case .flag, .number, .text, .list: false
    }
  }

  /// What messages say was found.
  var inWords: String {
    switch content {
    case .null: "nothing"
    case .flag, .number: written
    case .text(let text): "'\(text.count > 60 ? text.prefix(60) + "…" : text[...])'"
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }
}

// MARK: - Values with their places, nil where something else is written

extension PlanNode {
  var text: Placed<String>? {
    if case .text(let text) = content { Placed(text, at: position) } else { nil }
  }

  var flag: Placed<Bool>? {
    if case .flag(let flag) = content { Placed(flag, at: position) } else { nil }
  }

  var number: Placed<Double>? {
    if case .number(let number) = content { Placed(number, at: position) } else { nil }
  }

  var count: Placed<Int>? {
    if case .number(let number) = content, let count = Int(exactly: number) { Placed(count, at: position) } else { nil }
  }

  var list: [PlanNode]? {
    if case .list(let nodes) = content { nodes } else { nil }
  }

  /// The member of a closed vocabulary that is written.
  func word<Word: RawRepresentable>(_ type: Word.Type = Word.self) -> Word? where Word.RawValue == String {
    text.flatMap { Word(rawValue: $0.value) }
  }
}

// MARK: - Scalars

extension PlanNode {
  /// A plain scalar by the core schema of YAML 1.2, so that `no` and `on` are words; digits may be grouped by underscores.
  init(plain written: String, at position: TextPosition) {
    let content: Content =
      switch written {
      case "", "~", "null", "Null", "NULL": .null
      case "true", "True", "TRUE": .flag(true)
      case "false", "False", "FALSE": .flag(false)
      default: Self.number(written).map { .number($0) } ?? .text(written)
      }
    self.init(content: content, written: written, position: position)
  }

  private static func number(_ written: String) -> Double? {
    var body = Substring(written)
    if let sign = body.first, sign == "-" || sign == "+" { body.removeFirst() }
    let isNegative = written.hasPrefix("-")
    switch body {
    case ".inf", ".Inf", ".INF": return isNegative ? -.infinity : .infinity
    case ".nan", ".NaN", ".NAN": return body.count == written.count ? .nan : nil
    default: break
    }
    // [0-9_]* ( . [0-9_]* )? ( e [+-]? [0-9]+ )?, a digit on either side of the point, no leading zero before another digit
    var digits = 0
    var isFraction = false
    var rest = body[...]
    while let character = rest.first, character.isASCII {
      if character.isNumber {
        digits += 1
      } else if character == "." && !isFraction {
        isFraction = true
      } else if character != "_" || digits == 0 {
        break
      }
      rest.removeFirst()
    }
    if digits == 0 { return nil }
    if body.hasPrefix("0"), body.count > 1, body.dropFirst().first?.isNumber == true { return nil }
    if let mark = rest.first, mark == "e" || mark == "E" {
      rest.removeFirst()
      if let sign = rest.first, sign == "-" || sign == "+" { rest.removeFirst() }
      guard !rest.isEmpty, rest.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    } else if !rest.isEmpty {
      return nil
    }
    var plain = written.replacing("_", with: "")
    // Swift reads neither "5." nor ".5e3" without its digits, YAML does.
    if let point = plain.firstIndex(of: ".") {
      let after = plain.index(after: point)
      if after == plain.endIndex || !plain[after].isNumber { plain.insert("0", at: after) }
      if point == plain.startIndex || !plain[plain.index(before: point)].isNumber { plain.insert("0", at: point) }
    }
    return Double(plain)
  }
}
