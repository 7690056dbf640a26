import Foundation

/// A JSON document whose shape is not known beforehand.
indirect enum JSONTree: Decodable, Sendable, Equatable {
  case null
  case flag(Bool)
  case number(Double)
  case text(String)
  case list([JSONTree])
  case object([String: JSONTree])

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    func decoded<Kind: Decodable>(as kind: Kind.Type) -> Kind? {
      do {
        return try value.decode(kind)
      } catch {
        // Of another kind, which is tried next.
        return nil
      }
    }
    if value.decodeNil() {
      self = .null
    } else if let flag = decoded(as: Bool.self) {
      self = .flag(flag)
    } else if let number = decoded(as: Double.self) {
      self = .number(number)
    } else if let text = decoded(as: String.self) {
      self = .text(text)
    } else if let list = decoded(as: [JSONTree].self) {
      self = .list(list)
    } else {
      self = .object(try value.decode([String: JSONTree].self))
    }
  }

  subscript(name: String) -> JSONTree? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  /// The members of a list; a value alone is a list of one, and nothing an empty one, as R's jsonlite has it.
  var list: [JSONTree] {
    switch self {
    case .list(let members): members
    case .null: []
    case .flag, .number, .text, .object: [self]
    }
  }

  /// A text, alone or in a list of one.
  var text: String? { if case .text(let text)? = list.first, list.count == 1 { text } else { nil } }

  /// A number likewise.
  var number: Double? { if case .number(let number)? = list.first, list.count == 1 { number } else { nil } }

  /// A list of texts; nil where another value is among them.
  var texts: [String]? {
    let texts = list.compactMap { $0.list.count == 1 ? $0.text : nil }
    return texts.count == list.count ? texts : nil
  }
}
