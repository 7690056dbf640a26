import ResponseModel

/// The group `posterior` of a NetCDF-4 file as ArviZ writes it, or the root of one that xarray writes alone: every variable with
/// the dimension `draw`. Coordinates that are texts label the other dimensions; numbers only count them.
///
/// Variables without draws, beside them and in `constant_data`, are the same in every draw: scales, say. Those by date, and those
/// by chain alone, are none of a model's.
struct GenericNetCDF: DrawSource {
  static let format = "generic"

  let path: String
  let variables: [DrawVariable]
  private let places: [(group: String, name: String)]

  init(_ path: String) throws(PosteriorFileError) {
    self.path = path
    let found = try NetCDFFile.read(path) { file throws(PosteriorFileError) -> [Found] in
      let posterior = try GenericNetCDF.posterior(file)
      var found = try GenericNetCDF.variables(of: posterior)
      if let constants = try file.root.group("constant_data") {
        found += try GenericNetCDF.variables(of: constants)
          .filter { constant in !found.contains { $0.variable.name == constant.variable.name } }
      }
      return found.filter(\.variable.isDrawn) + found.filter { !$0.variable.isDrawn }
    }
    variables = found.map(\.variable)
    places = found.map { ($0.group, $0.variable.name) }
  }

  private struct Found: Sendable {
    var group: String
    var variable: DrawVariable
  }

  private static func posterior(_ file: NetCDFFile) throws(PosteriorFileError) -> NetCDFGroup {
    let group = try file.root.group("posterior") ?? file.root
    guard try group.length(of: "draw") != nil else {
      throw PosteriorFileError(
        .invalid, file.path, "expected a group posterior, or a root, with the dimension draw, found none")
    }
    return group
  }

  /// Variables that are not coordinates, and no text.
  private static func variables(of group: NetCDFGroup) throws(PosteriorFileError) -> [Found] {
    var found: [Found] = []
    for name in try group.variableNames() {
      guard let variable = try group.variable(name), !variable.isText, variable.dims != [name] else { continue }
      let isDrawn = variable.dims.contains("draw")
      guard isDrawn || !variable.dims.contains("chain") && !variable.dims.contains("date") else { continue }
      var axes: [DrawVariable.Axis] = []
      for (dim, length) in zip(variable.dims, variable.shape) where dim != "chain" && dim != "draw" {
        _ = try group.file.elementCount([length], at: variable.place)
        let labels = try labels(of: dim, length, in: group)
        axes.append(labels.map { .init(name: dim, labels: $0) } ?? .init(name: dim, count: length))
      }
      found.append(Found(group: group.path, variable: DrawVariable(name: name, axes: axes, isDrawn: isDrawn)))
    }
    return found
  }

  private static func labels(
    of dim: String, _ length: Int, in group: NetCDFGroup
  ) throws(PosteriorFileError) -> [String]? {
    guard let coordinate = try group.variable(dim), coordinate.isText, coordinate.dims.first == dim else { return nil }
    let labels = try coordinate.strings()
    guard labels.count == length else {
      throw PosteriorFileError(
        .invalid, group.file.path, "\(coordinate.place): expected \(length) labels, found \(labels.count)")
    }
    for (index, label) in labels.enumerated() where labels[..<index].contains(label) {
      throw PosteriorFileError(
        .invalid, group.file.path, "\(coordinate.place): expected each label once, found \(label) twice")
    }
    return labels
  }

  func draws(of elements: [DrawElement]) throws(PosteriorFileError) -> DrawColumns {
    try NetCDFFile.read(path) { file throws(PosteriorFileError) -> DrawColumns in
      let posterior = try GenericNetCDF.posterior(file)
      let drawsPerChain = try posterior.length(of: "draw") ?? 0
      let chainCount = try posterior.length(of: "chain") ?? 1
      guard try file.elementCount([chainCount, drawsPerChain], at: "posterior") > 0 else {
        throw PosteriorFileError(
          .invalid, path, "posterior: expected draws, found \(chainCount) chains of \(drawsPerChain) draws")
      }
      var arrays: [Int: NamedArray] = [:]
      for index in Set(elements.map(\.variable)) {
        let group = places[index].group.isEmpty ? file.root : try file.root.group(places[index].group)
        guard let variable = try group?.variable(places[index].name) else {
          throw PosteriorFileError(.unreadable, path, "\(places[index].name): has changed while it was read")
        }
        arrays[index] = try NamedArray(variable, allowed: variable.dims)
      }
      let columns = elements.map { element -> [Double] in
        guard let array = arrays[element.variable] else { return [] }
        let start = array.offset(of: element.position, in: variables[element.variable])
        let (chainStride, drawStride) = (array.stride(along: "chain"), array.stride(along: "draw"))
        return (0..<(chainCount * drawsPerChain)).map { draw in
          array.values[start + draw / drawsPerChain * chainStride + draw % drawsPerChain * drawStride]
        }
      }
      var diverging: [Double]?
      if let flags = try file.root.group("sample_stats")?.variable("diverging") { diverging = try flags.numbers() }
      return DrawColumns(
        chainCount: chainCount, drawsPerChain: drawsPerChain, columns: columns,
        divergences: diverging.map { flags in flags.count { $0 != 0 } }, places: nil)
    }
  }
}

extension NamedArray {
  /// Where the first draw of an element stands.
  fileprivate func offset(of element: Int, in variable: DrawVariable) -> Int {
    var rest = element
    var offset = 0
    for axis in variable.axes.reversed() {
      offset += rest % axis.labels.count * stride(along: axis.name ?? "")
      rest /= axis.labels.count
    }
    return offset
  }
}
