import Foundation
import PosteriorFiles
import Testing

@Suite struct DigestTests {
  /// FIPS 180-4's own examples, and one that takes several chunks: a million times the letter a, and more than 1 MiB.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    (String(repeating: "a", count: 3 << 20), "6f850bc94ae6f7de14297c01616c36d712d22864497b28a63b81d776b035e656"),
  ]) func `Digests are those of the standard`(text: String, digest: String) throws {
    let folder = try TemporaryFolder()
    #expect(try sha256(ofFileAt: folder.write(Data(text.utf8), as: "file")) == digest)
  }

  @Test func `A missing file and a directory have no digest`() throws {
    let folder = try TemporaryFolder()
    #expect(throws: PosteriorFileError(.missing, folder.file("x"), "cannot be opened: no such file or directory")) {
      try sha256(ofFileAt: folder.file("x"))
    }
    #expect(throws: PosteriorFileError(.unreadable, folder.path, "expected a file, found a directory")) {
      try sha256(ofFileAt: folder.path)
    }
  }
}
