import Foundation
import ResponseModel
import Tables
import Testing

@testable import PosteriorFiles

/// What a file of Meridian's, its table and its settings are told when they are wrong, or not of one model.
@Suite struct WrongMeridianTests {
  private func failure(
    _ table: String = SmallMeridian.table, content: (inout NetCDFContent) -> Void = { _ in },
    model: (inout MeridianModel) -> Void = { _ in }
  ) throws -> PosteriorFileError? {
    do {
      _ = try SmallMeridian.read(table, content: content, model: model)
      return nil
    } catch let error as PosteriorFileError {
      return error
    }
  }

  private func message(_ error: PosteriorFileError?) -> String {
    guard let error else { return "" }
    return (error.place.map { "\($0.line):\($0.column): " } ?? "") + error.message
  }

  @Test(arguments: [
    (
      "100,70,3", "100,,3",
      "4:22: wrong sales of north on 2024-01-15, expected a finite number, found nothing; only the periods before 2024-01-08 may have none"
    ),
    (
      "100,50,2", "100,,2",
      "1:1: expected the 3 periods with an outcome that the model was fitted to, 2024-01-08 to 2024-01-22, found 2, 2024-01-15 to 2024-01-22; 2024-01-08 is missing"
    ),
    (
      ",800,60,80", ",x,60,80",
      "7:28: wrong tv_media of south on 2024-01-08, expected a number that is not negative, found 'x'"
    ),
    (
      ",800,60,80", ",-800,60,80",
      "7:28: wrong tv_media of south on 2024-01-08, expected a number that is not negative, found '-800'"
    ),
    (
      ",800,60,80", ",,60,80",
      "7:28: wrong tv_media of south on 2024-01-08, expected a number that is not negative, found nothing"
    ),
    (
      ",800,60,80", ",NaN,60,80",
      "7:28: wrong tv_media of south on 2024-01-08, expected a number that is not negative, found 'NaN'"
    ),
    (",800,60,80,2", ",800,60,80,inf", "wrong video_frequency of south on 2024-01-08"),
    ("15,200,80", "15,0,80", "8:18: wrong population of south on 2024-01-15, expected a positive number, found '0'"),
    (
      "15,200,80,3", "15,200,80,",
      "8:25: wrong worth of south on 2024-01-15, expected a number that is not negative, found nothing; only the periods before 2024-01-08 may have none"
    ),
    ("0,2,0\nsouth,2024-01-22", "0,,0\nsouth,2024-01-22", "wrong search_spend of south on 2024-01-15"),
    (
      "south,2024-01-22", "south,2024-01-15",
      "9:7: wrong time of south, expected each period once, found 2024-01-15 again after line 8"
    ),
    (
      "south,2024-01-22", "south,2024-01-29",
      "1:1: no row of the geo south on 2024-01-22, expected one for each geo and period"
    ),
    ("south,2024-01-22", "south,22 Jan", "9:7: wrong time, expected a day such as 2024-01-01, found '22 Jan'"),
    (
      "south,2024-01-22", "suoth,2024-01-22",
      "9:1: wrong geo, expected a geo of the model, south, north, found 'suoth'; did you mean 'south'?"
    ),
    (
      "tv_media", "tv_meida", "1:1: no column tv_media, expected the columns that posterior.data names, found geo, time"
    ),
    ("sales,worth", "sale,worth", "1:1: no column sales, expected the columns that posterior.data names"),
    ("video_reach,video_frequency", "reach,frequency", "1:1: no columns video_reach, video_frequency, expected"),
    ("geo,time", "geo,geo", "1:5: not a table, expected a different name for each column, found 'geo' again"),
  ]) func `a wrong table is told its line and column`(right: String, wrong: String, words: String) throws {
    #expect(SmallMeridian.table.contains(right))
    let error = try #require(try failure(SmallMeridian.table.replacing(right, with: wrong, maxReplacements: 1)))
    #expect(error.path.hasSuffix("data.csv"))
    #expect(message(error).hasPrefix(words) || (!words.contains(": ") && message(error).contains(words)), "\(error)")
    #expect(!error.message.contains("\n"))
  }

  @Test func `a table of other geos or periods than the model's`() throws {
    let lines = SmallMeridian.table.split(separator: "\n")
    let header = String(lines[0])
    func table(_ keep: (Substring) -> Bool) -> String {
      ([header] + lines.dropFirst().filter(keep).map(String.init)).joined(separator: "\n")
    }
    #expect(
      message(try failure(table { !$0.hasPrefix("south") }))
        == "1:1: no rows of the geo south, expected some of each geo of the model, south, north")
    #expect(
      message(try failure(table { !$0.contains("2024-01-22") }))
        == "1:1: expected the 3 periods with an outcome that the model was fitted to, 2024-01-08 to 2024-01-22, found 2, "
        + "2024-01-08 to 2024-01-15; 2024-01-22 is missing")
    #expect(
      message(try failure(SmallMeridian.table.replacing("2024-01-22", with: "2024-01-29")))
        == "1:1: expected the 3 periods with an outcome that the model was fitted to, 2024-01-08 to 2024-01-22, found 3, "
        + "2024-01-08 to 2024-01-29; 2024-01-29 is none of the model's")
    #expect(message(try failure(header)) == "1:1: no rows, expected one for each geo and period, found only the header")
    #expect(message(try failure("")).contains("found"))
  }

  @Test func `columns without anything to scale by`() throws {
    func column(_ index: Int, _ value: String, of table: String = SmallMeridian.table) -> String {
      table.split(separator: "\n").enumerated().map { row, line in
        var fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        if row > 0 { fields[index] = value }
        return fields.joined(separator: ",")
      }.joined(separator: "\n")
    }
    #expect(
      message(try failure(column(5, "0"))) == "1:1: no media of tv, expected some in a geo and period, found 0 in all")
    #expect(message(try failure(column(7, "0"))).hasPrefix("1:1: no media of video"))
    #expect(message(try failure(column(8, "0"))).hasPrefix("1:1: no frequency of video, expected a positive one"))
    #expect(message(try failure(column(3, ""))) == "1:1: no outcome: expected numbers in the column sales, found none")
    #expect(
      try failure(column(3, "5"), content: { $0["posterior/time"] = nil }, model: { $0.data.population = "worth" })
        != nil)
    #expect(
      message(try failure(column(7, "1e200", of: column(8, "1e200"))))
        == "1:1: the numbers of video cannot be scaled, expected a positive and finite scale, found inf")
  }

  @Test func `keys that the model needs, or does not know`() throws {
    #expect(
      message(try failure(model: { $0.data.geo = nil }))
        == "holds 2 geos, south, north: expected posterior.data.geo, such as geo: geo, the column with their names, found none"
    )
    #expect(message(try failure(model: { $0.data.population = nil })).contains("expected posterior.data.population"))
    #expect(
      message(try failure(model: { $0.data.media = nil }))
        == "holds the media channels tv, search: expected posterior.data.media, such as media: \"{channel}_impression\", found none"
    )
    #expect(message(try failure(model: { $0.data.frequency = nil })).contains("expected posterior.data.frequency"))
    #expect(
      message(try failure(model: { $0.decay = .each([.init("radio", .binomial)]) }))
        == "posterior.meridian.adstock: expected channels of the model, tv, search, video, found radio")
    #expect(
      message(try failure(model: { $0.frequency = .each([.init("tv", 2)]) }))
        == "posterior.meridian.frequency: expected channels of reach and frequency of the model, video, found tv")
    let missing = try #require(try failure(model: { $0.data.file += ".gone" }))
    #expect(missing.kind == .missing && missing.path.hasSuffix("data.csv.gone"))
    #expect(missing.message.hasSuffix("expected the table that the model was fitted to, posterior.data.file"))
  }

  @Test func `a file that is not Meridian's, or not whole`() throws {
    #expect(
      message(try failure(content: { $0.groups["posterior"] = nil }))
        == "expected a group posterior with Meridian's draws, found none")
    #expect(
      message(try failure(content: { $0["posterior/slope_m"] = nil })).hasPrefix(
        "posterior: expected draws of slope_m, found "))
    #expect(
      message(try failure(content: { $0["posterior/beta_gm"] = nil })).contains("expected draws of beta_gm, found "))
    #expect(
      message(
        try failure(content: { $0["posterior/rf_channel"] = .init(dims: ["rf_channel"], values: .texts(["tv"])) }))
        == "posterior: expected each channel once, found tv twice in media_channel and rf_channel")
    #expect(
      message(try failure(content: { $0.set("posterior/ec_m", at: 3, to: -1) }))
        == "posterior/ec_m[search]: expected a positive number, found -1.0 in chain 0, draw 1 (counted from 0); 1 of 12 values are wrong"
    )
    let folder = try TemporaryFolder()
    SmallModel.content.write(to: folder.file("model.nc"))
    let error = #expect(throws: PosteriorFileError.self) {
      try PosteriorFile.read(path: folder.file("model.nc"), format: "meridian")
    }
    #expect(
      error?.message.hasPrefix("posterior: expected Meridian's draws, alpha_m and ec_m along media_channel") == true)
  }

  // MARK: Twins

  private func isRefused(_ name: String, _ read: () throws -> Posterior) -> Bool {
    do {
      for cell in try read().cells {
        #expect(cell.mediaScale > 0 && cell.mediaScale.isFinite && cell.outcomeScale.isFinite, "\(name)")
        #expect(cell.history.count == 4 && cell.history.allSatisfy { $0 >= 0 && $0.isFinite }, "\(name)")
      }
      return false
    } catch {
      #expect("\(error)".count > 20 && !"\(error)".contains("\n"), "\(name): \(error)")
      return true
    }
  }

  @Test func `a table with one field changed, cut anywhere or without a column is refused or no worse for it`() throws {
    let folder = try TemporaryFolder()
    SmallMeridian.content.write(to: folder.file("model.nc"))
    func isRefused(_ table: String, _ name: String) throws -> Bool {
      let model = SmallMeridian.model(file: try folder.write(Data(table.utf8), as: "data.csv"))
      return self.isRefused(name) { try PosteriorFile.read(path: folder.file("model.nc"), meridian: model) }
    }
    let rows = SmallMeridian.table.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    func text(_ rows: [[String]]) -> String { rows.map { $0.joined(separator: ",") }.joined(separator: "\n") }
    for row in rows.indices {
      for column in rows[row].indices {
        for field in ["", "x", "-1", "NaN", "1e400", "1e300", "1e-320", "\""] where row < 4 || row == 8 {
          var twin = rows
          twin[row][column] = field
          let refused = try isRefused(text(twin), "\(row) \(column) \(field)")
          #expect(refused || row > 0, "\(row) \(column) \(field)")
        }
      }
    }
    for column in rows[0].indices {
      var twin = rows
      for row in rows.indices { twin[row].remove(at: column) }
      #expect(try isRefused(text(twin), "without column \(column)"))
    }
    let bytes = Array(SmallMeridian.table.utf8)
    for length in stride(from: 0, to: bytes.count - 10, by: 7) {
      let cut = String(decoding: bytes[..<length], as: UTF8.self)
      #expect(try isRefused(cut, "cut at \(length)"), "cut at \(length)")
    }
  }

  @Test func `a variable that is wrong in one way is refused or no worse for it`() throws {
    let names = try #require(SmallMeridian.content.groups["posterior"]).variables.keys.sorted()
    var refused = 0
    for name in names {
      let place = "posterior/\(name)"
      let changes: [(String, (inout NetCDFContent) -> Void)] = [
        ("absent", { $0[place] = nil }), ("never written", { $0[place]?.values = .none }),
        ("without dims", { $0[place] = .init(dims: [], values: .numbers([0.5])) }),
        ("along draw", { $0[place] = .init(dims: ["draw"], values: .numbers([0.5, 0.5, 0.5])) }),
        ("along time", { $0[place] = .init(dims: ["time"], values: .numbers([0.5, 0.5, 0.5])) }),
        ("of texts", { $0[place] = .init(dims: ["draw"], values: .texts(["a", "b", "c"])) }),
        ("not a number", { $0[place]?.numbers["scale_factor"] = .nan }),
      ]
      for (what, change) in changes
      where isRefused("\(place) \(what)", { try SmallMeridian.read(content: change) }) { refused += 1 }
    }
    // Periods may be left out, and are compared where they are texts; coordinates are not numbers to scale.
    #expect(refused >= 8 * 7 + 3 * 5, "\(refused)")
  }

  @Test func `a library's file cut short at any hundredth is refused`() throws {
    let folder = try TemporaryFolder()
    let whole = try Data(contentsOf: URL(filePath: MeridianResponseTests.path("by_channel_1", "nc")))
    let model = MeridianResponseTests.model("by_channel", seed: 1)
    for hundredth in 0..<100 {
      let path = try folder.write(whole.prefix(whole.count * hundredth / 100), as: "cut.nc")
      #expect(isRefused("\(hundredth) %") { try PosteriorFile.read(path: path, meridian: model) }, "\(hundredth) %")
    }
  }

  @Test func `a shape that no file can hold is refused before anything is allocated`() throws {
    for dim in ["chain", "draw", "media_channel", "rf_channel", "geo"] {
      for length in [1 << 30, 1 << 40] {
        let error = try failure(content: { content in
          content.groups["posterior"]?.dims[dim] = length
          for (name, variable) in content.groups["posterior"]?.variables ?? [:] where variable.dims.contains(dim) {
            content["posterior/\(name)"]?.values = .none
          }
        })
        #expect(error != nil && error?.message.contains("\n") == false, "\(dim) \(length)")
      }
    }
  }
}
