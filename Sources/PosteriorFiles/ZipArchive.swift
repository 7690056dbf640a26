/// A zip archive as `numpy.savez` writes it: entries stored or deflated, sizes of 64 bits where they need them.
///
/// Nothing that the archive claims is believed before it is compared with the file's size: no entry lies outside it, and none
/// unpacks to more than deflate can make of it, or than a gibibyte.
///
/// Source: PKWARE's APPNOTE 6.3, sections 4.3 and 4.5.3.
struct ZipArchive {
  struct Entry: Sendable {
    var name: String
    var isDeflated: Bool
    var checksum: UInt32
    var packedSize: Int
    var size: Int
    /// Where its local header begins.
    var offset: Int
  }

  let path: String
  let entries: [Entry]
  private let file: InputFile

  /// The gibibyte of numbers that is the most elsewhere too, and a header.
  private static let largestEntry = 1 << 30 + 1 << 16
  /// Deflate makes at most so many bytes of one.
  private static let largestRatio = 1032

  init(_ path: String) throws(PosteriorFileError) {
    self.path = path
    file = try InputFile(path: path)
    entries = try ZipArchive.entries(of: file)
  }

  private static func damaged(_ path: String, _ message: String) -> PosteriorFileError {
    PosteriorFileError(.unreadable, path, "expected a zip archive of numpy's arrays, found \(message)")
  }

  private static func entries(of file: InputFile) throws(PosteriorFileError) -> [Entry] {
    let tailSize = min(file.byteCount, 22 + 0xFFFF + 20)
    let tailStart = file.byteCount - tailSize
    let tail = LittleEndianBytes(try file.read(at: tailStart, count: tailSize))
    guard
      let end = stride(from: tail.count - 22, through: 0, by: -1).first(where: { tail.number($0, 4) == 0x0605_4B50 })
    else { throw damaged(file.path, "one without its directory: it has been cut short") }
    var count = tail.number(end + 10, 2)
    var size = tail.number(end + 12, 4)
    var start = tail.number(end + 16, 4)
    if count == 0xFFFF || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF {
      guard end >= 20, tail.number(end - 20, 4) == 0x0706_4B50 else {
        throw damaged(file.path, "one whose directory is damaged")
      }
      let place = tail.number(end - 12, 8)
      guard place >= 0, place <= file.byteCount - 56 else {
        throw damaged(file.path, "one whose directory lies outside the file")
      }
      let record = LittleEndianBytes(try file.read(at: place, count: 56))
      guard record.number(0, 4) == 0x0606_4B50 else { throw damaged(file.path, "one whose directory is damaged") }
      count = record.number(32, 8)
      size = record.number(40, 8)
      start = record.number(48, 8)
    }
    guard count >= 0, size >= 0, start >= 0, start <= file.byteCount, size <= file.byteCount - start,
      count <= size / 46
    else { throw damaged(file.path, "one whose directory lies outside the file") }
    let directory = LittleEndianBytes(try file.read(at: start, count: size))
    var entries: [Entry] = []
    var next = 0
    for _ in 0..<count {
      guard next + 46 <= directory.count, directory.number(next, 4) == 0x0201_4B50 else {
        throw damaged(file.path, "one whose directory is damaged")
      }
      let nameSize = directory.number(next + 28, 2)
      let extraSize = directory.number(next + 30, 2)
      let length = 46 + nameSize + extraSize + directory.number(next + 32, 2)
      guard next + length <= directory.count else { throw damaged(file.path, "one whose directory is damaged") }
      entries.append(try entry(directory, next, nameSize, extraSize, of: file))
      next += length
    }
    return entries
  }

  private static func entry(
    _ directory: LittleEndianBytes, _ start: Int, _ nameSize: Int, _ extraSize: Int, of file: InputFile
  ) throws(PosteriorFileError) -> Entry {
    let name = directory.text(start + 46, nameSize)
    let flags = directory.number(start + 8, 2)
    let method = directory.number(start + 10, 2)
    guard flags & 1 == 0, method == 0 || method == 8 else {
      let how = flags & 1 != 0 ? "encrypted" : "packed by method \(method)"
      throw PosteriorFileError(
        .unsupported, file.path, "\(name): expected an array stored or deflated, found one \(how)")
    }
    var sizes = [24, 20, 42].map { directory.number(start + $0, 4) }
    // The 64-bit field holds those that do not fit, in this order.
    var field = start + 46 + nameSize
    let fieldEnd = field + extraSize
    while field + 4 <= fieldEnd {
      let length = directory.number(field + 2, 2)
      if directory.number(field, 2) == 1 {
        var place = field + 4
        for index in sizes.indices where sizes[index] == 0xFFFF_FFFF && place + 8 <= min(fieldEnd, field + 4 + length) {
          sizes[index] = directory.number(place, 8)
          place += 8
        }
      }
      field += 4 + length
    }
    let (size, packed, offset) = (sizes[0], sizes[1], sizes[2])
    guard size >= 0, packed >= 0, offset >= 0, offset <= file.byteCount, packed <= file.byteCount - offset else {
      throw damaged(file.path, "one whose entry \(name) lies outside the file")
    }
    let largest = method == 0 ? packed : min(packed * largestRatio, largestEntry)
    guard size <= largest, method == 8 || size == packed else {
      throw PosteriorFileError(
        .invalid, file.path,
        "\(name): a size of \(size) bytes is more than \(packed) packed ones can hold, or a gibibyte")
    }
    return Entry(
      name: name, isDeflated: method == 8, checksum: UInt32(truncatingIfNeeded: directory.number(start + 16, 4)),
      packedSize: packed, size: size, offset: offset)
  }

  /// The first bytes of an entry, all of them being compared with its checksum.
  func bytes(of entry: Entry, upTo limit: Int = .max) throws(PosteriorFileError) -> [UInt8] {
    let header = LittleEndianBytes(try file.read(at: entry.offset, count: 30))
    guard header.count == 30, header.number(0, 4) == 0x0403_4B50 else {
      throw ZipArchive.damaged(path, "one whose entry \(entry.name) is damaged")
    }
    let start = entry.offset + 30 + header.number(26, 2) + header.number(28, 2)
    guard start <= file.byteCount, entry.packedSize <= file.byteCount - start else {
      throw ZipArchive.damaged(path, "one whose entry \(entry.name) lies outside the file")
    }
    let count = min(entry.size, limit)
    let packed = try file.read(at: start, count: entry.isDeflated ? entry.packedSize : count)
    guard let bytes = entry.isDeflated ? inflated(packed, count: count) : packed, bytes.count == count,
      count < entry.size || crc32OfArchive(bytes) == entry.checksum
    else { throw ZipArchive.damaged(path, "one whose entry \(entry.name) is damaged") }
    return bytes
  }
}

/// Bytes read as numbers, the little end first.
struct LittleEndianBytes {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var count: Int { bytes.count }

  /// A number of 1, 2, 4 or 8 bytes; −1 where there are fewer, and for one of 64 bits.
  func number(_ start: Int, _ width: Int) -> Int {
    guard start >= 0, start <= bytes.count - width else { return -1 }
    var number: UInt64 = 0
    for place in (0..<width).reversed() { number = number << 8 | UInt64(bytes[start + place]) }
    return Int(exactly: number) ?? -1
  }

  func text(_ start: Int, _ length: Int) -> String { String(decoding: bytes[start..<(start + length)], as: UTF8.self) }
}
