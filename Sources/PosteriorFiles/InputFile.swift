import Foundation

/// A regular file, open for reading from its beginning.
final class InputFile {
  let path: String
  let byteCount: Int
  private let descriptor: Int32

  init(path: String) throws(PosteriorFileError) {
    // Not blocking: a pipe without a writer would otherwise wait for one before it can be refused.
    let opened = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard opened >= 0 else {
      let code = errno
      let kind: PosteriorFileError.Kind = code == ENOENT || code == ENOTDIR ? .missing : .unreadable
      throw PosteriorFileError(kind, path, "cannot be opened: \(systemSentence(code))")
    }
    var status = stat()
    let code = unsafe fstat(opened, &status) == 0 ? 0 : errno
    let type = status.st_mode & S_IFMT
    guard code == 0, type == S_IFREG else {
      close(opened)
      let found = code != 0 ? systemSentence(code) : type == S_IFDIR ? "a directory" : "a pipe or device"
      throw PosteriorFileError(.unreadable, path, "expected a file, found \(found)")
    }
    self.path = path
    byteCount = Int(status.st_size)
    descriptor = opened
  }

  deinit { close(descriptor) }

  /// The next bytes, `count` at most; none at the end.
  func read(upTo count: Int) throws(PosteriorFileError) -> [UInt8] {
    var code: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      var got: Int
      repeat {
        got = unsafe Foundation.read(descriptor, buffer.baseAddress, count)
        code = got < 0 ? errno : 0
      } while code == EINTR
      filled = max(got, 0)
    }
    guard code == 0 else {
      throw PosteriorFileError(.unreadable, path, "cannot be read: \(systemSentence(code))")
    }
    return bytes
  }

  /// `count` bytes from an offset, fewer where the file ends before.
  func read(at offset: Int, count: Int) throws(PosteriorFileError) -> [UInt8] {
    guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else {
      throw PosteriorFileError(.unreadable, path, "cannot be read: \(systemSentence(errno))")
    }
    var bytes: [UInt8] = []
    while bytes.count < count {
      let more = try read(upTo: min(count - bytes.count, 1 << 24))
      if more.isEmpty { break }
      bytes += more
    }
    return bytes
  }

  /// Whether another program has locked the file, as HDF5 does what it writes.
  var isLocked: Bool {
    guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else {
      _ = flock(descriptor, LOCK_UN)
      return false
    }
    return errno == EWOULDBLOCK
  }
}

/// What the system says of an `errno`.
func systemSentence(_ code: Int32) -> String { unsafe String(cString: strerror(code)).lowercased() }
