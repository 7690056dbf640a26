import Yams

/// The text of a plan as a tree of nodes, and what is wrong with it as YAML.
struct PlanText {
  /// Nil where there is no tree to read.
  var root: PlanNode?
  var problems: [PlanProblem] = []

  /// Characters of a plan; far more than any plan needs.
  static let largestSize = 1_000_000
  /// Nodes of a tree, those repeated by aliases included.
  static let largestTree = 1_000_000
  /// Characters that a text may come to once its aliases are followed, by `expandedSize`.
  static let largestExpansion = 20_000_000.0
  /// Duplicate keys found before the search is given up: each takes another pass over the text.
  private static let mostDuplicates = 50

  private let source: String
  /// The names of keys that were masked to get past them: see `mask`.
  private var maskedNames: [TextPosition: String] = [:]
  private var nodeCount = 0

  /// Reads YAML, of which JSON is a part. Nothing is thrown: a text that is no YAML has no root, and a problem that says so.
  init(_ text: String, source: String) {
    self.source = source
    let start = TextPosition(source: source, line: 1, column: 1)
    var scalars = Array(text.unicodeScalars)
    if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    guard scalars.count <= Self.largestSize, expandedSize(scalars) <= Self.largestExpansion else {
      problems.append(
        PlanProblem(
          "too large, expected a plan of at most \(Self.largestSize) characters, found more, or aliases of aliases that come to more",
          at: start))
      return
    }
    var tree: Node?
    var isComposed = false
    while !isComposed {
      do {
        let text = String(String.UnicodeScalarView(scalars))
        tree = try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
        isComposed = true
      } catch let error as YamlError {
        if case .duplicatedKeysInMapping(let names, let context) = error, let name = names.first {
          if mask(name, at: context.mark, in: &scalars) { continue }
          problems.append(
            PlanProblem("duplicate key '\(name)', expected it once, found it again", at: position(context.mark)))
        } else {
          problems.append(problem(error, in: scalars))
        }
        return
      } catch {
        problems.append(PlanProblem("not YAML: \(error)", at: start))
        return
      }
    }
    root = tree.map { node($0) }
    if nodeCount > Self.largestTree {
      root = nil
      problems = [
        PlanProblem("too large, expected a plan of at most \(Self.largestTree) values, found more", at: start)
      ]
    }
  }

  // MARK: - YAML to nodes

  private mutating func node(_ yaml: Node, key: Placed<String>? = nil) -> PlanNode {
    nodeCount += 1
    let place = yaml.mark.map { position($0) } ?? TextPosition(source: source, line: 1, column: 1)
    guard nodeCount <= Self.largestTree else { return PlanNode(content: .null, written: "", position: place) }
    switch yaml {
    case .scalar(let scalar):
      if scalar.style == .plain && scalar.tag.description != Tag.Name.str.rawValue {
        // Where nothing is written, the key says where.
        return PlanNode(plain: scalar.string, at: scalar.string.isEmpty ? key?.position ?? place : place)
      }
      return PlanNode(content: .text(scalar.string), written: scalar.string, position: place)
    case .sequence(let sequence):
      return PlanNode(content: .list(sequence.map { node($0) }), written: "", position: place)
    case .mapping(let mapping):
      return PlanNode(content: .mapping(entries(mapping)), written: "", position: place)
    case .alias:
      preconditionFailure("Aliases are followed when the tree is composed.")
    }
  }

  /// The first of each name; the others are problems.
  private mutating func entries(_ mapping: Node.Mapping) -> [PlanNode.Entry] {
    var entries: [PlanNode.Entry] = []
    var firsts: [String: TextPosition] = [:]
    for (key, value) in mapping {
      let place = key.mark.map { position($0) } ?? TextPosition(source: source, line: 1, column: 1)
      guard case .scalar(let scalar) = key else {
        problems.append(PlanProblem("not a key, expected a name, found a list or a mapping", at: place))
        continue
      }
      let name = maskedNames[place] ?? scalar.string
      if let first = firsts[name] {
        problems.append(
          PlanProblem(
            "duplicate key '\(name)', expected it once, found it again after line \(first.line)", at: place))
        continue
      }
      firsts[name] = place
      let placed = Placed(name, at: place)
      entries.append(PlanNode.Entry(key: placed, value: node(value, key: placed)))
    }
    return entries
  }

  private func position(_ mark: Mark) -> TextPosition {
    TextPosition(source: source, line: mark.line, column: mark.column)
  }

  // MARK: - What is wrong as YAML

  /// The parser stops at the first duplicate key and tells where its first use is. To find the others too, that use is
  /// renamed in the text, without moving anything, to a name that no plan has; `entries` gives it its own name back.
  private mutating func mask(_ name: String, at mark: Mark, in scalars: inout [Unicode.Scalar]) -> Bool {
    guard var index = offset(of: mark, in: scalars) else { return false }
    if scalars[index] == "\"" || scalars[index] == "'" { index += 1 }
    guard !name.isEmpty, scalars[index...].starts(with: name.unicodeScalars), maskedNames.count < Self.mostDuplicates,
      let unused = Unicode.Scalar(0xE000 + UInt32(maskedNames.count))
    else { return false }
    scalars[index] = unused
    maskedNames[position(mark)] = name
    return true
  }

  private func offset(of mark: Mark, in scalars: [Unicode.Scalar]) -> Int? {
    var line = 1
    var index = 0
    while line < mark.line {
      guard let end = scalars[index...].firstIndex(of: "\n") else { return nil }
      index = end + 1
      line += 1
    }
    let offset = index + mark.column - 1
    return offset < scalars.count ? offset : nil
  }

  private func problem(_ error: YamlError, in scalars: [Unicode.Scalar]) -> PlanProblem {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      if let offset = offset(of: mark, in: scalars), scalars[offset] == "\t" {
        return PlanProblem("not YAML, expected spaces for indentation, found a tab", at: position(mark))
      }
      let context = context.map { "\($0.text), " } ?? ""
      return PlanProblem("not YAML: \(context)\(problem)", at: position(mark))
    case .reader(let problem, let offset, _, let text):
      let before = text.prefix(offset ?? 0).unicodeScalars
      let line = before.count { $0 == "\n" } + 1
      let column = before.reversed().prefix { $0 != "\n" }.count + 1
      return PlanProblem("not YAML: \(problem)", at: TextPosition(source: source, line: line, column: column))
    case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded, .duplicatedKeysInMapping:
      return PlanProblem("not YAML: \(error)", at: TextPosition(source: source, line: 1, column: 1))
    }
  }
}

/// At most so many characters does the text stand for once its aliases are followed.
///
/// With `a` aliases on `l` levels, each level being named by an anchor of its own, no node is repeated more often than
/// `(a/l)^l` times; the largest over the levels there can be.
private func expandedSize(_ scalars: [Unicode.Scalar]) -> Double {
  func marks(_ mark: Unicode.Scalar) -> Int {
    zip(scalars, scalars.dropFirst()).count { $0 == mark && $1 != " " && $1 != "\n" && $1 != mark }
  }
  let anchors = marks("&")
  let aliases = marks("*")
  var copies = 1.0
  for levels in 1...max(1, min(anchors, aliases)) {
    var power = 1.0
    for _ in 0..<levels { power *= Double(aliases) / Double(levels) }
    copies = max(copies, power)
    if copies * Double(scalars.count) > PlanText.largestExpansion { break }
  }
  return copies * Double(scalars.count)
}
