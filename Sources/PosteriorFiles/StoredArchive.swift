/// A zip archive of numpy's arrays, stored, as `numpy.savez` writes it: all of one time, so that the same arrays are the same
/// bytes.
///
/// Source: PKWARE's APPNOTE 6.3, section 4.3; NumPy Enhancement Proposal 1.
struct StoredArchive {
  private(set) var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var entryCount = 0

  /// 1 January 1980, the first day that archives know.
  private static let date = 0x21

  /// Adds an array of 64-bit floats, the last axis running fastest.
  mutating func add(_ name: String, shape: [Int], _ numbers: [Double]) {
    let start = bytes.count
    let file = Array("\(name).npy".utf8)
    var content = StoredArchive.header(shape)
    content.reserveCapacity(content.count + 8 * numbers.count)
    for number in numbers {
      for shift in stride(from: 0, to: 64, by: 8) {
        content.append(UInt8(truncatingIfNeeded: number.bitPattern >> UInt64(shift)))
      }
    }
    // Version 2.0, no flags, stored, the time, and what both headers have in common.
    let common =
      field(20, 2) + field(0, 2) + field(0, 2) + field(0, 2) + field(StoredArchive.date, 2)
      + field(Int(crc32OfArchive(content)), 4) + field(content.count, 4) + field(content.count, 4)
      + field(file.count, 2) + field(0, 2)
    bytes += field(0x0403_4B50, 4) + common + file + content
    directory += field(0x0201_4B50, 4) + field(20, 2) + common
    directory += field(0, 2) + field(0, 2) + field(0, 2) + field(0, 4) + field(start, 4) + file
    entryCount += 1
  }

  /// The archive, with its directory.
  func finished() -> [UInt8] {
    let end =
      field(0x0605_4B50, 4) + field(0, 4) + field(entryCount, 2) + field(entryCount, 2) + field(directory.count, 4)
      + field(bytes.count, 4) + field(0, 2)
    return bytes + directory + end
  }

  private func field(_ number: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  /// Magic, version 1.0, the header's length in two bytes, the header: padded to a multiple of 64 bytes, the last a newline.
  private static func header(_ shape: [Int]) -> [UInt8] {
    let lengths = shape.map { "\($0)" }.joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let text = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(lengths)), }"
    let start: [UInt8] = NumpyHeader.magic + [1, 0]
    let length = (start.count + 2 + text.utf8.count + 1 + 63) / 64 * 64 - start.count - 2
    let padding = String(repeating: " ", count: length - text.utf8.count - 1)
    return start + [UInt8(length & 0xFF), UInt8(length >> 8)] + Array((text + padding + "\n").utf8)
  }
}
