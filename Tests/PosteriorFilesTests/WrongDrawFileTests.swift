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
