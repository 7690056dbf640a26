/// How text is dressed: for a terminal that shows bold and colour, or plain.
public struct TextStyle: Sendable, Equatable {
  /// Whether ANSI escape sequences may be used.
  public var hasColor: Bool
  /// Columns that a table should fit in; names are cut in the middle where it does not. Nil: nothing is cut.
  public var width: Int?

  public init(hasColor: Bool, width: Int?) {
    self.hasColor = hasColor
    self.width = width
  }

  /// No escape sequences, nothing cut: for files and pipes.
  public static let plain = TextStyle(hasColor: false, width: nil)

  func bold(_ text: String) -> String { dressed(text, "1") }
  func dim(_ text: String) -> String { dressed(text, "2") }
  func warning(_ text: String) -> String { dressed(text, "33") }

  private func dressed(_ text: String, _ code: String) -> String {
    hasColor && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

/// Rows of text in aligned columns.
struct TextColumns {
  enum Alignment { case left, right }

  /// Heading and alignment of each column; a heading may have two lines.
  var columns: [(heading: String, alignment: Alignment)]
  var rows: [[String]] = []
  /// A last row under a rule.
  var totals: [String]?
  var indent = "  "

  /// The lines of the table; where it is wider than the style allows, the first column is cut, to no less than 12.
  func lines(_ style: TextStyle) -> [String] {
    let headings = headingLines
    let all = headings + rows + (totals.map { [$0] } ?? [])
    var widths = columns.indices.map { column in all.map { displayWidth($0[column]) }.max() ?? 0 }
    if let limit = style.width {
      let excess = indent.count + widths.reduce(0, +) + 2 * (widths.count - 1) - limit
      if excess > 0 { widths[0] = min(widths[0], max(12, widths[0] - excess)) }
    }
    func line(_ fields: [String]) -> String {
      var text = indent
      for (column, field) in fields.enumerated() {
        let field = cutInTheMiddle(field, to: widths[column])
        let space = String(repeating: " ", count: max(0, widths[column] - displayWidth(field)))
        text += (column > 0 ? "  " : "") + (columns[column].alignment == .left ? field + space : space + field)
      }
      return withoutTrailingSpaces(text)
    }
    var lines = headings.map { style.bold(line($0)) } + rows.map(line)
    if let totals {
      let rule = String(repeating: "-", count: widths.reduce(0, +) + 2 * (widths.count - 1))
      lines += [style.dim(indent + rule), line(totals)]
    }
    return lines
  }

  /// No line where no column has a heading; the last line of each heading stands right above the column.
  private var headingLines: [[String]] {
    let parts = columns.map { $0.heading.split(separator: "\n").map(String.init) }
    let count = parts.map(\.count).max() ?? 0
    return (0..<count).map { line in
      parts.map { part in line < count - part.count ? "" : part[line - (count - part.count)] }
    }
  }
}

/// The columns of a terminal that a text takes: none for combining marks, two for the wide characters of East Asia and for emoji.
func displayWidth(_ text: String) -> Int {
  text.reduce(0) { $0 + displayWidth($1) }
}

private func displayWidth(_ character: Character) -> Int {
  guard let first = character.unicodeScalars.first else { return 0 }
  switch first.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format: return 0
  default: break
  }
  if first.properties.isEmojiPresentation || character.unicodeScalars.contains("\u{FE0F}") { return 2 }
  switch first.value {
  case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
    0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
    return 2
  default: return 1
  }
}

/// A name as a terminal may show it: control characters, which could move the cursor, and those that turn the line, as a replacement character.
package func printable(_ text: String) -> String {
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    let isHarmful = scalar.properties.generalCategory == .control || turns.contains { $0.contains(scalar) }
    result.append(isHarmful ? "\u{FFFD}" : scalar)
  }
  return String(result)
}

/// What turns the direction of the rest of a line, or ends it.
let turns: [ClosedRange<Unicode.Scalar>] = [
  "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}", "\u{2028}"..."\u{2029}",
]

/// The text in at most so many columns, an ellipsis for what stood in its middle: both ends of a name tell it from others.
func cutInTheMiddle(_ text: String, to width: Int) -> String {
  guard displayWidth(text) > width, width > 1 else { return text }
  var head = ""
  var tail = ""
  for character in text {
    guard displayWidth(head) + displayWidth(character) <= width / 2 else { break }
    head.append(character)
  }
  for character in text.reversed() {
    guard displayWidth(head) + displayWidth(tail) + displayWidth(character) < width else { break }
    tail.insert(character, at: tail.startIndex)
  }
  return head + "…" + tail
}

func withoutTrailingSpaces(_ text: String) -> String {
  var text = text
  while text.last == " " { text.removeLast() }
  return text
}

/// A sentence broken at spaces into lines of at most so many columns, all but the first indented.
func wrapped(_ sentence: String, to width: Int, indent: String) -> [String] {
  var words: [String] = []
  for piece in sentence.split(separator: " ", omittingEmptySubsequences: true) {
    // A number and its sign stay together.
    if piece.hasPrefix("%"), !words.isEmpty {
      words[words.count - 1] += " " + piece
    } else {
      words.append(String(piece))
    }
  }
  var lines: [String] = []
  var line = ""
  for word in words {
    if line.isEmpty {
      line = (lines.isEmpty ? "" : indent) + word
    } else if displayWidth(line) + 1 + displayWidth(word) <= width {
      line += " " + word
    } else {
      lines.append(line)
      line = indent + word
    }
  }
  return lines + (line.isEmpty ? [] : [line])
}
