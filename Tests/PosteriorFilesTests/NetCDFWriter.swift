import CNetCDF
import Foundation
import Testing

@testable import PosteriorFiles

/// A NetCDF-4 file as a value, so that a test changes one thing of a valid file and writes its malformed twin.
struct NetCDFContent {
  struct Variable {
    enum Values {
      case numbers([Double])
      case texts([String])
      /// Fixed-length characters: an extra dim of this width.
      case characters([String], width: Int)
      /// Defined, never written.
      case none
    }
    var dims: [String]
    var values: Values
    var type: nc_type = NC_DOUBLE
    var texts: [String: String] = [:]
    var numbers: [String: Double] = [:]
  }

  struct Group {
    var dims: [String: Int] = [:]
    var variables: [String: Variable] = [:]
    var texts: [String: String] = [:]
  }

  var attributes: [String: String] = [:]
  /// As xarray's h5netcdf engine writes them; its netCDF4 engine writes characters.
  var hasStringAttributes = false
  var groups: [String: Group] = [:]

  /// Writes the file; the library's codes are checked, so that a test cannot pass on a file that was not written.
  ///
  /// HDF5 locks what it writes, and a process that another test starts meanwhile holds the lock for as long as it has the
  /// descriptor: what is read, or written again, is a copy that was never locked.
  func write(to path: String) {
    let draft = path + "." + UUID().uuidString
    writeLocked(to: draft)
    do {
      try Data(contentsOf: URL(fileURLWithPath: draft)).write(to: URL(fileURLWithPath: path))
      try FileManager.default.removeItem(atPath: draft)
    } catch {
      preconditionFailure("The test's file could not be copied: \(error).")
    }
  }

  private func writeLocked(to path: String) {
    withNetCDF {
      var file: Int32 = 0
      unsafe check(nc_create(path, NC_NETCDF4 | NC_CLOBBER, &file))
      for (name, text) in attributes.sorted(by: { $0.key < $1.key }) {
        if hasStringAttributes {
          unsafe text.withCString { pointer in
            var pointer: UnsafePointer<CChar>? = unsafe pointer
            unsafe check(nc_put_att_string(file, NC_GLOBAL, name, 1, &pointer))
          }
        } else {
          unsafe check(nc_put_att_text(file, NC_GLOBAL, name, text.utf8.count, text))
        }
      }
      for (name, group) in groups {
        var id: Int32 = 0
        unsafe check(nc_def_grp(file, name, &id))
        write(group, to: id)
      }
      check(nc_close(file))
    }
  }

  private func write(_ group: Group, to id: Int32) {
    var dimensions: [String: Int32] = [:]
    for (name, length) in group.dims {
      // A length of zero means unlimited to the library, and has length zero until something is written.
      var dimension: Int32 = 0
      unsafe check(nc_def_dim(id, name, length, &dimension))
      dimensions[name] = dimension
    }
    for (name, text) in group.texts { unsafe check(nc_put_att_text(id, NC_GLOBAL, name, text.utf8.count, text)) }
    for (name, variable) in group.variables {
      var dims = variable.dims.map { dimensions[$0]! }
      var type = variable.type
      switch variable.values {
      case .texts: type = NC_STRING
      case .characters(_, let width):
        var dimension: Int32 = 0
        unsafe check(nc_def_dim(id, "width_of_\(name)", width, &dimension))
        dims.append(dimension)
        type = NC_CHAR
      case .numbers, .none: break
      }
      var variableID: Int32 = 0
      unsafe check(nc_def_var(id, name, type, Int32(dims.count), dims, &variableID))
      for (attribute, text) in variable.texts {
        unsafe check(nc_put_att_text(id, variableID, attribute, text.utf8.count, text))
      }
      for (attribute, number) in variable.numbers {
        var number = number
        // A fill value has its variable's type.
        let attributeType = attribute == "_FillValue" ? type : NC_DOUBLE
        unsafe check(nc_put_att_double(id, variableID, attribute, attributeType, 1, &number))
      }
      write(variable.values, to: variableID, of: id)
    }
  }

  private func write(_ values: Variable.Values, to variable: Int32, of group: Int32) {
    switch values {
    case .numbers(let numbers):
      if !numbers.isEmpty { unsafe check(nc_put_var_double(group, variable, numbers)) }
    case .texts(let texts):
      let copies = unsafe texts.map { unsafe strdup($0) }
      var pointers = unsafe copies.map { unsafe UnsafePointer($0) }
      unsafe check(nc_put_var_string(group, variable, &pointers))
      for index in texts.indices { unsafe free(copies[index]) }
    case .characters(let texts, let width):
      let bytes = texts.flatMap { text in
        (Array(text.utf8) + [UInt8](repeating: 0, count: width)).prefix(width).map(CChar.init(bitPattern:))
      }
      unsafe check(nc_put_var_text(group, variable, bytes))
    case .none: break
    }
  }

  private func check(_ code: Int32) {
    precondition(
      code == NC_NOERR, "The test's file could not be written: \(unsafe String(cString: nc_strerror(code))).")
  }
}

/// A folder that goes away with the value that made it.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("apportion-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: path) } catch { Issue.record(error) }
  }

  func file(_ name: String) -> String { path + "/" + name }

  func write(_ bytes: Data, as name: String) throws -> String {
    try bytes.write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }
}
