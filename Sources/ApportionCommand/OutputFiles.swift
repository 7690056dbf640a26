import Foundation

/// One file to be written.
struct OutputFile {
  var path: String
  var bytes: Data

  init(_ path: String, _ bytes: Data) {
    self.path = path
    self.bytes = bytes
  }

  init(_ path: String, _ text: String) {
    self.init(path, Data(text.utf8))
  }
}

/// Writes files as one set. Each is first written whole beside its place, so that no room on the disk and no permission is
/// wanting when the first one is renamed into place; when one cannot be written, those that stood there before stay as they
/// were, and nothing is left beside them.
enum OutputFiles {
  /// Whether the files can be expected to be written, seen before any work is done: each stands, or would stand, in a folder
  /// that can be written in.
  static func check(_ paths: [String]) throws(Failure) {
    for path in paths {
      if fileType(path) == .typeDirectory {
        throw Failure(.cannotWrite, "error: \(path) cannot be written: it is a folder")
      }
      // The folder, or the nearest one above it that there is.
      var folder = URL(fileURLWithPath: path).deletingLastPathComponent().standardizedFileURL
      while fileType(folder.path) == nil && folder.path != "/" { folder = folder.deletingLastPathComponent() }
      guard fileType(folder.path) == .typeDirectory else {
        throw Failure(.cannotWrite, "error: \(path) cannot be written: \(folder.path) is not a folder")
      }
      guard FileManager.default.isWritableFile(atPath: folder.path) else {
        throw Failure(.cannotWrite, "error: \(path) cannot be written: no permission to write in \(folder.path)")
      }
    }
  }

  static func write(_ files: [OutputFile]) throws(Failure) {
    try Interruption.wholly { () throws(Failure) in try writeAll(files) }
  }

  private static func writeAll(_ files: [OutputFile]) throws(Failure) {
    let places = files.map { URL(fileURLWithPath: $0.path).resolvingSymlinksInPath() }
    var rehearsals: [URL] = []
    defer { for rehearsal in rehearsals { remove(rehearsal) } }
    for (file, place) in zip(files, places) where !isDevice(place) {
      let folder = place.deletingLastPathComponent()
      do {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      } catch {
        throw failure(file, error)
      }
      removeLeftovers(of: place)
      let name = ".\(place.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).partial"
      rehearsals.append(folder.appendingPathComponent(name))
      try save(file, at: folder.appendingPathComponent(name))
    }
    for rehearsal in rehearsals { remove(rehearsal) }
    for (file, place) in zip(files, places) {
      // Foundation's only rename that replaces a file is the one within an atomic write.
      try save(file, at: place, options: isDevice(place) ? [] : .atomic)
    }
  }

  /// Removes what runs that were killed have left beside a file.
  private static func removeLeftovers(of place: URL) {
    let folder = place.deletingLastPathComponent()
    let (head, tail) = (".\(place.lastPathComponent).", ".partial")
    var names: [String] = []
    do { names = try FileManager.default.contentsOfDirectory(atPath: folder.path) } catch {}
    for name in names where name.hasPrefix(head) && name.hasSuffix(tail) {
      guard let process = Int32(name.dropFirst(head.count).dropLast(tail.count)), process > 0 else { continue }
      // Asked with no signal, the system says whether there is such a process.
      if kill(process, 0) == -1, errno == ESRCH { remove(folder.appendingPathComponent(name)) }
    }
  }

  /// What cannot be removed stays.
  static func remove(_ paths: [String]) {
    for path in paths { remove(URL(fileURLWithPath: path)) }
  }

  /// A pipe or a device is written to, not replaced.
  private static func isDevice(_ place: URL) -> Bool {
    guard let type = fileType(place.path) else { return false }
    return type != .typeRegular && type != .typeDirectory
  }

  private static func remove(_ file: URL) {
    // It may never have come to be.
    do { try FileManager.default.removeItem(at: file) } catch {}
  }

  private static func save(_ file: OutputFile, at url: URL, options: Data.WritingOptions = []) throws(Failure) {
    do { try file.bytes.write(to: url, options: options) } catch { throw failure(file, error) }
  }

  private static func failure(_ file: OutputFile, _ error: any Error) -> Failure {
    let reason = systemReason(error)
    return Failure(
      reason.isRefusal ? .cannotWrite : .inputOutput, "error: \(file.path) cannot be written: \(reason.sentence)")
  }
}

/// What stands at a path, links followed; nil where there is nothing, or nothing that may be seen.
func fileType(_ path: String) -> FileAttributeType? {
  let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  do {
    return try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
  } catch {
    return nil
  }
}

/// What the system said of a failed call, without the words that Foundation wraps it in; and whether it refused to begin, or
/// failed part-way.
func systemReason(_ error: any Error) -> (sentence: String, isRefusal: Bool) {
  let outer = error as NSError
  let cause = (outer.userInfo[NSUnderlyingErrorKey] as? any Error).map { $0 as NSError } ?? outer
  guard cause.domain == NSPOSIXErrorDomain, let code = POSIXErrorCode(rawValue: Int32(cause.code)) else {
    // Foundation keeps the system's code to itself now and then.
    switch CocoaError.Code(rawValue: outer.code) {
    case .fileWriteOutOfSpace where outer.domain == NSCocoaErrorDomain: return ("no space left", false)
    case .fileNoSuchFile where outer.domain == NSCocoaErrorDomain: return ("its folder is not there", true)
    default: return (outer.localizedDescription, true)
    }
  }
  switch code {
  case .EACCES, .EPERM: return ("permission denied", true)
  case .EROFS: return ("the file system is read-only", true)
  case .ENOTDIR, .EEXIST: return ("a part of its path is not a folder", true)
  case .EISDIR: return ("it is a folder", true)
  case .ENOENT: return ("its folder is not there", true)
  case .ENAMETOOLONG: return ("its name is too long", true)
  case .ENOSPC, .EDQUOT: return ("no space left", false)
  case .EPIPE: return ("the reader has gone away", false)
  default: return (cause.localizedDescription, false)
  }
}
