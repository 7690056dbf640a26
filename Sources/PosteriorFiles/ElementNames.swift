import ResponseModel

/// Names of single elements, as columns of a table have them, put together to variables: `beta.1, beta.2` to `beta` with one axis.
struct ElementNames {
  /// In the order of their first elements.
  private(set) var variables: [DrawVariable] = []
  /// For each variable which name each of its elements has, the last axis running fastest.
  private(set) var positions: [[Int]] = []

  /// What is wrong with the names: a sentence.
  struct Failure: Error { var message: String }

  /// A name and the coordinates behind it; none for a variable of one number.
  struct Name {
    var variable: String
    var labels: [String]
  }

  /// - Parameter names: with the place of each in the file, which `positions` then says.
  init(_ names: [(name: Name, position: Int)]) throws(Failure) {
    var indices: [String: Int] = [:]
    var groups: [[(labels: [String], position: Int)]] = []
    var order: [String] = []
    for (name, position) in names {
      if let index = indices[name.variable] {
        groups[index].append((name.labels, position))
      } else {
        indices[name.variable] = groups.count
        order.append(name.variable)
        groups.append([(name.labels, position)])
      }
    }
    for (name, elements) in zip(order, groups) { try add(name, elements) }
  }

  private mutating func add(_ name: String, _ elements: [(labels: [String], position: Int)]) throws(Failure) {
    let axisCount = elements[0].labels.count
    guard elements.allSatisfy({ $0.labels.count == axisCount }) else {
      throw Failure(message: "\(name): expected as many coordinates in each element, found different numbers of them")
    }
    var axes = [[String: Int]](repeating: [:], count: axisCount)
    var labels = [[String]](repeating: [], count: axisCount)
    for element in elements {
      for (axis, label) in element.labels.enumerated() where axes[axis][label] == nil {
        axes[axis][label] = labels[axis].count
        labels[axis].append(label)
      }
    }
    let variable = DrawVariable(name: name, axes: labels.map { DrawVariable.Axis(labels: $0) })
    // No product of the axes is formed before it is known to be as large as what is there.
    var size = 1
    for axis in labels { size = min(size * axis.count, elements.count + 1) }
    guard size <= elements.count else {
      throw Failure(
        message: "\(name): expected every element of \(labels.map { "\($0.count)" }.joined(separator: " × ")), found "
          + "\(elements.count)")
    }
    var places = [Int?](repeating: nil, count: size)
    for element in elements {
      var place = 0
      for (axis, label) in element.labels.enumerated() {
        place = place * labels[axis].count + (axes[axis][label] ?? 0)
      }
      guard places[place] == nil else {
        throw Failure(message: "expected each column once, found \(variable.name(ofElement: place)) twice")
      }
      places[place] = element.position
    }
    variables.append(variable)
    positions.append(places.compactMap { $0 })
  }
}
