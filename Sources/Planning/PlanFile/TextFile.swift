import Foundation

/// A text file as it stands on disk.
enum TextFile {
  enum Failure: Error, Equatable {
    case missing
    case unreadable(reason: String)
  }

  /// The text of a file, or of a pipe, in UTF-8. Nothing is read beyond the largest size.
  static func text(path: String, largestSize: Int) throws(Failure) -> String {
    var bytes = Data()
    do {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      while bytes.count <= largestSize, let more = try file.read(upToCount: largestSize + 1 - bytes.count),
        !more.isEmpty
      {
        bytes.append(more)
      }
      try file.close()
    } catch let error as CocoaError where error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile {
      throw .missing
    } catch {
      throw .unreadable(reason: reason(error))
    }
    guard bytes.count <= largestSize else { throw .unreadable(reason: "larger than \(largestSize) bytes") }
    guard let text = String(data: bytes, encoding: .utf8) else { throw .unreadable(reason: "not text in UTF-8") }
    return text
  }

  /// What the system said of it, without the words that Foundation wraps it in.
  private static func reason(_ error: any Error) -> String {
    let error = error as NSError
    let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
    guard cause.domain == NSPOSIXErrorDomain, let code = POSIXErrorCode(rawValue: Int32(cause.code)) else {
      return cause.localizedDescription
    }
    return switch code {
    case .EISDIR: "a directory"
    case .EACCES, .EPERM: "permission denied"
    case .ENOTDIR: "a part of the path is no directory"
    default: cause.localizedDescription
    }
  }

  /// Whether there is a folder at a path, as far as may be seen.
  static func isFolder(_ path: String) -> Bool {
    do {
      return try FileManager.default.attributesOfItem(
        atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)[.type]
        as? FileAttributeType == .typeDirectory
    } catch {
      return false
    }
  }

  /// A path as seen from the current folder, where it was written in a file of another folder.
  static func path(_ path: String, from folder: String) -> String {
    if path.hasPrefix("/") || folder.isEmpty { return path }
    return folder.hasSuffix("/") ? folder + path : folder + "/" + path
  }

  /// The folder of a path: what stands before its last slash, the slash included where it is the root.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
