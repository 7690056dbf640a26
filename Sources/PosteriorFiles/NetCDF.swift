import CNetCDF
import CNetCDFReader

/// A NetCDF-4 file while it is open for reading: its groups, variables and attributes, and nothing of them read before it is
/// asked for.
///
/// Everything that goes wrong in the library, a crash of the process that reads included, becomes a `PosteriorFileError` that names
/// the place in the file.
struct NetCDFFile {
  let path: String
  let byteCount: Int
  private let process: NetCDFProcess

  /// What `body` makes of the file at `path`, open until it returns. Nothing of the file may outlive it.
  ///
  /// Local files only: an address with `://`, which libnetcdf would fetch, is refused.
  static func read<Result>(
    _ path: String, _ body: (NetCDFFile) throws(PosteriorFileError) -> Result
  ) throws(PosteriorFileError) -> Result {
    guard !path.contains("://") else {
      throw PosteriorFileError(.unsupported, path, "expected the path of a file on this machine, found an address")
    }
    let input = try InputFile(path: path)
    let head = try input.read(upTo: 16)
    guard head.starts(with: signature) else {
      throw PosteriorFileError(
        .unreadable, path, "expected a NetCDF-4 (HDF5) file, found \(describe(head, of: input.byteCount))")
    }
    // libnetcdf drops blanks at the start of a path.
    let process = try NetCDFProcess(reading: path, as: path.hasPrefix("/") ? path : "./" + path)
    guard process.openingCode == NC_NOERR else {
      let reason =
        input.isLocked
        ? "is locked: another program is writing it"
        : "begins as a NetCDF-4 file but cannot be opened (\(sentence(process.openingCode))): it may have been cut short"
      throw PosteriorFileError(.unreadable, path, reason)
    }
    return try body(NetCDFFile(path: path, byteCount: input.byteCount, process: process))
  }

  var root: NetCDFGroup { NetCDFGroup(file: self, id: process.root, path: "") }

  /// The library's answer. Nil where it is `absent`; any other failure throws, naming `place`.
  func ask(
    _ question: NetCDFQuestion, at place: String, absent: Int32 = NC_NOERR
  ) throws(PosteriorFileError) -> NetCDFAnswer? {
    let answer = try process.ask(question, at: place)
    if answer.code == NC_NOERR { return answer }
    if answer.code == absent { return nil }
    throw PosteriorFileError(
      .unreadable, path,
      "\(place): cannot be read (\(NetCDFFile.sentence(answer.code))): the file may be damaged")
  }

  /// The number of elements of a shape, refused where no file of this size can hold them (deflate, the filter that NetCDF
  /// uses, shrinks by 1,032 at most) and above 2²⁷, a gibibyte of numbers.
  func elementCount(_ shape: [Int], at place: String) throws(PosteriorFileError) -> Int {
    let largest = min(1 << 27, byteCount * 1032)
    var count = 1
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow, product <= largest else {
        throw PosteriorFileError(
          .invalid, path,
          "\(place): a shape of \(shape.map(String.init).joined(separator: " × ")) is more than a file of \(byteCount) bytes can hold"
        )
      }
      count = product
    }
    return count
  }

  private static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  private static func describe(_ head: [UInt8], of byteCount: Int) -> String {
    if head.isEmpty { return "an empty file" }
    if head.starts(with: Array("CDF".utf8)) { return "a classic NetCDF-3 file, which has no groups" }
    if signature.starts(with: head) { return "the first \(byteCount) bytes of one: it has been cut short" }
    let isText = head.allSatisfy { (0x20..<0x7F).contains($0) || (0x09...0x0D).contains($0) }
    if isText {
      let line = head.prefix { $0 != 0x0A && $0 != 0x0D }
      return "text that begins with \u{201C}\(String(decoding: line, as: UTF8.self))\u{201D}"
    }
    let bytes = head.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return "the bytes \(bytes.joined(separator: " "))"
  }

  static func sentence(_ code: Int32) -> String {
    unsafe String(cString: nc_strerror(code))
  }
}

/// A group of a NetCDF file.
struct NetCDFGroup {
  let file: NetCDFFile
  let id: Int32
  /// `posterior`; the root's is empty.
  let path: String

  func place(of name: String) -> String { path.isEmpty ? name : path + "/" + name }

  /// A child group, nil where there is none.
  func group(_ name: String) throws(PosteriorFileError) -> NetCDFGroup? {
    let place = place(of: name)
    let question = NetCDFQuestion(kind: netcdf_group, group: id, name: name)
    guard let answer = try file.ask(question, at: place, absent: NC_ENOGRP) else { return nil }
    return NetCDFGroup(file: file, id: Int32(truncatingIfNeeded: answer.number), path: place)
  }

  /// The length of a dimension, of this group or of one around it; nil where there is none.
  func length(of dim: String) throws(PosteriorFileError) -> Int? {
    let question = NetCDFQuestion(kind: netcdf_length, group: id, name: dim)
    return try file.ask(question, at: place(of: dim), absent: NC_EBADDIM)?.number
  }

  /// The group's own variables, in the file's order.
  func variableNames() throws(PosteriorFileError) -> [String] {
    try file.ask(NetCDFQuestion(kind: netcdf_variable_names, group: id), at: path)?.texts ?? []
  }

  /// A variable of this group, nil where there is none.
  func variable(_ name: String) throws(PosteriorFileError) -> NetCDFVariable? {
    let question = NetCDFQuestion(kind: netcdf_variable, group: id, name: name)
    guard let answer = try file.ask(question, at: place(of: name), absent: NC_ENOTVAR) else { return nil }
    let texts = answer.texts
    let axes = stride(from: 0, to: texts.count - 1, by: 2).map { (name: texts[$0], length: Int(texts[$0 + 1]) ?? 0) }
    return NetCDFVariable(
      group: self, id: Int32(truncatingIfNeeded: answer.number), name: name, type: answer.type,
      dims: axes.map(\.name), shape: axes.map(\.length))
  }

  /// The text of an attribute of the group, nil where there is none.
  func text(_ attribute: String) throws(PosteriorFileError) -> String? {
    try text(attribute, of: NC_GLOBAL, at: path.isEmpty ? "root attribute \(attribute)" : "\(path):\(attribute)")
  }

  func text(_ attribute: String, of variable: Int32, at place: String) throws(PosteriorFileError) -> String? {
    guard let answer = try elements(of: attribute, of: variable, at: place) else { return nil }
    guard answer.type == NC_CHAR || answer.type == NC_STRING && answer.number == 1 else {
      throw PosteriorFileError(.invalid, file.path, "\(place): expected one text")
    }
    return untilZero(answer.bytes)
  }

  /// The numbers of an attribute, none where there is no such attribute.
  func numbers(_ attribute: String, of variable: Int32, at place: String) throws(PosteriorFileError) -> [Double] {
    guard let answer = try elements(of: attribute, of: variable, at: place) else { return [] }
    guard answer.number == answer.numbers.count else {
      let found = answer.type == NC_CHAR || answer.type == NC_STRING ? "text" : "another type"
      throw PosteriorFileError(.invalid, file.path, "\(place): expected numbers, found \(found)")
    }
    return answer.numbers
  }

  /// Attributes are stored as they are: none is longer than its file.
  private func elements(
    of attribute: String, of variable: Int32, at place: String
  ) throws(PosteriorFileError) -> NetCDFAnswer? {
    let question = NetCDFQuestion(
      kind: netcdf_attribute, group: id, variable: variable, name: attribute, count: file.byteCount)
    guard let answer = try file.ask(question, at: place, absent: NC_ENOTATT) else { return nil }
    guard answer.number <= file.byteCount else {
      throw PosteriorFileError(
        .invalid, file.path, "\(place): \(answer.number) elements are more than the file can hold")
    }
    return answer
  }
}

/// A variable of a NetCDF file: its shape, and its values when they are asked for.
struct NetCDFVariable {
  let group: NetCDFGroup
  let id: Int32
  let name: String
  let type: nc_type
  /// In the order of the file, the last running fastest.
  let dims: [String]
  let shape: [Int]

  var place: String { group.place(of: name) }
  var file: NetCDFFile { group.file }
  /// Whether its values are text, of variable or of fixed length.
  var isText: Bool { type == NC_STRING || type == NC_CHAR }

  func text(_ attribute: String) throws(PosteriorFileError) -> String? {
    try group.text(attribute, of: id, at: "\(place):\(attribute)")
  }

  /// All values as numbers, whatever their type, in the file's order: `packed · scale_factor + add_offset`, and not a number
  /// where the packed value is `_FillValue`, `missing_value` or what the library leaves in a number never written.
  func numbers() throws(PosteriorFileError) -> [Double] {
    guard type != NC_CHAR, (NC_BYTE...NC_UINT64).contains(type) else {
      throw PosteriorFileError(
        .invalid, file.path, "\(place): expected numbers, found \(isText ? "text" : "another type")")
    }
    var values = try elements()?.numbers ?? []
    var missing = try attribute("_FillValue") + attribute("missing_value")
    if type == NC_DOUBLE { missing.append(NC_FILL_DOUBLE) }
    if type == NC_FLOAT { missing.append(Double(NC_FILL_FLOAT)) }
    let scale = try attribute("scale_factor").first
    let offset = try attribute("add_offset").first
    let isPacked = scale != nil || offset != nil
    for index in values.indices {
      if missing.contains(values[index]) {
        values[index] = .nan
      } else if isPacked {
        values[index] = values[index] * (scale ?? 1) + (offset ?? 0)
      }
    }
    return values
  }

  /// All values as texts: of variable length, or rows of characters, the last dim running along the text.
  func strings() throws(PosteriorFileError) -> [String] {
    switch type {
    case NC_STRING: return try elements()?.texts ?? []
    case NC_CHAR:
      guard let bytes = try elements()?.bytes, let width = shape.last else { return [] }
      return stride(from: 0, to: bytes.count, by: width).map { untilZero(bytes[$0..<($0 + width)]) }
    default:
      throw PosteriorFileError(.invalid, file.path, "\(place): expected texts, found numbers")
    }
  }

  /// All values, as many as the shape has; nil where it has none.
  private func elements() throws(PosteriorFileError) -> NetCDFAnswer? {
    let count = try file.elementCount(shape, at: place)
    guard count > 0 else { return nil }
    let question = NetCDFQuestion(kind: netcdf_values, group: group.id, variable: id, count: count)
    guard let answer = try file.ask(question, at: place) else { return nil }
    let found = type == NC_STRING ? answer.texts.count : type == NC_CHAR ? answer.bytes.count : answer.numbers.count
    guard found == count else {
      throw PosteriorFileError(
        .unreadable, file.path, "\(place): expected \(count) values, found \(found): it is damaged")
    }
    return answer
  }

  private func attribute(_ name: String) throws(PosteriorFileError) -> [Double] {
    try group.numbers(name, of: id, at: "\(place):\(name)")
  }
}

/// The text before the first zero byte.
private func untilZero(_ bytes: some Sequence<UInt8>) -> String {
  String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
}
