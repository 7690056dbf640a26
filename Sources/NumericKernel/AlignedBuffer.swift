/// Doubles on a 64-byte boundary, shared by whoever holds it and freed with the last of them.
@safe final class AlignedBuffer: @unchecked Sendable {
  static let alignment = 64

  let start: UnsafeMutablePointer<Double>
  let count: Int

  /// Zeros; where all will be written before it is read, they may be left out.
  init(count: Int, isZeroed: Bool = true) {
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Double>.stride, alignment: AlignedBuffer.alignment)
    unsafe start = bytes.bindMemory(to: Double.self, capacity: max(count, 1))
    if isZeroed { unsafe start.initialize(repeating: 0, count: max(count, 1)) }
    self.count = count
  }

  deinit { unsafe start.deallocate() }

  func copy() -> AlignedBuffer {
    let twin = AlignedBuffer(count: count)
    unsafe twin.start.update(from: start, count: count)
    return twin
  }
}
