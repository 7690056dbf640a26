import Tables

/// Compares nodes with the shapes that they should have, and collects all that is wrong.
struct PlanCheck {
  private(set) var problems: [PlanProblem] = []

  /// - Parameters:
  ///   - path: the node's keys from the root with dots between; empty for the root.
  ///   - expected: what is expected, where that is more than this shape.
  mutating func check(_ node: PlanNode, _ shape: PlanShape, path: String, expected: String? = nil) {
    let expected = expected ?? shape.inWords
    switch shape {
    case .text:
      if node.text?.value.isEmpty ?? true { wrong(node, path, expected) }
    case .flag:
      if node.flag == nil { wrong(node, path, expected) }
    case .date:
      if node.text.flatMap({ CalendarDate($0.value) }) == nil { wrong(node, path, expected) }
    case .count(let range):
      if !(node.count.map { range.contains($0.value) } ?? false) { wrong(node, path, expected) }
    case .number(let number):
      if !(node.number.map { number.contains($0.value) } ?? false) { wrong(node, path, expected) }
    case .words(let words, let later):
      check(node, oneOf: words, later: later, path: path, expected: expected)
    case .list(let element, let count, _):
      guard let nodes = node.list else { return wrong(node, path, expected) }
      let before = problems.count
      for (index, node) in nodes.enumerated() { check(node, element, path: "\(path)[\(index + 1)]") }
      if let count, !count.contains(nodes.count), problems.count == before {
        problem("wrong number of entries in \(path)", count.inWords, "\(nodes.count)", at: node.position)
      }
    case .pair(let number):
      guard let ends = node.list, ends.count == 2 else { return wrong(node, path, expected) }
      for (end, name) in zip(ends, ["lower", "upper"]) {
        if case .null = end.content { continue }
        check(end, .number(number), path: "\(path), \(name)", expected: "\(number.inWords), or null")
      }
    case .mapping(let mapping):
      check(node, mapping, path: path, expected: expected)
    case .named(let mapping):
      check(node.text.map { PlanNode(naming: $0) } ?? node, .mapping(mapping), path: path, expected: expected)
    case .kinds(let kinds, let later):
      guard node.isMapping else { return wrong(node, path, expected) }
      if let kind = kinds.first(where: { node[$0.keys[0].name] != nil }) {
        check(node, kind, path: path, expected: expected)
      } else if let refusal = later.first(where: { node[$0.name] != nil }) {
        refuse("\(path): \(refusal.name)", refusal, at: node.position)
      } else {
        let names = kinds.map(\.keys[0].name)
        let found = node.entries.map(\.key.value)
        problem(
          "unknown kind of \(path)", "a key \(names.alternatives)",
          found.isEmpty ? "none" : found.map { "'\($0)'" }.joined(separator: ", "),
          suggestion: found.lazy.compactMap { nearest(to: $0, in: names) }.first, at: node.position)
      }
    case .later(_, let refusal):
      refuse("\(path): \(refusal.name)", refusal, at: node.position)
    case .byChannel(let part):
      guard node.isByChannel else { return check(node, part, path: path, expected: expected) }
      for entry in node.entries { check(entry.value, part, path: "\(path).\(entry.key.value)") }
    case .nested(let part):
      guard part.isNested(node) else { return check(node, part, path: path, expected: expected) }
      for entry in node.entries { check(entry.value, shape, path: "\(path).\(entry.key.value)") }
    case .either(let shapes):
      let fitting = shapes.filter { $0.isOfKind(node) }
      let byKeys = fitting.first { shape in
        guard case .mapping(let mapping) = shape, !mapping.required.isEmpty else { return false }
        return mapping.required.allSatisfy { node[$0] != nil }
      }
      guard let fit = byKeys ?? fitting.last else { return wrong(node, path, expected) }
      let isScalar = node.list == nil && !node.isMapping
      check(node, fit, path: path, expected: isScalar ? expected : nil)
    }
  }

  private mutating func check(
    _ node: PlanNode, oneOf words: [String], later: [PlanRefusal], path: String, expected: String
  ) {
    guard let text = node.text?.value else { return wrong(node, path, expected) }
    if words.contains(text) { return }
    if let refusal = later.first(where: { $0.name == text }) {
      return refuse("\(path): \(text)", refusal, at: node.position)
    }
    wrong(node, path, expected, suggestion: nearest(to: text, in: words))
  }

  private mutating func check(_ node: PlanNode, _ mapping: PlanMapping, path: String, expected: String) {
    if case .null = node.content {
      // A key with nothing below it: all of its keys were left out, or commented out.
    } else if !node.isMapping {
      return wrong(node, path, expected)
    }
    let place = path.isEmpty ? "the plan" : path
    var isOfLaterVersion = false
    var misspelt: Set<String> = []
    for entry in node.entries {
      let name = entry.key.value
      let inner = path.isEmpty ? name : "\(path).\(name)"
      if let key = mapping.key(name) {
        check(entry.value, key.shape, path: inner)
      } else if let refusal = mapping.later.first(where: { $0.name == name }) {
        refuse(inner, refusal, at: entry.key.position)
      } else if let others = mapping.others {
        check(entry.value, others, path: inner)
      } else {
        isOfLaterVersion = unknown(entry, of: node, in: mapping, path: path) || isOfLaterVersion
        if let meant = nearest(to: name, in: mapping.keys.map(\.name)) { misspelt.insert(meant) }
      }
    }
    for name in mapping.required where node[name] == nil && !isOfLaterVersion {
      let key = mapping.key(name)
      problem("\(place) lacks \(name)", key?.shape.inWords ?? "", "nothing", at: node.position)
    }
    for group in mapping.alternatives {
      let given = node.entries.filter { group.contains($0.key.value) }
      if given.isEmpty, !misspelt.isDisjoint(with: group) { continue }
      if given.isEmpty {
        problem(
          "\(place) is incomplete", group.alternatives, "neither".ifPair(group, else: "none of them"), at: node.position
        )
      } else if given.count > 1 {
        problem(
          "\(place) says too much", "only one of \(group.joined(separator: ", "))", "\(given.count) of them",
          at: given[1].key.position)
      }
    }
    if mapping.isChoice && node.entries.count != 1 {
      problem("\(place) must name one", "one name", "\(node.entries.count)", at: node.position)
    }
  }

  /// Reports a key that is none; says whether the mapping is one of a later version.
  private mutating func unknown(_ entry: PlanNode.Entry, of node: PlanNode, in mapping: PlanMapping, path: String)
    -> Bool
  {
    let name = entry.key.value
    let names = mapping.keys.map(\.name)
    let suggestion = nearest(to: name, in: names)
    if suggestion == nil, let refusal = mapping.laterOthers {
      refuse("\(path): \(refusal.name)", refusal, at: node.position)
      return true
    }
    let expected = names.isEmpty ? "no key" : names.alternatives
    problem(
      mapping.isChoice ? "unknown name in \(path)" : "unknown key\(path.isEmpty ? "" : " in \(path)")", expected,
      "'\(name)'",
      suggestion: suggestion, at: entry.key.position)
    return false
  }

  // MARK: - Sentences

  private mutating func wrong(_ node: PlanNode, _ path: String, _ expected: String, suggestion: String? = nil) {
    problem(
      path.isEmpty ? "wrong file" : "wrong value of \(path)", expected, node.inWords, suggestion: suggestion,
      at: node.position)
  }

  private mutating func refuse(_ what: String, _ refusal: PlanRefusal, at position: TextPosition?) {
    problems.append(PlanProblem("\(what) is not supported by this version: \(refusal.instead)", at: position))
  }

  private mutating func problem(
    _ what: String, _ expected: String, _ found: String, suggestion: String? = nil, at position: TextPosition?
  ) {
    problems.append(PlanProblem(what, expected: expected, found: found, suggestion: suggestion, at: position))
  }
}

extension PlanProblem {
  /// `…, expected …, found …; did you mean …?`
  init(_ what: String, expected: String, found: String, suggestion: String? = nil, at position: TextPosition?) {
    let question = suggestion.map { "; did you mean '\($0)'?" } ?? ""
    self.init("\(what), expected \(expected), found \(found)\(question)", at: position)
  }
}

extension PlanNode {
  /// A mapping of a key to nothing.
  fileprivate init(naming name: Placed<String>) {
    let position = name.position ?? TextPosition(source: "", line: 1, column: 1)
    let nothing = PlanNode(content: .null, written: "", position: position)
    self.init(content: .mapping([Entry(key: name, value: nothing)]), written: "", position: position)
  }
}

extension PlanShape {
  /// Whether the node is a scalar, a list or a mapping as this shape is; what is in it may be wrong all the same.
  fileprivate func isOfKind(_ node: PlanNode) -> Bool {
    switch (self, node.content) {
    case (.either(let shapes), _): shapes.contains { $0.isOfKind(node) }
    case (.byChannel(let part), _): node.isByChannel || part.isOfKind(node)
    case (.nested(let part), _): part.isNested(node) || part.isOfKind(node)
    case (.kinds, _): node.isMapping
    case (.text, .text), (.date, .text), (.words, .text), (.flag, .flag), (.count, .number), (.number, .number),
      (.list, .list), (.pair, .list), (.later(.list, _), .list), (.mapping, .mapping), (.later(.mapping, _), .mapping),
      (.named, .text), (.named, .mapping):
      true
    case (.text, _), (.date, _), (.words, _), (.flag, _), (.count, _), (.number, _), (.list, _), (.pair, _),
      (.later, _),
      (.mapping, _), (.named, _):
      false
    }
  }
}

extension ClosedRange<Int> {
  fileprivate var inWords: String {
    lowerBound == upperBound ? "\(lowerBound)" : "from \(lowerBound) to \(upperBound)"
  }
}

extension String {
  fileprivate func ifPair(_ group: [String], else other: String) -> String { group.count == 2 ? self : other }
}
