import Foundation
import NumericKernel
import ResponseModel
import TestSupport
import Testing

@testable import PosteriorFiles

/// Malformed twins of arrays of numpy, alone and in archives.
@Suite struct WrongNumpyFileTests {
  /// An npy file of version 1.
  private func npy(_ header: String, _ data: [UInt8] = [], version: UInt8 = 1) -> Data {
    let text = Array(header.utf8)
    let length =
      version == 1
      ? [UInt8(text.count & 0xFF), UInt8(text.count >> 8)] : [UInt8(text.count & 0xFF), UInt8(text.count >> 8), 0, 0]
    return Data([0x93] + Array("NUMPY".utf8) + [version, 0] + length + text + data)
  }

  @Test(arguments: [
    ("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "found Python objects"),
    ("{'descr': '<c16', 'fortran_order': False, 'shape': (1,), }", "found the type '<c16'"),
    ("{'descr': '<f2', 'fortran_order': False, 'shape': (1,), }", "found the type '<f2'"),
    ("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }", "found an array of records"),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", "a shape of 2 needs 16 bytes, found 8"),
    (
      "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999, 99999999999), }",
      "a shape of 99999999999 × 99999999999 is more than 134217728 numbers"
    ),
    (
      "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 9223372036854775807), }",
      "a shape of 0 × 9223372036854775807 is more than 134217728 numbers"
    ),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999999,), }", "a header as numpy writes it"),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }", "a header as numpy writes it"),
    ("{'descr': '<f8', 'fortran_order': False, }", "expected a header with descr, fortran_order and shape"),
    ("{'descr': '<f8', 'fortran_order': 'no', 'shape': (1,), }", "fortran_order: expected True or False"),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': 1, }", "a header as numpy writes it"),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': True, }", "shape: expected whole numbers"),
    ("{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", "a header as numpy writes it"),
    ("[[[[[[[[", "a header as numpy writes it"), ("", "a header as numpy writes it"),
  ])
  func `an array that is none, or is of anything but numbers, is refused`(header: String, message: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(npy(header, [0, 0, 0, 0, 0, 0, 0xF0, 0x3F]), as: "b.npy")
    #expect(DrawFile.failure([path])?.message.contains(message) ?? false, "\(DrawFile.failure([path])?.message ?? "")")
  }

  @Test func `an array of another version, or with a header longer than the file, is refused`() throws {
    let folder = try TemporaryFolder()
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }"
    let later = try folder.write(npy(header, version: 4), as: "b.npy")
    #expect(DrawFile.failure([later])?.message == "expected npy of version 1, 2 or 3, found 4")
    let long = try folder.write(Data([0x93] + Array("NUMPY".utf8) + [2, 0, 0xFF, 0xFF, 0xFF, 0x7F]), as: "c.npy")
    #expect(DrawFile.failure([long])?.message.contains("expected a header of 2147483647 bytes") ?? false)
  }

  @Test func `arrays drawn along other chains or draws are told apart from what has no draws`() throws {
    let folder = try TemporaryFolder()
    func array(_ name: String, _ shape: [Int]) throws -> String {
      let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (\(shape.map { "\($0)," }.joined())), }"
      return try folder.write(npy(header, [UInt8](repeating: 1, count: shape.reduce(1, *))), as: "\(name).npy")
    }
    let b = try array("b", [4, 50, 3])
    for shape in [[2, 50, 3], [4, 40, 3], [1, 50]] {
      let other = try array("other", shape)
      #expect(
        DrawFile.failure([b, other])?.description
          == "\(other): error: other: expected 4 chains of 50 draws, as b has, found \(shape.map(String.init).joined(separator: " × "))"
      )
    }
    // Four geos and three channels are no four chains, beside numbers without axes too.
    for b in [b, try array("b", [4, 50])] {
      let variables = try #require(try PosteriorFile.variables(paths: [b, array("other", [4, 3])]))
      #expect(variables.variables.map(\.isDrawn) == [true, false])
    }
  }

  @Test func `axes without names are those of their lengths, in any order`() throws {
    let folder = try TemporaryFolder()
    let shape = [2, 5, 2, 3]
    // By chain, draw, geo and channel: the number says which cell it is of.
    let values = (0..<60).map { UInt8($0 % 6) }
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (\(shape.map { "\($0)," }.joined())), }"
    let path = try folder.write(npy(header, values), as: "b.npy")
    func model(_ channels: Int, _ geos: Int) -> ModelMapping {
      ModelMapping(
        dims: ["channel", "geo"],
        labels: [
          Posterior.Dim(name: "channel", labels: (0..<channels).map { "c\($0)" }),
          Posterior.Dim(name: "geo", labels: (0..<geos).map { "g\($0)" }),
        ], saturation: .all(ModelMapping.Curve(Linear.self, [.variable("b")])))
    }
    let posterior = try PosteriorFile.read(path: path, model: model(3, 2))
    #expect(posterior.cells.map { $0.saturationParameters[0, 0] } == [0, 3, 1, 4, 2, 5])
    #expect(
      DrawFile.failure([path], model: model(4, 2))?.message
        == "posterior.model.saturation.linear.beta: expected b along channel for c0, c1, c2, c3, found 2 elements without names"
    )
  }

  @Test func `whole numbers and flags of any width are read`() throws {
    func numbers(_ type: String, _ bytes: [UInt8], _ count: Int, isFortran: Bool = false) throws -> [Double] {
      let data = [UInt8](npy("{'descr': '\(type)', 'fortran_order': False, 'shape': (\(count),)}", bytes))
      let header = try NumpyHeader(data, size: data.count)
      return NumpyArray(header, data).numbers(alongFirst: 1, at: [])
    }
    #expect(try numbers("|b1", [0, 1], 2) == [0, 1])
    #expect(try numbers("|i1", [0xFF, 0x7F], 2) == [-1, 127])
    #expect(try numbers("<i2", [0xFE, 0xFF, 1, 0], 2) == [-2, 1])
    #expect(try numbers(">i4", [0xFF, 0xFF, 0xFF, 0xFE], 1) == [-2])
    #expect(try numbers("<u8", [0, 0, 0, 0, 0, 0, 0, 0x80], 1) == [0x1p63])
    #expect(try numbers("<f4", [0, 0, 0xC0, 0x3F], 1) == [1.5])
    #expect(try numbers(">f8", [0x3F, 0xF8, 0, 0, 0, 0, 0, 0], 1) == [1.5])
  }

  @Test func `texts in an archive are passed over, and an array of texts alone is refused`() throws {
    let folder = try TemporaryFolder()
    var archive = StoredArchive()
    archive.add("beta", shape: [2, 3], [1, 2, 3, 4, 5, 6])
    archive.add("labels", shape: [3], [7, 7, 7])
    // Eight bytes of a number are two letters; the archive's sum over them is another then.
    var bytes = Data(archive.finished())
    let start = try #require(bytes.range(of: Data(NumpyHeader.magic), options: .backwards)).lowerBound
    let end = try #require(bytes.range(of: Data([0x50, 0x4B, 1, 2]))).lowerBound
    func sum() -> Data {
      let sum = crc32OfArchive([UInt8](bytes[start..<end]))
      return Data((0..<4).map { UInt8(truncatingIfNeeded: sum >> UInt32(8 * $0)) })
    }
    let before = sum()
    bytes.replaceSubrange(try #require(bytes.range(of: Data("<f8".utf8), in: start..<end)), with: Data("<U2".utf8))
    let after = sum()
    while let place = bytes.range(of: before) { bytes.replaceSubrange(place, with: after) }
    let path = try folder.write(bytes, as: "a.npz")
    #expect(try #require(try PosteriorFile.variables(paths: [path])).variables.map(\.name) == ["beta"])
    let text = npy("{'descr': '<U2', 'fortran_order': False, 'shape': (1,), }", [UInt8](repeating: 0, count: 8))
    #expect(
      DrawFile.failure([try folder.write(text, as: "labels.npy")])?.message
        == "expected float32, float64, whole numbers or flags, found the type '<U2'")
  }

  @Test func `an archive with two arrays of one name is refused`() throws {
    let folder = try TemporaryFolder()
    // Names of one length: the archive stays whole.
    let text = try #require(String(data: DrawFile.bytes("stored.npz"), encoding: .isoLatin1))
    let twin = try #require(text.replacing("kappa.npy", with: "alpha.npy").data(using: .isoLatin1))
    let path = try folder.write(twin, as: "a.npz")
    #expect(DrawFile.failure([path])?.message == "expected each array once, found alpha twice")
  }

  @Test func `an archive whose claims are absurd is refused before anything is allocated`() throws {
    let folder = try TemporaryFolder()
    for name in ["stored.npz", "deflated.npz"] {
      let bytes = [UInt8](try DrawFile.bytes(name))
      let entry = try #require(bytes.indices.last { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
      for (offset, message) in [(24, "can hold"), (20, "expected a zip archive"), (42, "expected a zip archive")] {
        var changed = bytes
        changed.replaceSubrange((entry + offset)..<(entry + offset + 4), with: [0xFE, 0xFF, 0xFF, 0x7F])
        let error = DrawFile.failure([try folder.write(Data(changed), as: "a.npz")])
        #expect(error?.message.contains(message) ?? false, "\(name) \(offset): \(error?.message ?? "")")
      }
      var locked = bytes
      locked[entry + 8] |= 1
      #expect(DrawFile.failure([try folder.write(Data(locked), as: "a.npz")])?.message.contains("encrypted") ?? false)
      var packed = bytes
      packed[entry + 10] = 12
      #expect(
        DrawFile.failure([try folder.write(Data(packed), as: "a.npz")])?.message.contains("packed by method 12")
          ?? false)
    }
  }
}
