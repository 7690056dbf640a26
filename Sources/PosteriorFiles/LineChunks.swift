/// A text file in pieces of whole lines, so that a file of any size is read in little memory.
struct LineChunks {
  let path: String
  private let file: InputFile
  private var rest: [UInt8] = []
  private var isAtEnd = false

  /// Bytes read at once, of a small file fewer.
  private let chunkSize: Int
  private static let largestChunk = 1 << 20
  /// Bytes of a line: a million columns and more.
  private static let longestLine = 1 << 27

  init(_ path: String) throws(PosteriorFileError) {
    self.path = path
    file = try InputFile(path: path)
    chunkSize = min(LineChunks.largestChunk, file.byteCount + 1)
  }

  /// The next lines, at least one, each with its end but for the last of the file, which may lack it; nil after that.
  mutating func next() throws(PosteriorFileError) -> ArraySlice<UInt8>? {
    while !isAtEnd {
      let searched = rest.count
      let bytes = try file.read(upTo: chunkSize)
      guard !bytes.isEmpty else {
        isAtEnd = true
        return rest.isEmpty ? nil : rest[...]
      }
      rest += bytes
      guard let end = rest[searched...].lastIndex(of: UInt8(ascii: "\n")) else {
        guard rest.count <= LineChunks.longestLine else {
          throw PosteriorFileError(
            .invalid, path, "expected lines of at most \(LineChunks.longestLine) bytes, found a longer one")
        }
        continue
      }
      let lines = rest[...end]
      rest = Array(rest[(end + 1)...])
      return lines
    }
    return nil
  }
}
