import Foundation

/// The float64 arrays of an uncompressed npz file (`numpy.savez`), as peers' reference numbers come: enough for tests.
public struct NPZ {
  public struct Array {
    public var shape: [Int]
    /// Row-major.
    public var values: [Double]
  }

  public private(set) var arrays: [String: Array] = [:]

  /// Nil when there is no such file.
  public init?(path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    let bytes = [UInt8](data)
    var at = 0
    // Local file headers follow each other until the central directory.
    while at + 30 <= bytes.count, bytes[at..<at + 4].elementsEqual([0x50, 0x4B, 3, 4]) {
      let nameLength = Self.number(bytes, at + 26, 2)
      let extraLength = Self.number(bytes, at + 28, 2)
      let name = String(decoding: bytes[at + 30..<at + 30 + nameLength], as: UTF8.self)
      let start = at + 30 + nameLength + extraLength
      precondition(Self.number(bytes, at + 8, 2) == 0, "\(name) is compressed.")
      let headerLength = Self.number(bytes, start + 8, 2)
      let header = String(decoding: bytes[start + 10..<start + 10 + headerLength], as: UTF8.self)
      let shape = Self.shape(header)
      let count = shape.reduce(1, *)
      var size = Self.number(bytes, at + 18, 4)
      if size == 0xFFFF_FFFF { size = Self.number(bytes, at + 30 + nameLength + 4, 8) }
      if header.contains("'<f8'") {
        let first = start + 10 + headerLength
        arrays[String(name.dropLast(4))] = Array(
          shape: shape,
          values: (0..<count).map { index in
            Double(bitPattern: UInt64(Self.number(bytes, first + index * 8, 8, wrapping: true)))
          })
      }
      at = start + size
    }
  }

  private static func number(_ bytes: [UInt8], _ at: Int, _ count: Int) -> Int {
    Int(number(bytes, at, count, wrapping: true))
  }

  private static func number(_ bytes: [UInt8], _ at: Int, _ count: Int, wrapping: Bool) -> UInt64 {
    (0..<count).reduce(0) { $0 | UInt64(bytes[at + $1]) << UInt64(8 * $1) }
  }

  private static func shape(_ header: String) -> [Int] {
    guard let open = header.range(of: "'shape': ("), let close = header[open.upperBound...].firstIndex(of: ")") else {
      return []
    }
    return header[open.upperBound..<close].split(separator: ",").compactMap {
      Int($0.trimmingCharacters(in: .whitespaces))
    }
  }
}
