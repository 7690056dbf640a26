import Foundation
import NumericKernel
import ResponseModel
import TestSupport
import Testing

@testable import PosteriorFiles

/// Malformed twins of the files of draws: what each is told, and that none is read as something else, crashes or hangs.
@Suite struct WrongDrawFileTests {
  // MARK: Any damage

  private static let files = [
    "fit_1.csv", "warmup_1.csv", "wide.csv", "long.csv", "stored.npz", "deflated.npz", "alpha.npy", "arviz.nc",
    "curves.csv",
  ]

  /// A copy of a file and those that belong to it, damaged; the paths to be read.
  private func damaged(_ name: String, _ bytes: Data, in folder: TemporaryFolder) throws -> [String] {
    let companions = ["fit_1.csv": ["fit_2.csv"], "alpha.npy": ["beta.npy", "kappa.npy", "slope.npy"]][name] ?? []
    for companion in companions {
      _ = try folder.write(DrawFile.bytes(companion), as: companion)
    }
    return [try folder.write(bytes, as: name)] + companions.map { folder.file($0) }
  }

  @Test(arguments: files) func `a file cut short at every hundredth is refused, or read as far as it goes`(
    name: String
  ) throws {
    let whole = try DrawFile.bytes(name)
    let folder = try TemporaryFolder()
    let isLabelled = ["wide.csv", "long.csv", "arviz.nc"].contains(name)
    let model = DrawFile.model(isLabelled: isLabelled)
    for percent in 0..<100 {
      let paths = try damaged(name, whole.prefix(whole.count * percent / 100), in: folder)
      let error = DrawFile.failure(paths, model: model)
      // Rows of a table that are not there are not missed where a whole row is the last.
      if name == "wide.csv" || name == "long.csv" { continue }
      #expect(error != nil, "\(percent) %")
      if name.hasPrefix("fit"), percent > 40 { #expect(error?.message.contains("cut short") ?? false, "\(percent) %") }
    }
  }

  @Test(arguments: files)
  func `a file with any byte changed is refused or read, and never crashes`(name: String) throws {
    let whole = try DrawFile.bytes(name)
    let folder = try TemporaryFolder()
    var random = Xorshift(seed: 5)
    for _ in 0..<60 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        bytes[place] = Bool.random(using: &random) ? UInt8.random(in: 0...255, using: &random) : 0xFF
      }
      _ = DrawFile.failure(try damaged(name, bytes, in: folder))
      _ = DrawFile.failure(try damaged(name, bytes, in: folder), model: nil)
    }
  }

  // MARK: CmdStan

  private func expectCmdStan(
    _ place: String?, _ message: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ change: (String) -> String
  ) throws {
    let folder = try TemporaryFolder()
    let text = String(decoding: try DrawFile.bytes("fit_1.csv"), as: UTF8.self)
    let path = try folder.write(Data(change(text).utf8), as: "fit_1.csv")
    let other = try folder.write(DrawFile.bytes("fit_2.csv"), as: "fit_2.csv")
    let error = try #require(DrawFile.failure([path, other], format: "cmdstan"), sourceLocation: sourceLocation)
    #expect(error.message.contains(message), "\(error)", sourceLocation: sourceLocation)
    let at = place.map { ":\($0): error: " } ?? ": error: "
    #expect(error.description.contains(at), "\(error)", sourceLocation: sourceLocation)
  }

  private func lines(_ text: String, _ change: (inout [String]) -> Void) -> String {
    var lines = text.components(separatedBy: "\n")
    change(&lines)
    return lines.joined(separator: "\n")
  }

  /// The header stands on line 29, the first draw after four comments on line 34.
  @Test func `mistakes in a file of CmdStan are told with their lines`() throws {
    try expectCmdStan("34:1", "expected 17 fields as in the header, found 16") { text in
      lines(text) { $0[33] = $0[33].components(separatedBy: ",").dropLast().joined(separator: ",") }
    }
    try expectCmdStan("35:29", "expected a number, found 'x'") { text in
      lines(text) { lines in
        var fields = lines[34].components(separatedBy: ",")
        fields[7] = "x"
        lines[34] = fields.joined(separator: ",")
      }
    }
    try expectCmdStan(
      "36:1", "alpha[1] as posterior.model.carryover.geometric.alpha: expected a number from 0 to 1, found nan"
    ) {
      text in
      lines(text) { lines in
        var fields = lines[35].components(separatedBy: ",")
        fields[7] = "nan"
        lines[35] = fields.joined(separator: ",")
      }
    }
    try expectCmdStan("29:1", "expected each column once, found alpha[1] twice") {
      $0.replacing("alpha.2", with: "alpha.1")
    }
    try expectCmdStan("29:1", "alpha: expected every element of 3 × 3, found 3") {
      $0.replacing("alpha.1,alpha.2,alpha.3", with: "alpha.1.1,alpha.2.2,alpha.3.3")
    }
    try expectCmdStan("29:1", "expected the columns of") { $0.replacing("slope\n", with: "slop\n") }
    try expectCmdStan(nil, "expected draws of the methods sample, variational") {
      $0.replacing("method = sample", with: "method = diagnose")
    }
    try expectCmdStan(nil, "expected 20 draws, as its comments say, found 18: it has been cut short, or the run was") {
      text in
      lines(text) { $0.removeSubrange(40...41) }
    }
    try expectCmdStan(nil, "expected 20 draws, as its comments say, found 21") { text in
      lines(text) { $0.insert($0[40], at: 40) }
    }
    try expectCmdStan("53:1", "ends in the middle of a line, expected 20 draws, as its comments say, found 19") {
      text in
      String(text.components(separatedBy: "\n#  Elapsed")[0].dropLast(4))
    }
    try expectCmdStan(nil, "expected a header after the comments, found the end of the file") { text in
      lines(text) { $0 = Array($0.prefix(20)) + [""] }
    }
    try expectCmdStan(nil, "expected a file of CmdStan, found an empty file") { _ in "" }
  }

  @Test func `a chain's file is named once, and chains are equally long`() throws {
    let fit = DrawFile.path("fit_1.csv")
    #expect(DrawFile.failure([fit, fit])?.message == "expected each chain's file once, found it twice")
    #expect(
      DrawFile.failure([DrawFile.path("nothing_*.csv")])?.message
        == "no such file: expected files of this pattern, found none")
    #expect(DrawFile.failure([DrawFile.path("wide.csv"), fit])?.kind == .unsupported)
  }

  @Test(arguments: [
    (
      ["fit_1.csv", "stored.npz"],
      "expected another chain of CmdStan, as FIRST is one, found an archive of numpy's arrays (npz)"
    ),
    (["fit_1.csv", "arviz.nc"], "expected another chain of CmdStan, as FIRST is one, found a NetCDF file"),
    (["fit_1.csv", "wide.csv"], "expected the columns of FIRST, found \"alpha[tv]\" where lp__ stands there"),
    (["stored.npz", "fit_1.csv"], "expected another array of numpy's, as FIRST is one, found a file of CmdStan"),
    (["alpha.npy", "wide.csv"], "expected another array of numpy's, as FIRST is one, found a table of draws"),
    (
      ["arviz.nc", "fit_1.csv"],
      "expected one file, or several of one kind: chains of CmdStan or arrays of numpy, found 2, the first of which is a NetCDF file"
    ),
  ]) func `files of two kinds are told by what they are`(names: [String], sentence: String) {
    let paths = names.map(DrawFile.path)
    #expect(DrawFile.failure(paths)?.message == sentence.replacing("FIRST", with: paths[0]))
  }

  @Test func `bytes that are no text are not shown as a header`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Data([0x23, 0x0A, 0x50, 0x4B, 3, 4, 0, 0xFF, 0x0A]), as: "a.csv")
    #expect(
      DrawFile.failure([path], format: "cmdstan")?.description
        == "\(path):2:1: error: expected a file of CmdStan, found bytes that are no text")
  }

  // MARK: Names of variables

  @Test func `a variable that is none, and a coordinate, are told with what there is`() throws {
    func failure(_ name: String, _ change: (inout ModelMapping) -> Void) -> String? {
      var model = DrawFile.model(isLabelled: true)
      change(&model)
      return DrawFile.failure([DrawFile.path(name)], model: model)?.message
    }
    func hill(_ beta: String) -> ModelMapping.ByChannel<ModelMapping.Curve> {
      .all(ModelMapping.Curve(Hill.self, [.variable(beta), .number(1), .number(1)]))
    }
    #expect(
      failure("wide.csv") { $0.saturation = hill("btea") }
        == "posterior.model.saturation.hill.beta: no variable btea, expected one of alpha, beta, kappa, slope, or a number; did you mean beta?"
    )
    #expect(
      failure("wide.csv") { $0.saturation = hill("beta[rado]") }
        == "posterior.model.saturation.hill.beta: expected a coordinate of beta, tv, search, radio, found rado in beta[rado]; did you mean radio?"
    )
    #expect(failure("wide.csv") { $0.saturation = hill("beta[4]") }?.contains("found 4 in beta[4]") ?? false)
    #expect(
      failure("wide.csv") { $0.saturation = hill("beta[1,2]") }
        == "posterior.model.saturation.hill.beta: expected at most 1 coordinates of beta, found 2 in beta[1,2]")
    #expect(
      failure("stored.npz") { $0.labels = [] }
        == "beta has 3 elements without names, expected posterior.model.channels: a list of their 3 names in the file's order"
    )
    #expect(
      failure("stored.npz") {
        $0.labels = [Posterior.Dim(name: "channel", labels: ["tv", "radio"])]
        $0.channelScale = .all(.number(1))
      }
        == "posterior.model.saturation.hill.beta: expected beta along channel for tv, radio, found 3 elements without names"
    )
    #expect(
      failure("wide.csv") { $0.channelScale = .each([.init("Tv", .number(1))]) }
        == "posterior.model.channel_scale: expected channels among tv, search, radio, found Tv; did you mean tv?")
    #expect(
      failure("wide.csv") { $0.outcomeScale = .all(.variable("slope")) }?.contains(
        "slope as posterior.model.outcome_scale: expected the same number in every draw, found ") ?? false)
  }

  // MARK: Tables

  private func failure(csv text: String, format: String = "csv") throws -> String {
    let folder = try TemporaryFolder()
    let path = try folder.write(Data(text.utf8), as: "draws.csv")
    let model = ModelMapping(
      labels: [Posterior.Dim(name: "channel", labels: ["tv"])],
      saturation: .all(ModelMapping.Curve(Linear.self, [.variable("b")])))
    return DrawFile.failure([path], format: format, model: model)?.description.replacing(path, with: "draws.csv") ?? ""
  }

  @Test(arguments: [
    ("", "draws.csv: error: expected a table (CSV) of draws, found an empty file"),
    ("b,.chain\n", "draws.csv:1:1: error: expected draws after the header, found none"),
    ("b,b\n1,1\n", "draws.csv:1:3: error: wrong header, expected a different name for each column, found 'b' again"),
    (
      "b,.chain\n1,1\n2,2\n3,2\n",
      "draws.csv: error: expected as many draws in each chain, 2, found 1 in chain 1"
    ),
    ("b,.chain\n1,1.5\n", "draws.csv:2:1: error: wrong chain, expected a whole number, found 1.5"),
    (
      "b,.chain,.iteration\n1,1,2\n1,1,2\n",
      "draws.csv:3:1: error: wrong order, expected the draws of a chain in increasing order, found 2.0 after 2.0"
    ),
    ("b,c\n1,2\nx,2\n", "draws.csv:3:1: error: wrong row, expected a number, found 'x'"),
    ("b,c\n1,2\n1\n", "draws.csv:3:1: error: wrong row, expected 2 fields as in the header, found 1"),
    (
      "b,c\nNA,2\n",
      "draws.csv:2:1: error: b as posterior.model.saturation.linear.beta: expected a finite number, found nan"
    ),
    (
      "chain,draw,variable,value\n1,1,b,1\n1,1,b,2\n",
      "draws.csv:3:1: error: expected each draw of b once, found chain 1, draw 1 again"
    ),
    (
      "chain,draw,variable,value\n1,1,b,1\n1,2,b,1\n1,1,c,2\n",
      "draws.csv: error: expected 2 draws of c, as of b, found 1"
    ),
    (
      "chain,draw,variable,value\n1,2,b,1\n1,1,b,1\n1,1,c,2\n1,3,c,2\n",
      "draws.csv: error: expected the draws of c that there are of b, with chain 1, draw 2, found chain 1, draw 3"
    ),
    (
      "chain,draw,variable,value\n1,1,b,1\n1,2,b,1\n2,1,b,1\n",
      "draws.csv: error: expected as many draws in each chain, 2, found 1 in chain 2"
    ),
    (
      "draw,variable,value\n1,b,1,2\n", "draws.csv:2:1: error: not a table, expected 3 fields as in the header, found 4"
    ),
    (
      "draw,variable,value\n1,\"b,1\n",
      "draws.csv:2:3: error: not a table, expected a closing quote, found the end of the line"
    ),
    (
      "draw,variable,value\n12345678901,b,1\n",
      "draws.csv:2:1: error: wrong draw, expected a whole number, found '12345678901'"
    ),
    ("draw,variable,value\n1,,1\n", "draws.csv:2:3: error: wrong variable, expected a name, found ''"),
    ("draw,variable,value\n1,b,one\n", "draws.csv:2:5: error: wrong value, expected a number, found 'one'"),
    ("draw,variable,value\n1.5,b,1\n", "draws.csv:2:1: error: wrong draw, expected a whole number, found '1.5'"),
    (
      "draw,variable,value\n", "draws.csv:1:1: error: expected draws after the header, found none"
    ),
    (
      "variable,value\nb,1\n",
      "draws.csv:1:1: error: wrong header, expected chain,draw,variable,channel,value, found variable,value"
    ),
    (
      "draw,variable,channel,value\n1,b,tv,1\n1,b,,1\n",
      "draws.csv:3:3: error: wrong row, expected the same dims in each row of b, found different ones"
    ),
  ])
  func `mistakes in tables of draws are told with their places`(text: String, message: String) throws {
    #expect(try failure(csv: text) == message)
  }

  @Test func `rows of chains may stand in any order, and row names and blanks do not matter`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      Data("\"\",\"b\",\".chain\",\".iteration\"\n\"1\", 3 ,2,1\n\"2\",1,1,1\n\"3\",4,2,2\n\"4\",2,1,2\n".utf8),
      as: "d.csv")
    let model = ModelMapping(
      labels: [Posterior.Dim(name: "channel", labels: ["tv"])],
      saturation: .all(ModelMapping.Curve(Linear.self, [.variable("b")])))
    let posterior = try PosteriorFile.read(path: path, model: model)
    #expect((0..<4).map { posterior.cells[0].saturationParameters[$0, 0] } == [1, 2, 3, 4])
  }

  // MARK: Arrays of numpy

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

  // MARK: What is not read

  @Test func `other formats are recognised, and told how to become one that is read`() throws {
    let folder = try TemporaryFolder()
    func message(_ name: String, _ bytes: [UInt8]) throws -> String {
      let error = DrawFile.failure([try folder.write(Data(bytes), as: name)], model: nil)
      #expect(error?.kind == .unsupported)
      return error?.message ?? ""
    }
    #expect(
      try message("a.bin", Array("PAR1____PAR1".utf8))
        == "is a Parquet file, which is not read; two lines of Python make a file that is:\n  import pandas\n  pandas.read_parquet('a.bin').to_csv('draws.csv', index=False)"
    )
    #expect(try message("fit.rds", [0x1F, 0x8B, 8]).contains("posterior::as_draws_df(readRDS('fit.rds'))"))
    #expect(try message("fit", [0x58, 0x0A, 0, 0, 0, 3]).contains("write.csv(draws, 'draws.csv', row.names = FALSE)"))
    #expect(try message("m.pkl", [0x80, 4]).contains("may run any program"))
    #expect(try message("m.dat", [0x80, 5, 0x95]).contains("numpy.savez('draws.npz'"))
    #expect(try message("a.feather", Array("ARROW1".utf8)).contains("read_feather('a.feather')"))
    #expect(try message("fit.csv.gz", [0x1F, 0x8B]).contains("gunzip --keep 'fit.csv.gz'"))
    try FileManager.default.createDirectory(atPath: folder.file("store.zarr"), withIntermediateDirectories: true)
    #expect(
      DrawFile.failure([folder.file("store.zarr")], model: nil)?.message
        == "is a zarr store, which is not read; two lines of Python make a file that is:\n  import arviz\n  arviz.from_zarr('store.zarr').to_netcdf('draws.nc')"
    )
  }
}
