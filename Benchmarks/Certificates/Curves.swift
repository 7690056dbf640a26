import Apportion
import Foundation
import TestSupport

extension PlanInstance {
  /// Writes each channel's draws of beta, kappa, slope and retention, an array of channels by these four by draws, and returns
  /// the file's path.
  func writeCurves(to folder: String, _ family: PlanFamily, _ seed: UInt64) throws -> String {
    let columns = posterior.cells.flatMap { cell in
      [(cell.saturationParameters, 0), (cell.saturationParameters, 1), (cell.saturationParameters, 2)]
        + [(cell.carryoverParameters, 0)]
    }
    let values = columns.flatMap { matrix, column in (0..<matrix.drawCount).map { matrix[$0, column] } }
    let file = URL(fileURLWithPath: folder).appendingPathComponent("\(family.rawValue)-\(seed).npy")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let shape = [posterior.cells.count, 4, values.count / columns.count]
    try NPY.data(values, shape: shape).write(to: file)
    return file.path
  }
}

/// Version 1.0 of numpy's file of one array: a magic string, the length of a header, the header, and the numbers.
enum NPY {
  /// Row-major, eight bytes each, the least significant first.
  static func data(_ values: [Double], shape: [Int]) -> Data {
    precondition(values.count == shape.reduce(1, *) && shape.count > 1, "A number for every place.")
    let extent = shape.map(String.init).joined(separator: ", ")
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(extent)), }"
    // The numbers start at a multiple of 64 bytes, after a newline.
    let prefix = 10
    let padding = String(repeating: " ", count: 63 - (prefix + header.utf8.count) % 64)
    let text = Array((header + padding + "\n").utf8)
    var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.count & 0xFF), UInt8(text.count >> 8)] + text)
    data.reserveCapacity(data.count + 8 * values.count)
    for value in values {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
    return data
  }
}
