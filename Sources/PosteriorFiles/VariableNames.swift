import ResponseModel
import Tables

/// A source's variables looked up by the words of a plan: `beta`, `beta[1]`, `beta[tv,north]`.
struct VariableNames {
  let path: String
  let variables: [DrawVariable]

  /// A variable, and the coordinates that its first axes are fixed at.
  struct Reference {
    var variable: Int
    /// From 0, one for each of the first axes.
    var fixed: [Int]
  }

  func wrong(_ message: String) -> PosteriorFileError { PosteriorFileError(.invalid, path, message) }

  func axes(_ reference: Reference) -> ArraySlice<DrawVariable.Axis> {
    variables[reference.variable].axes[reference.fixed.count...]
  }

  /// - Parameter key: the plan's key that names the variable.
  func reference(_ written: String, as key: String) throws(PosteriorFileError) -> Reference {
    if let variable = variables.firstIndex(where: { $0.name == written }) {
      return Reference(variable: variable, fixed: [])
    }
    guard written.last == "]", let bracket = written.firstIndex(of: "[") else { throw unknown(written, key) }
    let name = written[..<bracket].trimmingSpaces
    guard let variable = variables.firstIndex(where: { $0.name == name }) else { throw unknown(name, key) }
    let labels = written[written.index(after: bracket)...].dropLast()
      .split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingSpaces }
    let axes = variables[variable].axes
    guard labels.count <= axes.count else {
      throw wrong("\(key): expected at most \(axes.count) coordinates of \(name), found \(labels.count) in \(written)")
    }
    var fixed: [Int] = []
    for (label, axis) in zip(labels, axes) {
      if let position = axis.labels.firstIndex(of: label) {
        fixed.append(position)
      } else if let position = Int(label), (1...axis.labels.count).contains(position) {
        fixed.append(position - 1)
      } else {
        throw wrong(
          "\(key): expected a coordinate of \(name), \(listed(axis.labels)), found \(label) in \(written)"
            + (nearest(to: label, in: axis.labels).map { "; did you mean \($0)?" } ?? ""))
      }
    }
    return Reference(variable: variable, fixed: fixed)
  }

  private func unknown(_ name: String, _ key: String) -> PosteriorFileError {
    let names = variables.map(\.name)
    return wrong(
      "\(key): no variable \(name), expected one of \(listed(names)), or a number"
        + (nearest(to: name, in: names).map { "; did you mean \($0)?" } ?? ""))
  }

  private func listed(_ names: [String]) -> String {
    names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
  }

  // MARK: Axes and dims

  /// Which dim each axis that is not fixed runs along: the dim of its name; else the dim that its labels are; else, of as many
  /// axes as dims are left, the one in its place, where their lengths agree; else the only one of its length; else that of its place.
  ///
  /// - Parameter dims: those that are not fixed; a dim whose labels are not yet known has none.
  func dims(
    of reference: Reference, among dims: [Posterior.Dim], as key: String
  ) throws(PosteriorFileError) -> [Int] {
    let axes = Array(axes(reference))
    var assigned = [Int?](repeating: nil, count: axes.count)
    func isFree(_ dim: Int) -> Bool { !assigned.contains(dim) }
    for (index, axis) in axes.enumerated() { assigned[index] = dims.firstIndex { $0.name == axis.name } }
    for (index, axis) in axes.enumerated() where assigned[index] == nil && !axis.isNumbered {
      assigned[index] = dims.indices.first { dim in
        isFree(dim) && !dims[dim].labels.isEmpty && dims[dim].labels.allSatisfy { axis.labels.contains($0) }
      }
    }
    let rest = assigned.indices.filter { assigned[$0] == nil }
    let free = dims.indices.filter(isFree)
    func fits(_ axis: Int, _ dim: Int) -> Bool {
      dims[dim].labels.isEmpty || dims[dim].labels.count == axes[axis].labels.count
    }
    if rest.count != free.count || !zip(rest, free).allSatisfy(fits) {
      for axis in rest {
        let fitting = dims.indices.filter { isFree($0) && dims[$0].labels.count == axes[axis].labels.count }
        if fitting.count == 1 { assigned[axis] = fitting[0] }
      }
    }
    // What is wrong with the lengths is told of the elements.
    if rest.count == free.count, assigned.contains(nil) {
      for (axis, dim) in zip(rest, free) { assigned[axis] = dim }
    }
    let result = assigned.compactMap { $0 }
    guard result.count == axes.count, Set(result).count == axes.count else {
      let variable = variables[reference.variable]
      let shape = variable.axes.map { $0.name ?? "\($0.labels.count)" }.joined(separator: " × ")
      let expected = dims.map { $0.name + ($0.labels.isEmpty ? "" : " (\($0.labels.count))") }.joined(separator: ", ")
      let whose = variable.isDrawn ? "" : ", without draws,"
      throw wrong("\(key): \(variable.name)\(whose) has the dims \(shape), expected dims among \(expected)")
    }
    return result
  }

  /// The element of a cell.
  func element(
    of reference: Reference, at labels: [String], dims: [Posterior.Dim], as key: String
  ) throws(PosteriorFileError) -> DrawElement {
    let variable = variables[reference.variable]
    let along = try self.dims(of: reference, among: dims, as: key)
    var position = 0
    for (axis, coordinate) in zip(variable.axes, reference.fixed) {
      position = position * axis.labels.count + coordinate
    }
    for (axis, dim) in zip(axes(reference), along) {
      let coordinate: Int
      if let label = axis.labels.firstIndex(of: labels[dim]) {
        coordinate = label
      } else if axis.isNumbered, axis.labels.count == dims[dim].labels.count,
        let place = dims[dim].labels.firstIndex(of: labels[dim])
      {
        coordinate = place
      } else {
        let found = axis.isNumbered ? "\(axis.labels.count) elements without names" : listed(axis.labels)
        throw wrong(
          "\(key): expected \(variable.name) along \(dims[dim].name) for \(listed(dims[dim].labels)), found \(found)")
      }
      position = position * axis.labels.count + coordinate
    }
    return DrawElement(variable: reference.variable, position: position)
  }
}
