import CZlib

/// The first `count` bytes of a deflated stream without a header (RFC 1951, by zlib); fewer where it ends before. Nil for bytes
/// that are no such stream.
func inflated(_ deflated: [UInt8], count: Int) -> [UInt8]? {
  var stream = unsafe z_stream()
  guard unsafe zlib_inflate_init_raw(&stream) == Z_OK else { return nil }
  defer { unsafe inflateEnd(&stream) }
  var isValid = true
  let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { output, filled in
    unsafe deflated.withUnsafeBufferPointer { input in
      var (read, code) = (0, Z_OK)
      // zlib counts in 32 bits, an archive in 64.
      while code == Z_OK, filled < count {
        let inputCount = min(input.count - read, 1 << 30)
        let outputCount = min(count - filled, 1 << 30)
        unsafe stream.next_in = unsafe UnsafeMutablePointer(mutating: input.baseAddress).map { unsafe $0 + read }
        unsafe stream.avail_in = UInt32(inputCount)
        unsafe stream.next_out = unsafe output.baseAddress.map { unsafe $0 + filled }
        unsafe stream.avail_out = UInt32(outputCount)
        code = unsafe inflate(&stream, Z_NO_FLUSH)
        read += inputCount - Int(unsafe stream.avail_in)
        filled += outputCount - Int(unsafe stream.avail_out)
      }
      isValid = code == Z_OK || code == Z_STREAM_END
    }
  }
  return isValid ? bytes : nil
}

/// The CRC-32 of zip archives (by zlib).
func crc32OfArchive(_ bytes: [UInt8]) -> UInt32 {
  unsafe bytes.withUnsafeBufferPointer { buffer in
    UInt32(truncatingIfNeeded: unsafe crc32_z(0, buffer.baseAddress, buffer.count))
  }
}
