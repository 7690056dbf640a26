import CNetCDF
import Foundation

/// A NetCDF-4 file as a value: what is to be written, in this order.
struct NetCDFDocument {
  struct Variable {
    enum Values {
      case numbers([Double])
      case wholes([Int])
      case texts([String])
    }
    var name: String
    /// Among those of its group, the last running fastest.
    var dims: [String]
    var values: Values
    var attributes: [(name: String, text: String)] = []
  }

  struct Group {
    var name: String
    /// Each longer than 0: the library takes 0 for a length without end.
    var dims: [(name: String, length: Int)] = []
    var variables: [Variable] = []
  }

  /// The root's.
  var attributes: [(name: String, text: String)] = []
  var groups: [Group] = []

  /// The bytes of the file, made in memory, so that no file is ever half written. The same document gives the same bytes.
  ///
  /// - Parameter source: what is written, as messages name it.
  func bytes(source: String) throws(PosteriorFileError) -> [UInt8] {
    try withNetCDF { () throws(PosteriorFileError) in
      var handle: Int32 = 0
      try NetCDFDocument.call(source, "the file") {
        unsafe nc_create_mem("apportion.nc", NC_NETCDF4, 1 << 16, &handle)
      }
      do throws(PosteriorFileError) {
        // As strings: HDF5 stores characters of more than 64 KB only where libnetcdf does not expect them.
        for (name, text) in attributes {
          try NetCDFDocument.call(source, name) {
            unsafe text.withCString { pointer in
              var pointer: UnsafePointer<CChar>? = unsafe pointer
              return unsafe nc_put_att_string(handle, NC_GLOBAL, name, 1, &pointer)
            }
          }
        }
        for group in groups { try NetCDFDocument.write(group, to: handle, source) }
      } catch {
        nc_abort(handle)
        throw error
      }
      var memory = unsafe NC_memio()
      try NetCDFDocument.call(source, "the file") { unsafe nc_close_memio(handle, &memory) }
      defer { unsafe free(memory.memory) }
      return unsafe NetCDFDocument.withoutPadding(UnsafeRawBufferPointer(start: memory.memory, count: memory.size))
    }
  }

  /// The file without the memory behind it, which is taken in large pieces: up to the end that its superblock tells, by which
  /// readers know a file that was cut short.
  ///
  /// Source: HDF5 File Format Specification 3.0, section II.A: the end stands in 8 bytes from the 40th on in version 0, from the
  /// 28th in versions 2 and 3.
  private static func withoutPadding(_ memory: UnsafeRawBufferPointer) -> [UInt8] {
    let bytes = unsafe LittleEndianBytes(Array(memory.prefix(48)))
    let place = [0: 40, 2: 28, 3: 28][bytes.number(8, 1)]
    let end = place.map { bytes.number($0, 8) } ?? memory.count
    return unsafe Array(memory.prefix((48...max(48, memory.count)).contains(end) ? end : memory.count))
  }

  /// One call of the library, its failure told as that of a place.
  private static func call(_ source: String, _ place: String, _ body: () -> Int32) throws(PosteriorFileError) {
    let code = body()
    guard code == NC_NOERR else {
      throw PosteriorFileError(
        .unsupported, source, "\(place): cannot be written as NetCDF (\(NetCDFFile.sentence(code)))")
    }
  }

  private static func put(
    _ name: String, _ text: String, to variable: Int32, of group: Int32, _ source: String
  ) throws(PosteriorFileError) {
    try call(source, name) { unsafe nc_put_att_text(group, variable, name, text.utf8.count, text) }
  }

  private static func write(_ group: Group, to root: Int32, _ source: String) throws(PosteriorFileError) {
    var id: Int32 = 0
    try call(source, group.name) { unsafe nc_def_grp(root, group.name, &id) }
    var dimensions: [String: (id: Int32, length: Int)] = [:]
    for (name, length) in group.dims {
      precondition(length > 0, "A dimension has a length.")
      var dimension: Int32 = 0
      try call(source, "the dim \(name)") { unsafe nc_def_dim(id, name, length, &dimension) }
      dimensions[name] = (dimension, length)
    }
    for variable in group.variables {
      let dims = variable.dims.compactMap { dimensions[$0] }
      precondition(dims.count == variable.dims.count, "A variable's dims are its group's.")
      try write(variable, along: dims, to: id, source)
    }
  }

  private static func write(
    _ variable: Variable, along dims: [(id: Int32, length: Int)], to group: Int32, _ source: String
  ) throws(PosteriorFileError) {
    let place = variable.name
    let count = dims.reduce(1) { $0 * $1.length }
    var id: Int32 = 0
    // An array of no dims has no address to be handed over.
    let dimensions = dims.map(\.id) + [0]
    func define(_ type: nc_type) throws(PosteriorFileError) {
      try call(source, place) { unsafe nc_def_var(group, place, type, Int32(dims.count), dimensions, &id) }
      // What has no dims is not packed; nor are texts.
      if !dims.isEmpty, type != NC_STRING {
        try call(source, place) { nc_def_var_deflate(group, id, 1, 1, 4) }
      }
      for (name, text) in variable.attributes { try put(name, text, to: id, of: group, source) }
    }
    switch variable.values {
    case .numbers(let numbers):
      precondition(numbers.count == count, "A number for each place.")
      try define(NC_DOUBLE)
      try call(source, place) { unsafe nc_put_var_double(group, id, numbers) }
    case .wholes(let wholes):
      precondition(wholes.count == count, "A number for each place.")
      try define(NC_INT64)
      try call(source, place) { unsafe nc_put_var_longlong(group, id, wholes.map { Int64($0) }) }
    case .texts(let texts):
      precondition(texts.count == count, "A text for each place.")
      try define(NC_STRING)
      let copies = unsafe texts.map { unsafe strdup($0) }
      defer { for index in texts.indices { unsafe free(copies[index]) } }
      var pointers = unsafe copies.map { unsafe UnsafePointer($0) }
      try call(source, place) { unsafe nc_put_var_string(group, id, &pointers) }
    }
  }
}
