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
/// were, and nothing is left beside them. What a run that is killed leaves beside them the next one removes.
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

  /// - Parameter stale: files that are not to stand beside these, asked for once no other run writes there.
  static func write(_ files: [OutputFile], removing stale: () -> [String] = { [] }) throws(Failure) {
    try Interruption.wholly { () throws(Failure) in try writeAll(files, removing: stale) }
  }

  private static func writeAll(_ files: [OutputFile], removing stale: () -> [String]) throws(Failure) {
    let places = files.map { URL(fileURLWithPath: $0.path).resolvingSymlinksInPath() }
    let plain = zip(files, places).filter { !isDevice($1) }
    for (file, place) in plain {
      do {
        try FileManager.default.createDirectory(
          at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      } catch {
        throw failure(file, error)
      }
    }
    let locks = try FolderLocks(plain.map { $1.deletingLastPathComponent() })
    let old = stale()
    var rehearsals: [URL] = []
    defer { for rehearsal in rehearsals { remove(rehearsal) } }
    for (file, place) in plain {
      removeLeftovers(of: place)
      let name = ".\(place.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).partial"
      rehearsals.append(place.deletingLastPathComponent().appendingPathComponent(name))
      try save(file, at: rehearsals[rehearsals.count - 1])
    }
    for ((file, place), rehearsal) in zip(plain, rehearsals) {
      do { try rehearsal.rename(to: place) } catch { throw failure(file, error) }
    }
    for (file, place) in zip(files, places) where isDevice(place) { try save(file, at: place) }
    remove(old)
    withExtendedLifetime(locks) {}
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
  private static func remove(_ paths: [String]) {
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

  private static func save(_ file: OutputFile, at url: URL) throws(Failure) {
    do { try file.bytes.write(to: url) } catch { throw failure(file, error) }
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
