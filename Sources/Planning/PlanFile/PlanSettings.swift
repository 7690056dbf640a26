/// One `--set key=value` of the command line: a place in the plan, and what to put there.
struct PlanSetting {
  /// `budget.total` as two names.
  var path: [String]
  var value: PlanNode
}

extension PlanSetting {
  /// Reads `key=value`, the value being YAML; what is wrong is said of the source `--set key`.
  static func read(_ text: String) -> (setting: PlanSetting?, problems: [PlanProblem]) {
    let key = String(text.prefix { $0 != "=" })
    let source = "--set \(key)"
    let start = TextPosition(source: source, line: 1, column: 1)
    let path = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard key.count < text.count, path.allSatisfy({ !$0.isEmpty }) else {
      let problem = PlanProblem(
        "not a setting", expected: "key=value, such as budget.total=5e6", found: "'\(text)'", at: start)
      return (nil, [problem])
    }
    let value = PlanText(String(text.dropFirst(key.count + 1)), source: source)
    guard value.problems.isEmpty else { return (nil, value.problems) }
    return (PlanSetting(path: path, value: value.root ?? PlanNode(content: .null, written: "", position: start)), [])
  }

  /// Puts the value at its place: keys on the way that are missing, or hold no mapping, are made mappings. A name that
  /// rules others out, as `budget.total` does `budget.per_period`, replaces them.
  func apply(to plan: inout PlanNode?, position: TextPosition) {
    var root = plan ?? PlanNode(content: .null, written: "", position: position)
    root.set(value, at: path[...], below: [], source: "--set \(path.joined(separator: "."))")
    plan = root
  }
}

extension PlanNode {
  fileprivate mutating func set(_ value: PlanNode, at path: ArraySlice<String>, below parents: [String], source: String)
  {
    guard let name = path.first else {
      self = value
      return
    }
    let position = TextPosition(source: source, line: 1, column: 1)
    var entries: [Entry]
    if case .mapping(let present) = content {
      entries = present.filter { !isRival($0.key.value, of: name, in: parents) }
    } else {
      entries = []
    }
    var node = PlanNode(content: .null, written: "", position: position)
    let index = entries.firstIndex { $0.key.value == name }
    if let index { node = entries[index].value }
    node.set(value, at: path.dropFirst(), below: parents + [name], source: source)
    let entry = Entry(key: Placed(name, at: position), value: node)
    if let index { entries[index] = entry } else { entries.append(entry) }
    content = .mapping(entries)
    written = ""
  }
}

/// Whether a mapping below these keys can hold only one of the two names.
private func isRival(_ present: String, of name: String, in parents: [String]) -> Bool {
  if present == name { return false }
  return switch parents {
  case ["utility"]: true
  case ["budget"]: Set([present, name]) == ["total", "per_period"]
  case ["scenarios"]: Set([present, name]) == ["budgets", "amounts"]
  case ["distribution"], ["cost_per_unit"], ["current"]: present == "file" || name == "file"
  case _ where parents.first == "bounds": Set(["relative", "share", "history"]).isSuperset(of: [present, name])
  default: false
  }
}
