import Foundation

/// Folders that no other run writes into meanwhile: a run waits for the one before it, so that the files of each stand together.
/// Where a folder cannot be locked, as on some network disks, nobody waits.
struct FolderLocks {
  /// A run that writes for longer has stopped.
  private static let patience = Duration.seconds(20)

  private var handles: [FileHandle] = []

  /// The system lets them go with this value, and with the process.
  init(_ folders: some Collection<URL>) throws(Failure) {
    let deadline = ContinuousClock.now + Self.patience
    // Always in one order, so that no two runs wait for each other.
    for path in Set(folders.map(\.path)).sorted() {
      guard let handle = Self.opened(path) else { continue }
      while flock(handle.fileDescriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
        guard .now < deadline else {
          throw Failure(.cannotWrite, "error: \(path) cannot be written: another run is writing there")
        }
        Thread.sleep(forTimeInterval: 0.01)
      }
      handles.append(handle)
    }
  }

  private static func opened(_ path: String) -> FileHandle? {
    do { return try FileHandle(forReadingFrom: URL(fileURLWithPath: path)) } catch { return nil }
  }
}
