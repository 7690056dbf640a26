import CNetCDF
import Synchronization

private let netCDFLock = Mutex(())

/// Runs calls of libnetcdf, alone in the process: it and HDF5 below it keep state that threads share. A body that comes back
/// here would wait for itself.
func withNetCDF<Result: Sendable, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
  try netCDFLock.withLock { (_) throws(Failure) in
    netcdf_silence_hdf5()
    return try body()
  }
}

/// A NetCDF-4 file while it is open for reading: its groups, variables and attributes, and nothing of them read before it is
/// asked for.
///
/// Everything that goes wrong in the library becomes a `PosteriorFileError` that names the place in the file.
struct NetCDFFile {
  let path: String
  let byteCount: Int
  private let handle: Int32

  /// What `body` makes of the file at `path`, open until it returns. Nothing of the file may outlive it.
  ///
  /// The library is held from opening to closing, for HDF5 1.10 reads texts of a file opened twice through whichever opening
  /// came first, closed or not. Local files only: an address with `://`, which libnetcdf would fetch, is refused.
  static func read<Result: Sendable>(
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
    return try withNetCDF { () throws(PosteriorFileError) in
      var handle: Int32 = 0
      // libnetcdf drops blanks at the start of a path.
      let code = unsafe nc_open(path.hasPrefix("/") ? path : "./" + path, NC_NOWRITE, &handle)
      guard code == NC_NOERR else {
        throw PosteriorFileError(
          .unreadable, path,
          "begins as a NetCDF-4 file but cannot be opened (\(sentence(code))): it may have been cut short")
      }
      defer { nc_close(handle) }
      return try body(NetCDFFile(path: path, byteCount: input.byteCount, handle: handle))
    }
  }

  var root: NetCDFGroup { NetCDFGroup(file: self, id: handle, path: "") }

  /// One call of the library. False when it answers `absent`; any other failure throws, naming `place`.
  @discardableResult
  func call(
    _ place: String, absent: Int32 = NC_NOERR, _ body: () -> Int32
  ) throws(PosteriorFileError) -> Bool {
    let code = body()
    if code == NC_NOERR { return true }
    if code == absent { return false }
    throw PosteriorFileError(
      .unreadable, path, "\(place): cannot be read (\(NetCDFFile.sentence(code))): the file may be damaged")
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
    var child: Int32 = 0
    let found = try file.call(place(of: name), absent: NC_ENOGRP) { unsafe nc_inq_ncid(id, name, &child) }
    return found ? NetCDFGroup(file: file, id: child, path: place(of: name)) : nil
  }

  /// The length of a dimension, of this group or of one around it; nil where there is none.
  func length(of dim: String) throws(PosteriorFileError) -> Int? {
    var dimension: Int32 = 0
    guard try file.call(place(of: dim), absent: NC_EBADDIM, { unsafe nc_inq_dimid(id, dim, &dimension) }) else {
      return nil
    }
    var length = 0
    try file.call(place(of: dim)) { unsafe nc_inq_dimlen(id, dimension, &length) }
    return length
  }

  /// The group's own variables, in the file's order.
  func variableNames() throws(PosteriorFileError) -> [String] {
    var count: Int32 = 0
    try file.call(path) { unsafe nc_inq_nvars(id, &count) }
    var names: [String] = []
    for variable in 0..<count { names.append(try unsafe name { unsafe nc_inq_varname(id, variable, $0) }) }
    return names
  }

  /// A variable of this group, nil where there is none.
  func variable(_ name: String) throws(PosteriorFileError) -> NetCDFVariable? {
    let place = place(of: name)
    var variable: Int32 = 0
    guard try file.call(place, absent: NC_ENOTVAR, { unsafe nc_inq_varid(id, name, &variable) }) else { return nil }
    var type: nc_type = 0
    var dimCount: Int32 = 0
    try file.call(place) { unsafe nc_inq_vartype(id, variable, &type) }
    try file.call(place) { unsafe nc_inq_varndims(id, variable, &dimCount) }
    var dimensions = [Int32](repeating: 0, count: Int(dimCount) + 1)
    try file.call(place) { unsafe nc_inq_vardimid(id, variable, &dimensions) }
    var dims: [String] = []
    var shape: [Int] = []
    for dimension in dimensions.dropLast() {
      var length = 0
      try file.call(place) { unsafe nc_inq_dimlen(id, dimension, &length) }
      shape.append(length)
      dims.append(try unsafe self.name { unsafe nc_inq_dimname(id, dimension, $0) })
    }
    return NetCDFVariable(group: self, id: variable, name: name, type: type, dims: dims, shape: shape)
  }

  /// The text of an attribute of the group, nil where there is none.
  func text(_ attribute: String) throws(PosteriorFileError) -> String? {
    try text(attribute, of: NC_GLOBAL, at: path.isEmpty ? "root attribute \(attribute)" : "\(path):\(attribute)")
  }

  func text(_ attribute: String, of variable: Int32, at place: String) throws(PosteriorFileError) -> String? {
    guard let (type, count) = try header(attribute, of: variable, at: place) else { return nil }
    switch type {
    case NC_CHAR:
      var bytes = [CChar](repeating: 0, count: count + 1)
      try file.call(place) { unsafe nc_get_att_text(id, variable, attribute, &bytes) }
      return untilZero(bytes)
    case NC_STRING where count == 1:
      return try unsafe strings(count: 1, at: place) { unsafe nc_get_att_string(id, variable, attribute, $0) }[0]
    default:
      throw PosteriorFileError(.invalid, file.path, "\(place): expected one text")
    }
  }

  /// The numbers of an attribute, none where there is no such attribute.
  func numbers(_ attribute: String, of variable: Int32, at place: String) throws(PosteriorFileError) -> [Double] {
    guard let (type, count) = try header(attribute, of: variable, at: place) else { return [] }
    guard type != NC_CHAR, type != NC_STRING else {
      throw PosteriorFileError(.invalid, file.path, "\(place): expected numbers, found text")
    }
    var values = [Double](repeating: 0, count: count)
    try file.call(place) { unsafe nc_get_att_double(id, variable, attribute, &values) }
    return values
  }

  /// The type and length of an attribute. Attributes are stored as they are: none is longer than its file.
  private func header(
    _ attribute: String, of variable: Int32, at place: String
  ) throws(PosteriorFileError) -> (type: nc_type, count: Int)? {
    var type: nc_type = 0
    var count = 0
    let found = try file.call(place, absent: NC_ENOTATT) { unsafe nc_inq_att(id, variable, attribute, &type, &count) }
    guard found else { return nil }
    guard count <= file.byteCount else {
      throw PosteriorFileError(.invalid, file.path, "\(place): \(count) elements are more than the file can hold")
    }
    return (type, count)
  }

  /// Texts that the library allocates, copied and handed back to it.
  func strings(
    count: Int, at place: String, _ fill: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32
  ) throws(PosteriorFileError) -> [String] {
    var pointers = unsafe [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    var texts: [String] = []
    try file.call(place) {
      let code = unsafe fill(&pointers)
      guard code == NC_NOERR else { return code }
      unsafe texts = pointers.map { pointer in unsafe pointer.map { unsafe String(cString: $0) } ?? "" }
      return unsafe nc_free_string(count, &pointers)
    }
    return texts
  }

  private func name(_ fill: (UnsafeMutablePointer<CChar>) -> Int32) throws(PosteriorFileError) -> String {
    var buffer = [CChar](repeating: 0, count: Int(NC_MAX_NAME) + 1)
    try file.call(path) { unsafe fill(&buffer) }
    return untilZero(buffer)
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
    let count = try file.elementCount(shape, at: place)
    guard count > 0 else { return [] }
    var values = [Double](repeating: 0, count: count)
    try file.call(place) { unsafe nc_get_var_double(group.id, id, &values) }

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
    case NC_STRING:
      let count = try file.elementCount(shape, at: place)
      guard count > 0 else { return [] }
      return try unsafe group.strings(count: count, at: place) { unsafe nc_get_var_string(group.id, id, $0) }
    case NC_CHAR:
      let count = try file.elementCount(shape, at: place)
      guard count > 0, let width = shape.last else { return [] }
      var bytes = [CChar](repeating: 0, count: count)
      try file.call(place) { unsafe nc_get_var_text(group.id, id, &bytes) }
      return stride(from: 0, to: count, by: width).map { untilZero(bytes[$0..<($0 + width)]) }
    default:
      throw PosteriorFileError(.invalid, file.path, "\(place): expected texts, found numbers")
    }
  }

  private func attribute(_ name: String) throws(PosteriorFileError) -> [Double] {
    try group.numbers(name, of: id, at: "\(place):\(name)")
  }
}

/// The text before the first zero byte.
private func untilZero(_ bytes: some Sequence<CChar>) -> String {
  String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
