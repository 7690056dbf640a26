import Foundation

extension URL {
  /// Takes a file's name, in place of one that has it: at once, or not at all (POSIX rename). Foundation has no such call but within its
  /// own atomic writes.
  ///
  /// - Throws: the system's reason.
  func rename(to other: URL) throws(POSIXError) {
    // Names are lent to the call as C strings, and to nothing else.
    guard unsafe Foundation.rename(path, other.path) == 0 else {
      throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }
  }
}
