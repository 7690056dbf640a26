/// A JSON document whose objects keep the order they are written in, so that a report reads in the order it is documented.
enum JSONValue {
  case null
  case bool(Bool)
  case integer(Int)
  /// The shortest digits that read back as the same number; null where the number is not finite, which JSON cannot say.
  case number(Double)
  case text(String)
  case array([JSONValue])
  case object([(String, JSONValue)])

  /// Null for what is not there, never left out.
  init(_ value: Double?) { self = value.map(JSONValue.number) ?? .null }
  init(_ value: Int?) { self = value.map(JSONValue.integer) ?? .null }
  init(_ value: String?) { self = value.map(JSONValue.text) ?? .null }
  init(_ values: [Double]) { self = .array(values.map(JSONValue.number)) }
  init(_ values: [String]) { self = .array(values.map(JSONValue.text)) }

  /// The document as text, indented by two spaces, ending in a newline; arrays of plain values stand on one line.
  var document: String {
    var text = ""
    write(to: &text, indent: "")
    return text + "\n"
  }

  private var isPlain: Bool {
    switch self {
    case .array, .object: false
    case .null, .bool, .integer, .number, .text: true
    }
  }

  private func write(to output: inout String, indent: String) {
    switch self {
    case .null: output += "null"
    case .bool(let value): output += value ? "true" : "false"
    case .integer(let value): output += String(value)
    case .number(let value): output += value.isFinite ? value.description : "null"
    case .text(let value): output += JSONValue.quoted(value)
    case .array(let values) where values.allSatisfy(\.isPlain):
      output += "["
      for (position, value) in values.enumerated() {
        if position > 0 { output += ", " }
        value.write(to: &output, indent: indent)
      }
      output += "]"
    case .array(let values):
      write(values.map { ("", $0) }, between: "[", "]", to: &output, indent: indent)
    case .object(let members):
      write(members.map { (JSONValue.quoted($0.0) + ": ", $0.1) }, between: "{", "}", to: &output, indent: indent)
    }
  }

  private func write(
    _ members: [(String, JSONValue)], between open: String, _ close: String, to output: inout String, indent: String
  ) {
    output += open
    for (position, member) in members.enumerated() {
      output += (position > 0 ? "," : "") + "\n" + indent + "  " + member.0
      member.1.write(to: &output, indent: indent + "  ")
    }
    output += (members.isEmpty ? "" : "\n" + indent) + close
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{0}"..<"\u{20}", "\u{7F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
