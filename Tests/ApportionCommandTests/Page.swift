import Foundation

/// A page of the documentation: its code, in order.
struct Page {
  /// What stands between fences.
  struct Block {
    /// `sh`, `swift`, or nothing for what is printed.
    var language: String
    var lines: [String]
    /// What stands below it as its output.
    var output: [String]?
  }

  var path: String
  var blocks: [Block] = []

  /// The pages whose code is run: the front page, the articles, those of examples and data, and those for who works on it.
  static func all() throws -> [Page] {
    let files = FileManager.default
    func names(_ folder: String) throws -> [String] {
      try files.contentsOfDirectory(atPath: packageRoot.appendingPathComponent(folder).path).sorted()
        .map { "\(folder)/\($0)" }
    }
    let articles = try names("Sources/Apportion/Apportion.docc").filter { $0.hasSuffix(".md") }
    let data = try names("data").map { "\($0)/README.md" }
    let forDevelopers = [
      "CONTRIBUTING.md", "Documentation/Architecture.md", "Documentation/Mutants.md", "Documentation/Sanitizers.md",
    ]
    return try (["README.md", "Examples/README.md"] + articles + data + forDevelopers)
      .filter { files.fileExists(atPath: packageRoot.appendingPathComponent($0).path) }.map { try Page($0) }
  }

  /// A block of no language directly below another, at most one line of text apart, is that one's output.
  init(_ path: String) throws {
    self.path = path
    let text = try String(contentsOf: packageRoot.appendingPathComponent(path), encoding: .utf8)
    var open: Block?
    var sentences = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      guard line.hasPrefix("```") else {
        if open != nil { open?.lines.append(line) } else if !line.isEmpty { sentences += 1 }
        continue
      }
      guard let block = open else {
        open = Block(language: String(line.dropFirst(3)), lines: [])
        continue
      }
      if block.language.isEmpty, sentences <= 2, let last = blocks.last, last.language == "sh", last.output == nil {
        blocks[blocks.count - 1].output = block.lines
      } else {
        blocks.append(block)
      }
      (open, sentences) = (nil, 0)
    }
  }
}

/// Text as a page shows it, against text as it is printed: words and whole numbers are the same; numbers with decimals or thousands
/// are those of the page but for one unit of the last digit that it shows, which is what another processor may round otherwise.
struct ShownText {
  private enum Token: Equatable {
    case word(String)
    case number(Double, unit: Double)
  }

  private var tokens: [Token]

  init(_ text: String) {
    tokens = text.split(whereSeparator: \.isWhitespace).flatMap { ShownText.tokens(String($0)) }
  }

  /// Where the texts part, or nothing where this is how the other begins.
  func firstDifference(from printed: String) -> String? {
    let other = ShownText(printed).tokens
    for (place, token) in tokens.enumerated() {
      guard place < other.count else { return "\(token) is not printed" }
      if !ShownText.isSame(token, other[place]) { return "\(other[place]) is printed, \(token) is shown" }
    }
    return nil
  }

  /// The numbers of it that may be rounded.
  var numbers: [(value: Double, unit: Double)] {
    tokens.compactMap { if case .number(let value, let unit) = $0 { (value, unit) } else { nil } }
  }

  private static func isSame(_ shown: Token, _ printed: Token) -> Bool {
    switch (shown, printed) {
    case (.number(let one, let unit), .number(let other, _)): abs(one - other) <= unit * 1.000001
    default: shown == printed
    }
  }

  private static func tokens(_ word: String) -> [Token] {
    var tokens: [Token] = []
    var rest = Substring(word)
    while let match = rest.firstMatch(of: /[+-]?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?/) {
      let before = rest[..<match.range.lowerBound]
      if !before.isEmpty { tokens.append(.word(String(before))) }
      // The comma of a sentence is no part of its number.
      let commas = match.output.reversed().prefix { $0 == "," }.count
      tokens.append(number(match.output.dropLast(commas)))
      if commas > 0 { tokens.append(.word(String(repeating: ",", count: commas))) }
      rest = rest[match.range.upperBound...]
    }
    if !rest.isEmpty { tokens.append(.word(String(rest))) }
    return tokens
  }

  /// Periods, dates and per cent without decimals are no more rounded than words are.
  private static func number(_ digits: Substring) -> Token {
    if digits.allSatisfy({ $0.isNumber || $0 == "+" || $0 == "-" }) { return .word(String(digits)) }
    let plain = digits.filter { $0 != "," }
    let parts = plain.split(separator: "e", omittingEmptySubsequences: false)
    let decimals = parts[0].split(separator: ".", omittingEmptySubsequences: false).dropFirst().first?.count ?? 0
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    return .number(Double(plain) ?? .nan, unit: pow(10, Double(exponent - decimals)))
  }
}
