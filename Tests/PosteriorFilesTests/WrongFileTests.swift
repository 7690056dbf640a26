import CNetCDF
import Foundation
import ResponseModel
import Testing

@testable import PosteriorFiles

/// What each wrong file is told: the kind of error, and the words that name the place and what is wrong with it.
@Suite struct WrongFileTests {
  private func failure(_ path: String, format: String = "auto", draws: Int? = nil) -> PosteriorFileError? {
    do {
      _ = try PosteriorFile.read(path: path, format: format, draws: draws)
      return nil
    } catch {
      return error
    }
  }

  private func expect(
    _ kind: PosteriorFileError.Kind, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation,
    after change: (inout NetCDFContent) -> Void
  ) throws {
    let error = try #require(try SmallModel.failure(after: change), sourceLocation: sourceLocation)
    #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation)
    for word in words { #expect(error.message.contains(word), "\(error)", sourceLocation: sourceLocation) }
  }

  // MARK: Files that are not NetCDF

  @Test func `A missing file is missing`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("absent.nc")
    let error = try #require(failure(path))
    #expect(error.kind == .missing)
    #expect(error.description == "\(path): error: cannot be opened: no such file or directory")
    #expect(failure("")?.kind == .missing)
  }

  @Test func `A directory is not read`() throws {
    let folder = try TemporaryFolder()
    let error = try #require(failure(folder.path))
    #expect(error.kind == .unreadable && error.message == "expected a file, found a directory")
  }

  @Test func `A pipe is refused without waiting for a writer`() throws {
    let folder = try TemporaryFolder()
    #expect(unsafe mkfifo(folder.file("pipe"), 0o600) == 0)
    let error = try #require(failure(folder.file("pipe")))
    #expect(error.kind == .unreadable && error.message == "expected a file, found a pipe or device")
  }

  @Test(arguments: [
    ("date,tv,search\n2024-01-01", "text that begins with \u{201C}date,tv,search\u{201D}"), ("", "an empty file"),
    ("CDF\u{1}\0\0\0\0", "a classic NetCDF-3 file"), ("MM\u{3}\u{4}", "the bytes 4d 4d 03 04"),
  ]) func `A file of another kind is told by its first bytes`(content: String, words: String) throws {
    let folder = try TemporaryFolder()
    let error = try #require(failure(try folder.write(Data(content.utf8), as: "model.nc")))
    #expect(error.kind == .unreadable)
    #expect(error.message.hasPrefix("expected a NetCDF-4 (HDF5) file, found \(words)"))
  }

  @Test func `An address is refused`() throws {
    let error = try #require(failure("https://example.org/model.nc"))
    #expect(error.kind == .unsupported && error.message.contains("found an address"))
  }

  @Test func `A file cut short anywhere is refused`() throws {
    let folder = try TemporaryFolder()
    SmallModel.content.write(to: folder.file("whole.nc"))
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder.file("whole.nc")))
    #expect(failure(folder.file("whole.nc")) == nil)
    for length in [1, 4, 8, 9, 48, 100, 512, 2048, whole.count / 2, whole.count * 9 / 10, whole.count - 1] {
      let error = try #require(failure(try folder.write(whole.prefix(length), as: "cut.nc")), "\(length) bytes")
      #expect(error.kind == .unreadable)
      #expect(error.message.contains("cut short"), "\(length) bytes: \(error.message)")
    }
  }

  @Test func `A NetCDF file of another kind is refused, whatever format was asked for`() throws {
    let folder = try TemporaryFolder()
    NetCDFContent(attributes: ["title": "weather"]).write(to: folder.file("weather.nc"))
    let error = try #require(failure(folder.file("weather.nc")))
    #expect(error.kind == .unsupported && error.message.contains("adstock, saturation, channel_columns"))
    #expect(failure(folder.file("weather.nc"), format: "pymc-marketing")?.kind == .unsupported)
    #expect(
      failure(folder.file("weather.nc"), format: "stata")?.message
        == "format: expected one of auto, \(PosteriorFile.formats.joined(separator: ", ")), found stata")
  }

  @Test func `More draws than there are, or fewer than one, are refused`() throws {
    let folder = try TemporaryFolder()
    SmallModel.content.write(to: folder.file("model.nc"))
    #expect(failure(folder.file("model.nc"), draws: 7)?.message == "cannot keep 7 draws: it holds 6")
    #expect(failure(folder.file("model.nc"), draws: 0)?.message == "cannot keep 0 draws: expected at least 1")
    #expect(failure(folder.file("model.nc"), draws: 6) == nil)
  }

  // MARK: Models that are not supported

  @Test func `Another class is named`() throws {
    try expect(.unsupported, "attribute saturation", "SplineSaturation", "expected HillSaturation, ") {
      $0.attributes["saturation"] = SmallModel.saturation.replacingOccurrences(of: "Logistic", with: "Spline")
    }
    try expect(.unsupported, "attribute adstock", "GammaAdstock", "expected BinomialAdstock, ") {
      $0.attributes["adstock"] = SmallModel.adstock.replacingOccurrences(of: "GeometricAdstock", with: "GammaAdstock")
    }
  }

  @Test func `A class of the same name from elsewhere is refused`() throws {
    try expect(.unsupported, "my_models.LogisticSaturation") {
      $0.attributes["saturation"] = SmallModel.saturation.replacingOccurrences(
        of: "pymc_marketing.mmm.components.saturation", with: "my_models")
    }
  }

  @Test(arguments: [
    ("link", "log", "the log link, under which"), ("link", "logit", "the logit link"),
    ("adstock", SmallModel.adstock.replacingOccurrences(of: "After", with: "Before"), "convolution mode Before"),
    (
      "adstock",
      SmallModel.adstock.replacingOccurrences(of: "\"mode\"", with: "\"parametrization\": \"mean\", \"mode\""),
      "the parametrization mean"
    ),
    ("__serialization_version__", "2", "expected 1, found 2"),
  ]) func `What is not supported is named, not ignored`(attribute: String, text: String, words: String) throws {
    try expect(.unsupported, "root attribute \(attribute)", words) { $0.attributes[attribute] = text }
  }

  @Test func `A file of an older version is told how to be brought up to date`() throws {
    try expect(.unsupported, "found none", "loading and saving it") { $0.attributes["__serialization_version__"] = nil }
  }

  @Test func `A parameter that was not sampled is named, beside what was`() throws {
    try expect(.invalid, "expected draws of saturation_lam, found", "saturation_beta") {
      $0["posterior/saturation_lam"] = nil
    }
  }

  @Test func `A parameter fixed at a list of numbers, or at a number that it cannot be, is refused`() throws {
    func fixed(at value: String) -> String {
      """
      {"__type__": "pymc_marketing.mmm.components.saturation.LogisticSaturation", "prefix": "saturation", "priors": \
      {"lam": \(value)}}
      """
    }
    try expect(.unsupported, "root attribute saturation: lam is fixed at a list of numbers") {
      $0.attributes["saturation"] = fixed(at: "[1.0, 2.0, 3.0]")
      $0["posterior/saturation_lam"] = nil
    }
    for (value, found) in [("-1", "-1.0"), ("NaN", "nan"), ("Infinity", "inf")] {
      try expect(.invalid, "root attribute saturation: lam: expected a number that is not negative, found \(found)") {
        $0.attributes["saturation"] = fixed(at: value)
        $0["posterior/saturation_lam"] = nil
      }
    }
  }

  @Test func `A parameter by another dim is refused`() throws {
    try expect(.unsupported, "posterior/saturation_beta", "found geo") {
      $0.groups["posterior"]?.dims["geo"] = 2
      $0["posterior/saturation_beta"] = .init(dims: ["geo", "channel"], values: .numbers([1, 2, 3, 4, 5, 6]))
    }
    try expect(.invalid, "posterior/saturation_beta", "channel appears twice") {
      $0["posterior/saturation_beta"] = .init(
        dims: ["channel", "channel"], values: .numbers([Double](repeating: 1, count: 9)))
    }
  }

  // MARK: Wrong structure

  @Test(arguments: [
    ("adstock", "{\"prefix\": "), ("adstock", "[]"), ("saturation", "{}"), ("channel_columns", "[1, 2]"),
    ("dims", "geo"), ("mu_effects", "many"),
  ]) func `Malformed JSON is quoted`(attribute: String, text: String) throws {
    try expect(.invalid, "root attribute \(attribute): expected JSON", text) { $0.attributes[attribute] = text }
  }

  @Test(arguments: ["\"l_max\": 8, ", "\"normalize\": true, ", ", \"mode\": \"After\""])
  func `A carryover without its settings is refused`(setting: String) throws {
    try expect(.invalid, "root attribute adstock: expected l_max of at least 1, normalize and mode") {
      $0.attributes["adstock"] = SmallModel.adstock.replacingOccurrences(of: setting, with: "")
    }
  }

  @Test func `A window of no lags is refused`() throws {
    try expect(.invalid, "l_max of at least 1") {
      $0.attributes["adstock"] = SmallModel.adstock.replacingOccurrences(of: "8", with: "0")
    }
  }

  @Test func `Channels are wanted once each, the same in every group`() throws {
    try expect(.invalid, "channel_columns", "found tv twice") {
      $0.attributes["channel_columns"] = "[\"tv\", \"tv\", \"radio\"]"
    }
    try expect(.invalid, "channel_columns", "found none") { $0.attributes["channel_columns"] = "[]" }
    try expect(.invalid, "posterior/channel: expected each label once, found search twice") {
      $0["posterior/channel"]?.values = .texts(["tv", "search", "search"])
    }
    try expect(.invalid, "constant_data/channel", "found tv, search, print") {
      $0["constant_data/channel"]?.values = .texts(["tv", "search", "print"])
    }
    try expect(.invalid, "posterior: expected a coordinate channel") { $0["posterior/channel"] = nil }
    try expect(.invalid, "posterior/channel: expected the labels tv, search, radio, found 0, 1, 2") {
      $0["posterior/channel"] = .init(dims: ["channel"], values: .numbers([0, 1, 2]))
    }
  }

  @Test func `A group that is needed and not there is named`() throws {
    try expect(.invalid, "group posterior") { $0.groups["posterior"] = nil }
    try expect(.invalid, "group constant_data") { $0.groups["constant_data"] = nil }
  }

  // MARK: Wrong numbers

  @Test(arguments: [Double.nan, .infinity]) func `A draw that is not finite is named`(value: Double) throws {
    // Chain 1, draw 1, channel search: element (1 · 3 + 1) · 3 + 1.
    try expect(
      .invalid, "posterior/saturation_beta[search]", "expected a finite number, found \(value)",
      "chain 1, draw 1 (counted from 0); 1 of 18"
    ) { $0.set("posterior/saturation_beta", at: 13, to: value) }
  }

  @Test func `The first wrong draw is named and all are counted`() throws {
    try expect(.invalid, "adstock_alpha[tv]", "a number from 0 to 1, found 1.5 in chain 0, draw 2", "2 of 18") {
      $0.set("posterior/adstock_alpha", at: 6, to: 1.5)
      $0.set("posterior/adstock_alpha", at: 8, to: -0.1)
    }
    try expect(.invalid, "saturation_lam[radio]", "not negative, found -1.0 in chain 0, draw 0") {
      $0.set("posterior/saturation_lam", at: 2, to: -1)
    }
  }

  @Test func `A fill value or a number never written is not a draw`() throws {
    try expect(.invalid, "saturation_beta[tv]", "found nan", "1 of 18") {
      $0.set("posterior/saturation_beta", at: 0, to: -999)
      $0["posterior/saturation_beta"]?.numbers["_FillValue"] = -999
    }
    try expect(.invalid, "saturation_beta[tv]", "found nan", "1 of 18") {
      $0.set("posterior/saturation_beta", at: 0, to: -999)
      $0["posterior/saturation_beta"]?.numbers["missing_value"] = -999
    }
    try expect(.invalid, "saturation_beta[tv]", "found nan", "18 of 18") {
      $0["posterior/saturation_beta"]?.values = .none
    }
  }

  @Test func `Zero draws are no posterior`() throws {
    try expect(.invalid, "expected draws, found 2 chains of 0 draws") { content in
      content.groups["posterior"]?.dims["draw"] = 0
      for name in SmallModel.bases.keys { content["posterior/\(name)"]?.values = .numbers([]) }
    }
    try expect(.invalid, "posterior: expected a dimension draw") { content in
      content.groups["posterior"]?.dims["draw"] = nil
      for name in SmallModel.bases.keys {
        content["posterior/\(name)"] = .init(dims: ["channel"], values: .numbers([0.1, 0.2, 0.3]))
      }
    }
  }

  @Test(arguments: [-1, Double.nan, .infinity]) func `A scale is not negative`(scale: Double) throws {
    try expect(.invalid, "constant_data/channel_scale[search]: expected a number that is not negative, found \(scale)")
    {
      $0.set("constant_data/channel_scale", at: 1, to: scale)
    }
    try expect(.invalid, "constant_data/target_scale: expected a number that is not negative, found \(scale)") {
      $0.set("constant_data/target_scale", at: 0, to: scale)
    }
  }

  @Test func `Scales that are all 0 leave no response`() throws {
    try expect(.invalid, "constant_data/target_scale: expected a positive number somewhere, found 0.0") {
      $0.set("constant_data/target_scale", at: 0, to: 0)
    }
    try expect(.invalid, "constant_data/channel_scale[tv]: expected a positive number somewhere, found 0.0") {
      content in
      for channel in 0..<3 { content.set("constant_data/channel_scale", at: channel, to: 0) }
    }
  }

  @Test func `A missing scale is named, beside what there is`() throws {
    try expect(.invalid, "expected target_scale, found", "channel_scale") { $0["constant_data/target_scale"] = nil }
  }

  @Test(arguments: [-1, Double.infinity]) func `Observed media are not negative`(value: Double) throws {
    try expect(.invalid, "constant_data/channel_data[radio]", "found \(value) on 2024-03-04") {
      $0.set("constant_data/channel_data", at: 5, to: value)
    }
  }

  @Test func `Dates need units, a known calendar and an order`() throws {
    try expect(.invalid, "constant_data/date: expected a coordinate of numbers with units") {
      $0["constant_data/date"]?.texts["units"] = nil
    }
    try expect(.invalid, "constant_data/date", "found noleap") {
      $0["constant_data/date"]?.texts["calendar"] = "noleap"
    }
    try expect(.invalid, "constant_data/date", "found 2024-03-04 at position 3 after 2024-03-04") {
      $0["constant_data/date"]?.values = .numbers([0, 7, 7, 14])
    }
  }

  @Test func `Text where numbers are wanted is refused`() throws {
    try expect(.invalid, "constant_data/channel_scale: expected numbers, found text") {
      $0["constant_data/channel_scale"]?.values = .texts(["a", "b", "c"])
    }
  }

  @Test func `An absurd shape is refused before anything is allocated`() throws {
    try expect(.invalid, "posterior: a shape of 1099511627776 × 1099511627776 is more than a file of") { content in
      content.groups["posterior"]?.dims["draw"] = 1 << 40
      content.groups["posterior"]?.dims["chain"] = 1 << 40
      for name in SmallModel.bases.keys {
        content["posterior/\(name)"] = .init(dims: ["channel"], values: .numbers([0.1, 0.2, 0.3]))
      }
    }
    try expect(.invalid, "constant_data/channel_data: a shape of 1073741824 × 3") {
      $0.groups["constant_data"]?.dims["date"] = 1 << 30
      $0["constant_data/date"]?.values = .none
      $0["constant_data/channel_data"]?.values = .none
    }
  }
}
