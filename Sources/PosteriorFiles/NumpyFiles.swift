import ResponseModel

/// Arrays of numpy's by name: those of `npz` archives, and `npy` files, each named as its file is. NumPyro's `get_samples()`, or
/// `get_samples(group_by_chain=True)`, is written by `numpy.savez`.
///
/// Draws run along the first axis, or chains along the first and draws along the second. The largest array says which: chains
/// first where its first axis is the shorter and no array has draws of that number only. Arrays without these axes are the same in
/// every draw. `diverging` is counted. Texts in an archive, labels as it were, are passed over.
struct NumpyFiles: DrawSource {
  static let format = "npz"

  let path: String
  let variables: [DrawVariable]
  private let members: [Member]
  /// The lengths of the axes of chains and draws, one or two.
  private let sampleShape: [Int]

  /// An array in its file.
  private struct Member: Sendable {
    var name: String
    var path: String
    var entry: ZipArchive.Entry?
    var header: NumpyHeader
  }

  init(_ paths: [String], source: String) throws(PosteriorFileError) {
    path = source
    var members: [Member] = []
    for path in paths { members += try NumpyFiles.members(of: path) }
    guard !members.isEmpty else {
      throw PosteriorFileError(.invalid, source, "expected arrays, found an archive without any")
    }
    var seen: Set<String> = []
    for member in members where !seen.insert(member.name).inserted {
      throw PosteriorFileError(.invalid, member.path, "expected each array once, found \(member.name) twice")
    }
    let shape = NumpyFiles.sampleShape(members.map(\.header.shape))
    guard shape.reduce(1, *) > 0, !shape.isEmpty else {
      throw PosteriorFileError(.invalid, source, "expected arrays of draws, found none with a draw in it")
    }
    try NumpyFiles.check(members, against: shape)
    self.members = members
    sampleShape = shape
    variables = members.map { member in
      let isDrawn = NumpyFiles.isDrawn(member.header.shape, shape)
      let axes = isDrawn ? member.header.shape.dropFirst(shape.count) : member.header.shape[...]
      return DrawVariable(name: member.name, axes: axes.map { DrawVariable.Axis(count: $0) }, isDrawn: isDrawn)
    }
  }

  private static func members(of path: String) throws(PosteriorFileError) -> [Member] {
    let file = try InputFile(path: path)
    let head = try file.read(at: 0, count: NumpyHeader.longest)
    guard head.starts(with: Array("PK".utf8)) else {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      let header = try header(head, size: file.byteCount, path)
      return [Member(name: name.hasSuffix(".npy") ? String(name.dropLast(4)) : name, path: path, header: header)]
    }
    let archive = try ZipArchive(path)
    var members: [Member] = []
    for entry in archive.entries {
      guard entry.name.hasSuffix(".npy") else {
        throw PosteriorFileError(
          .unsupported, path, "expected an archive of numpy's arrays (npz), found an entry \(entry.name)")
      }
      let head = try archive.bytes(of: entry, upTo: NumpyHeader.longest)
      let header: NumpyHeader
      do {
        header = try NumpyHeader(head, size: entry.size)
      } catch {
        if error.isOfTexts { continue }
        throw wrong(error, path, entry.name)
      }
      members.append(Member(name: String(entry.name.dropLast(4)), path: path, entry: entry, header: header))
    }
    return members
  }

  private static func header(
    _ head: [UInt8], size: Int, _ path: String, _ entry: String? = nil
  ) throws(PosteriorFileError) -> NumpyHeader {
    do {
      return try NumpyHeader(head, size: size)
    } catch {
      throw wrong(error, path, entry)
    }
  }

  private static func wrong(_ failure: NumpyHeader.Failure, _ path: String, _ entry: String?) -> PosteriorFileError {
    PosteriorFileError(
      failure.isUnsupported ? .unsupported : .invalid, path, "\(entry.map { "\($0): " } ?? "")\(failure.message)")
  }

  /// The axes that chains and draws have in common.
  private static func sampleShape(_ shapes: [[Int]]) -> [Int] {
    let largest = shapes.max { $0.reduce(1, *) < $1.reduce(1, *) } ?? []
    guard largest.count >= 2, largest[0] < largest[1], !shapes.contains([largest[0]]) else {
      return Array(largest.prefix(1))
    }
    return Array(largest.prefix(2))
  }

  /// No array seems to be drawn along other chains or draws: so many draws in other chains, or three axes and more, as the largest has,
  /// of which the first is the chains'. Arrays of two may be scales by geo and channel.
  private static func check(_ members: [Member], against sampleShape: [Int]) throws(PosteriorFileError) {
    guard sampleShape.count == 2 else { return }
    let rank = members.map(\.header.shape.count).max() ?? 0
    guard let first = members.first(where: { isDrawn($0.header.shape, sampleShape) }) else { return }
    for member in members where !isDrawn(member.header.shape, sampleShape) && member.header.shape.count >= 2 {
      let shape = member.header.shape
      guard shape[1] == sampleShape[1] || shape.count == max(3, rank) && shape[0] == sampleShape[0] else { continue }
      throw PosteriorFileError(
        .invalid, member.path,
        "\(member.name): expected \(sampleShape[0]) chains of \(sampleShape[1]) draws, as \(first.name) has, found "
          + shape.map(String.init).joined(separator: " × "))
    }
  }

  private static func isDrawn(_ shape: [Int], _ sampleShape: [Int]) -> Bool { shape.starts(with: sampleShape) }

  func draws(of elements: [DrawElement]) throws(PosteriorFileError) -> DrawColumns {
    let drawCount = sampleShape.reduce(1, *)
    var columns = [[Double]](repeating: [], count: elements.count)
    // One array at a time: an archive may be larger than what is needed of it.
    for variable in Set(elements.map(\.variable)).sorted() {
      let array = try array(members[variable])
      for (index, element) in elements.enumerated() where element.variable == variable {
        columns[index] = numbers(of: element, array, count: drawCount)
      }
    }
    var diverging: [Double]?
    if let index = members.firstIndex(where: { $0.name == "diverging" && $0.header.shape == sampleShape }) {
      diverging = try array(members[index]).numbers(alongFirst: sampleShape.count, at: [])
    }
    return DrawColumns(
      chainCount: sampleShape.count == 2 ? sampleShape[0] : 1, drawsPerChain: sampleShape[sampleShape.count - 1],
      columns: columns, divergences: diverging.map { flags in flags.count { $0 != 0 } }, places: nil)
  }

  private func numbers(of element: DrawElement, _ array: NumpyArray, count: Int) -> [Double] {
    var rest = element.position
    var coordinates: [Int] = []
    for axis in variables[element.variable].axes.reversed() {
      coordinates.append(rest % axis.labels.count)
      rest /= axis.labels.count
    }
    coordinates.reverse()
    if NumpyFiles.isDrawn(array.header.shape, sampleShape) {
      return array.numbers(alongFirst: sampleShape.count, at: coordinates)
    }
    let number = array.numbers(alongFirst: 0, at: coordinates)[0]
    return [Double](repeating: number, count: count)
  }

  private func array(_ member: Member) throws(PosteriorFileError) -> NumpyArray {
    let bytes: [UInt8]
    if let entry = member.entry {
      bytes = try ZipArchive(member.path).bytes(of: entry)
    } else {
      let file = try InputFile(path: member.path)
      bytes = try file.read(at: 0, count: file.byteCount)
    }
    let header = try NumpyFiles.header(bytes, size: bytes.count, member.path, member.entry?.name)
    guard header == member.header else {
      throw PosteriorFileError(.unreadable, member.path, "\(member.name): has changed while it was read")
    }
    return NumpyArray(header, bytes)
  }
}
