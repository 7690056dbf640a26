public import ResponseModel

extension Double {
  /// The shortest text that reads back as the same number, whole numbers without a point.
  var inYAML: String {
    if let whole = Int(exactly: self), abs(whole) < 1_000_000_000_000_000 { "\(whole)" } else { "\(self)" }
  }
}

extension String {
  /// A scalar that reads back as this text, in quotes where it needs them.
  public var inYAML: String {
    let isPlain =
      (first.map { $0.isASCII && ($0.isLetter || $0 == "_" || $0 == "/") } ?? false)
      && allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-./".contains($0)) }
    let readsAsOther = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(lowercased())
    return isPlain && !readsAsOther ? self : quoted
  }

  /// In double quotes, as JSON and YAML both read it.
  var quoted: String {
    var text = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFE}"..."\u{FFFF}":
        let hex = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}

extension PointCurves {
  /// `{kind: hill_bottom, channel_column: channel}`
  public var inYAML: String {
    "{\(kind.map { "kind: \($0.rawValue), " } ?? "")channel_column: \(channelColumn.inYAML)}"
  }
}
