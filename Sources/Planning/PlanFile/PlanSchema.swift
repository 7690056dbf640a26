import ResponseModel

/// The JSON Schema of plan files, for editors that complete and check as one types.
public enum PlanSchema {
  /// JSON Schema, draft 2020-12, of all that `PlanFile` accepts.
  ///
  /// The reader is stricter where a rule takes more than one value to see: days that no calendar has, lengths and sums of
  /// shares, a lower end above its upper end, a channel held twice, formats without what goes with them, constraints
  /// without an end or with too many, names twice in one list, what stands in tables, keys twice in one mapping.
  public static var text: String {
    var members: [(String, JSONValue)] = [
      ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
      ("title", .text("Apportion plan")),
    ]
    members += schema(.mapping(PlanKeys.root), isOptional: false)
    return JSONValue.object(members).text(indentation: "") + "\n"
  }

  /// - Parameter isOptional: whether a mapping may be left empty, all of its keys being commented out.
  private static func schema(_ shape: PlanShape, isOptional: Bool) -> [(String, JSONValue)] {
    switch shape {
    case .text: return [("type", .text("string")), ("minLength", .number(1))]
    case .flag: return [("type", .text("boolean"))]
    case .date:
      return [("type", .text("string")), ("pattern", .text("^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"))]
    case .count(let range):
      let upper: [(String, JSONValue)] =
        range.upperBound == .max ? [] : [("maximum", .number(Double(range.upperBound)))]
      return [("type", .text("integer")), ("minimum", .number(Double(range.lowerBound)))] + upper
    case .number(let number): return limits(number, type: .text("number"))
    case .words(let words, _): return [("enum", .list(words.map { .text($0) }))]
    case .list(let element, let count, _):
      let counts: [(String, JSONValue)] =
        count.map {
          [("minItems", .number(Double($0.lowerBound))), ("maxItems", .number(Double($0.upperBound)))]
        } ?? []
      return [("type", .text("array")), ("items", .object(schema(element, isOptional: false)))] + counts
    case .pair(let number):
      return [
        ("type", .text("array")),
        ("items", .object(limits(number, type: .list([.text("number"), .text("null")])))),
        ("minItems", .number(2)), ("maxItems", .number(2)),
      ]
    case .mapping(let mapping): return schema(mapping, isOptional: isOptional)
    case .named(let mapping):
      let alone = mapping.keys.filter { key in
        guard case .mapping(let inner) = key.shape else { return false }
        return inner.canBeEmpty
      }
      let names = JSONValue.object([("enum", .list(alone.map { .text($0.name) }))])
      return [("anyOf", .list([names, .object(schema(mapping, isOptional: false))]))]
    case .kinds(let kinds, _):
      return [("anyOf", .list(kinds.map { .object(schema($0, isOptional: false)) }))]
    case .later: return []
    case .either(let shapes):
      let schemas = shapes.filter(\.isAccepted).map { schema($0, isOptional: false) }
      return schemas.count == 1 ? schemas[0] : [("anyOf", .list(schemas.map { .object($0) }))]
    case .nested(let part):
      // JSON Schema has no depth: two further dims are enough for editors.
      let own = JSONValue.object(schema(part, isOptional: false))
      return (0..<2).reduce(schema(part, isOptional: false)) { inner, _ in
        let labels = JSONValue.object([
          ("type", .text("object")), ("minProperties", .number(1)), ("additionalProperties", .object(inner)),
        ])
        return [("anyOf", .list([own, labels]))]
      }
    case .byChannel(let part):
      let one = JSONValue.object(schema(part, isOptional: false))
      let each = JSONValue.object([
        ("type", .text("object")), ("minProperties", .number(1)), ("additionalProperties", one),
      ])
      return [("anyOf", .list([one, each]))]
    }
  }

  private static func limits(_ number: PlanNumber, type: JSONValue) -> [(String, JSONValue)] {
    var members = [("type", type)]
    if number.lower.isFinite {
      members.append((number.isLowerIncluded ? "minimum" : "exclusiveMinimum", .number(number.lower)))
    }
    if number.upper.isFinite {
      members.append((number.isUpperIncluded ? "maximum" : "exclusiveMaximum", .number(number.upper)))
    }
    return members
  }

  private static func schema(_ mapping: PlanMapping, isOptional: Bool) -> [(String, JSONValue)] {
    var members: [(String, JSONValue)] = [
      ("type", isOptional && mapping.canBeEmpty ? .list([.text("object"), .text("null")]) : .text("object"))
    ]
    if !mapping.keys.isEmpty {
      members.append(("properties", .object(mapping.keys.map { ($0.name, .object(schema($0))) })))
    }
    members.append(
      ("additionalProperties", mapping.others.map { .object(schema($0, isOptional: false)) } ?? .flag(false)))
    if !mapping.required.isEmpty { members.append(("required", .list(mapping.required.map { .text($0) }))) }
    if !mapping.alternatives.isEmpty {
      let groups = mapping.alternatives.map { group -> JSONValue in
        .object([("oneOf", .list(group.map { .object([("required", .list([.text($0)]))]) }))])
      }
      members.append(("allOf", .list(groups)))
    }
    if mapping.isChoice { members += [("minProperties", .number(1)), ("maxProperties", .number(1))] }
    return members
  }

  private static func schema(_ key: PlanKey) -> [(String, JSONValue)] {
    var members: [(String, JSONValue)] = [("description", .text(key.meaning))]
    if let fallback = key.fallback.flatMap({ PlanText($0, source: key.name).root }) {
      members.append(("default", JSONValue(fallback)))
    }
    return members + schema(key.shape, isOptional: true)
  }
}

extension PlanShape {
  /// Whether this version accepts anything of the shape.
  fileprivate var isAccepted: Bool {
    switch self {
    case .later: false
    case .words(let words, _): !words.isEmpty
    default: true
    }
  }
}

/// A JSON value, its members in order.
enum JSONValue: Sendable {
  case null
  case flag(Bool)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([(String, JSONValue)])

  init(_ node: PlanNode) {
    self =
      switch node.content {
      case .null: .null
      case .flag(let flag): .flag(flag)
      case .number(let number): .number(number)
      case .text(let text): .text(text)
      case .list(let nodes): .list(nodes.map { JSONValue($0) })
      case .mapping(let entries): .object(entries.map { ($0.key.value, JSONValue($0.value)) })
      }
  }

  /// Objects over several lines, lists of scalars on one.
  func text(indentation: String) -> String {
    let inner = indentation + "  "
    switch self {
    case .null: return "null"
    case .flag(let flag): return "\(flag)"
    case .number(let number): return number.inYAML
    case .text(let text): return text.quoted
    case .list(let values):
      if values.allSatisfy(\.isScalar) {
        return "[\(values.map { $0.text(indentation: inner) }.joined(separator: ", "))]"
      }
      let lines = values.map { inner + $0.text(indentation: inner) }
      return "[\n\(lines.joined(separator: ",\n"))\n\(indentation)]"
    case .object(let members):
      if members.isEmpty { return "{}" }
      let lines = members.map { "\(inner)\($0.0.quoted): \($0.1.text(indentation: inner))" }
      return "{\n\(lines.joined(separator: ",\n"))\n\(indentation)}"
    }
  }

  private var isScalar: Bool {
    switch self {
    case .list, .object: false
    case .null, .flag, .number, .text: true
    }
  }
}
