/// The numbers of one of numpy's arrays, converted as they are asked for.
struct NumpyArray {
  let header: NumpyHeader
  private let bytes: [UInt8]
  /// Numbers from one coordinate to the next, by axis.
  private let strides: [Int]

  /// - Parameter bytes: header and numbers, as many as the header was read for.
  init(_ header: NumpyHeader, _ bytes: [UInt8]) {
    self.header = header
    self.bytes = bytes
    var strides = [Int](repeating: 1, count: header.shape.count)
    let fastestFirst = header.isFortranOrder ? Array(header.shape.indices) : header.shape.indices.reversed()
    var stride = 1
    for axis in fastestFirst {
      strides[axis] = stride
      stride *= header.shape[axis]
    }
    self.strides = strides
  }

  /// The numbers along the first `count` axes, the last of those running fastest, at fixed coordinates of the others.
  func numbers(alongFirst count: Int, at coordinates: [Int]) -> [Double] {
    let start = zip(coordinates, strides[count...]).reduce(0) { $0 + $1.0 * $1.1 }
    let lengths = header.shape[..<count]
    let total = lengths.reduce(1, *)
    return (0..<total).map { index in
      var rest = index
      var place = start
      for axis in lengths.indices.reversed() {
        place += rest % lengths[axis] * strides[axis]
        rest /= lengths[axis]
      }
      return number(place)
    }
  }

  private func number(_ index: Int) -> Double {
    let start = header.dataStart + index * header.width
    var bits: UInt64 = 0
    for place in 0..<header.width {
      let byte = bytes[start + (header.isBigEndian ? place : header.width - 1 - place)]
      bits = bits << 8 | UInt64(byte)
    }
    switch header.kind {
    case .float: return header.width == 4 ? Double(Float(bitPattern: UInt32(bits))) : Double(bitPattern: bits)
    case .unsigned: return Double(bits)
    case .signed:
      // The sign bit of the narrow number is moved to the top, and back with its copies.
      let shift = 64 - 8 * header.width
      return Double(Int64(bitPattern: bits << UInt64(shift)) >> Int64(shift))
    }
  }
}
