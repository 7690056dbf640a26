import Tables

/// Outcome draws as a file of their own, in their order, chain after chain.
public enum DrawsFile {
  /// NumPy's NPY, version 1.0: one dimension, 64-bit floats, little end first.
  public static func npy(_ draws: [Double]) -> [UInt8] {
    var bytes = npyHeader(drawCount: draws.count)
    bytes.reserveCapacity(bytes.count + 8 * draws.count)
    for draw in draws {
      for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: draw.bitPattern >> shift)) }
    }
    return bytes
  }

  /// Magic, version, the header's length in two bytes, the header: padded to a multiple of 64 bytes, the last a newline.
  static func npyHeader(drawCount: Int) -> [UInt8] {
    let magic: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    let text = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(drawCount),), }"
    let length = (magic.count + 2 + text.utf8.count + 1 + 63) / 64 * 64 - magic.count - 2
    let padding = String(repeating: " ", count: length - text.utf8.count - 1)
    return magic + [UInt8(length & 0xFF), UInt8(length >> 8)] + Array((text + padding + "\n").utf8)
  }

  /// One column headed `outcome`, digits that read back as the same numbers.
  public static func csv(_ draws: [Double]) -> String {
    TextTable(header: ["outcome"], records: draws.map { [$0.description] }).csv
  }
}
