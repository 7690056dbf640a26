import CCrypto

/// The SHA-256 of a file's bytes in 64 lower-case hexadecimal digits (FIPS 180-4, by libcrypto), read in chunks so that a
/// file of any size needs little memory.
///
/// Throws for a file that is missing or cannot be read, a directory included.
public func sha256(ofFileAt path: String) throws(PosteriorFileError) -> String {
  let file = try InputFile(path: path)
  let context = unsafe EVP_MD_CTX_new()
  defer { unsafe EVP_MD_CTX_free(context) }
  unsafe require(EVP_DigestInit_ex(context, EVP_sha256(), nil))
  while true {
    let chunk = try file.read(upTo: 1 << 20)
    if chunk.isEmpty { break }
    unsafe chunk.withUnsafeBytes { bytes in unsafe require(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)) }
  }
  var digest = [UInt8](repeating: 0, count: 32)
  unsafe digest.withUnsafeMutableBufferPointer { bytes in
    unsafe require(EVP_DigestFinal_ex(context, bytes.baseAddress, nil))
  }
  let digits = Array("0123456789abcdef")
  return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}

/// libcrypto's digests answer 1; they fail only when memory runs out or the library lacks the algorithm.
private func require(_ code: Int32) {
  precondition(code == 1, "libcrypto could not compute a SHA-256.")
}
