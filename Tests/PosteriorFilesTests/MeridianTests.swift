import Foundation
import NumericKernel
import ResponseModel
import Testing

@testable import PosteriorFiles

/// What a file of Meridian's and its table become.
@Suite struct MeridianTests {
  private func cell(_ labels: String..., of posterior: Posterior) throws -> Cell {
    try #require(posterior.cells.first { $0.labels == labels })
  }

  @Test func `a cell for each channel and geo, media channels first, geos in the order of the file`() throws {
    let posterior = try SmallMeridian.read()
    #expect(posterior.format == "meridian")
    #expect(
      posterior.dims == [
        .init(name: "channel", labels: ["tv", "search", "video"]), .init(name: "geo", labels: ["south", "north"]),
      ])
    #expect(
      posterior.cells.map(\.name)
        == ["tv/south", "tv/north", "search/south", "search/north", "video/south", "video/north"])
    #expect(posterior.dates == ["2024-01-01", "2024-01-08", "2024-01-15", "2024-01-22"])
    #expect(posterior.isContiguous)
    #expect(posterior.chainCount == 2 && posterior.drawsPerChain == 3 && posterior.drawCount == 6)
    #expect(posterior.diagnostics.divergences == 2)
    #expect(posterior.diagnostics.parameters.map(\.name).contains("beta_gm[south, search]"))
    let south = try cell("tv", "south", of: posterior)
    #expect(south.history == [400, 800, 0, 200])
    #expect(Array(south.spendHistory.dropFirst()) == [80, 0, 20] && south.spendHistory[0].isNaN)
    #expect(south.window == 3 && south.isNormalized && south.order == .carryoverFirst)
    #expect(south.saturation.name == Hill.name && south.carryover.name == Geometric.name)
    guard case .observed(let worths) = south.worth else {
      Issue.record("worth by period")
      return
    }
    // A period without an outcome is worth nothing.
    #expect(worths == [0, 2, 3, 4])
  }

  /// Per head, in the order of the table: north 0.5, 0.7, 0.3 and south 0.8, 0.4, 0.6, of mean 0.55; their squared distances are
  /// 0.0025 + 0.0225 + 0.0625 + 0.0625 + 0.0225 + 0.0025 = 0.175, and the variance, over six, is 0.0291666…
  @Test func `the outcome's scale is the population's times the standard deviation per head`() throws {
    let posterior = try SmallMeridian.read()
    let deviation = (0.175 / 6).squareRoot()
    for (geo, population) in [("south", 200.0), ("north", 100)] {
      for channel in ["tv", "search", "video"] {
        let scale = try cell(channel, geo, of: posterior).outcomeScale
        #expect(abs(scale - population * deviation) < 1e-12 * scale)
      }
    }
  }

  /// Per head and above zero, of tv: north 2, 1, 3 and south 2, 4, 1, the middle of which are 2 and 2; of search: 0.1, 0.2, 0.3 and
  /// 0.1, 0.3, 0.2, the middle 0.2; of video's reach: 0.4, 0.2, 0.1 and 0.4, 0.1, the middle 0.2. The weeks before the outcome count.
  /// Video's impressions are 80 + 80 + 10 and 160 + 20, 350 in all, its reach 70 and 100: a frequency of 350/170.
  @Test func `media are scaled by the population times the median of what is above zero per head`() throws {
    let posterior = try SmallMeridian.read()
    #expect(try cell("tv", "south", of: posterior).mediaScale == 400)
    #expect(try cell("tv", "north", of: posterior).mediaScale == 200)
    #expect(try cell("search", "south", of: posterior).mediaScale == 40)
    let video = try cell("video", "north", of: posterior)
    #expect(abs(video.mediaScale - 350.0 / 170 * 100 * 0.2) < 1e-12)
    #expect(video.history == [0, 80, 80, 10])
  }

  /// `β f^s / (f^s + ec^s)` by draw: at a frequency of 3, draw 0 of south has β 0.3, ec 2 and s 1.5, 3^1.5 = 5.196152 and
  /// 2^1.5 = 2.828427, so that β is 0.3 · 0.6475335.
  @Test func `reach with its frequency held responds along a line`() throws {
    let posterior = try SmallMeridian.read(model: { $0.frequency = .each([.init("video", 3)]) })
    let video = try cell("video", "south", of: posterior)
    #expect(video.saturation.name == Linear.name)
    #expect(abs(video.mediaScale - 3 * 200 * 0.2) < 1e-12)
    #expect(
      abs(video.saturationParameters[0, 0] - 0.3 * 5.196152422706632 / (5.196152422706632 + 2.8284271247461903)) < 1e-15
    )
    #expect(posterior.notes.contains { $0.name == "frequency held" && $0.text == "video 3" })
    #expect(video.reach == nil)
    // Left to the data it may be another in each period.
    let average = try SmallMeridian.read()
    #expect(try cell("video", "south", of: average).reach?.frequencies == [0, 2, 0, 1])
    #expect(try cell("tv", "south", of: average).reach == nil)
    #expect(average.notes.contains { $0.name == "frequency held" && $0.text == "video 2.05882, the average observed" })
    let free = try SmallMeridian.read(model: {
      $0.frequency = .all(3)
      $0.saturation = .all(.none)
    })
    #expect(abs(try cell("video", "south", of: free).saturationParameters[0, 0] - 0.9) < 1e-15)
    #expect(try cell("tv", "south", of: free).saturation.name == Linear.name)
  }

  @Test func `settings of the specification are the cells'`() throws {
    let posterior = try SmallMeridian.read(model: {
      $0.maxLag = 0
      $0.decay = .each([.init("search", .binomial)])
      $0.order = .saturationFirst
    })
    let (tv, search) = (try cell("tv", "south", of: posterior), try cell("search", "north", of: posterior))
    #expect(tv.window == 1 && tv.carryover.name == Geometric.name && tv.order == .saturationFirst)
    #expect(search.carryover.name == MeridianBinomial.name)
    // No window is longer than the media that the model was fitted to.
    #expect(try SmallMeridian.read(model: { $0.maxLag = 30 }).cells[0].window == 4)
  }

  @Test func `the prior group, and draws kept evenly`() throws {
    let folder = try TemporaryFolder()
    let prior = try SmallMeridian.read(SmallMeridian.table, in: folder, model: { $0.group = .prior })
    #expect(prior.drawCount == 4 && prior.chainCount == 1 && prior.diagnostics.divergences == nil)
    #expect(abs(prior.cells[0].carryoverParameters[0, 0] - 0.3) < 1e-15)
    var model = SmallMeridian.model(file: folder.file("data.csv"))
    model.group = .prior
    let thinned = try PosteriorFile.read(
      path: folder.file("model.nc"), format: "meridian", draws: 2, meridian: model)
    #expect(
      thinned.cells[0].carryoverParameters.column(0).map(\.self)
        == [0, 2].map { prior.cells[0].carryoverParameters[$0, 0] })
  }

  @Test func `a national model has no geos, whatever the table calls its one`() throws {
    let national: (inout NetCDFContent) -> Void = { content in
      for group in ["posterior", "prior"] {
        content.groups[group]?.dims["geo"] = nil
        for name in ["geo", "beta_gm", "beta_grf"] { content["\(group)/\(name)"] = nil }
        content["\(group)/beta_m"] = content["\(group)/ec_m"]
        content["\(group)/beta_rf"] = content["\(group)/ec_rf"]
      }
    }
    let lines = SmallMeridian.table.split(separator: "\n")
    let table = lines.filter { !$0.hasPrefix("south") }.joined(separator: "\n")
    for geo in ["geo", nil] {
      let posterior = try SmallMeridian.read(table, content: national, model: { $0.data.geo = geo })
      #expect(posterior.dims.map(\.name) == ["channel"])
      #expect(posterior.cells.map(\.name) == ["tv", "search", "video"])
      #expect(posterior.cells[0].mediaScale == 200)
    }
  }

  @Test func `without a worth the outcome itself counts, once there is one`() throws {
    let posterior = try SmallMeridian.read(model: { $0.data.revenuePerKPI = nil })
    guard case .observed(let worths) = posterior.cells[0].worth else {
      Issue.record("worth by period")
      return
    }
    #expect(worths == [0, 1, 1, 1])
    let lines = SmallMeridian.table.split(separator: "\n").filter { !$0.contains("2024-01-01") }
    let whole = try SmallMeridian.read(lines.joined(separator: "\n"), model: { $0.data.revenuePerKPI = nil })
    guard case .one = whole.cells[0].worth else {
      Issue.record("worth one")
      return
    }
  }

  /// (100 + 100 + 130) / 3 = 110 heads in the north.
  @Test func `a population that changes counts as its mean, as in Meridian`() throws {
    let table = SmallMeridian.table.replacing("2024-01-22,100,30", with: "2024-01-22,130,30")
    let posterior = try SmallMeridian.read(table)
    let (south, north) = (try cell("tv", "south", of: posterior), try cell("tv", "north", of: posterior))
    #expect(abs(north.outcomeScale / south.outcomeScale - 110.0 / 200) < 1e-15)
  }

  @Test func `rows may stand in any order, and further columns do not matter`() throws {
    var lines = SmallMeridian.table.split(separator: "\n").map { $0 + ",note" }
    lines[1...].reverse()
    let posterior = try SmallMeridian.read(lines.joined(separator: "\n"))
    #expect(posterior.cells[0].history == [400, 800, 0, 200])
  }

  @Test func `a file alone shows its draws, and which keys to add`() throws {
    let folder = try TemporaryFolder()
    SmallMeridian.content.write(to: folder.file("model.nc"))
    func meridian(_ name: String) throws -> MeridianContents? {
      if case .meridian(let contents) = try PosteriorFile.contents(paths: [folder.file(name)]) { contents } else { nil }
    }
    let contents = try #require(try meridian("model.nc"))
    #expect(contents.dims.map(\.labels) == [["tv", "search", "video"], ["south", "north"]])
    #expect(contents.chainCount * contents.drawsPerChain == 6)
    #expect(contents.model.data.reach == "{channel}_reach" && contents.model.group == .posterior)
    // The same draws as with the rest of the model.
    let posterior = try SmallMeridian.read()
    #expect(contents.diagnostics == posterior.diagnostics)
    #expect(contents.parameters.map(\.name) == contents.diagnostics.parameters.map(\.name))
    let alpha = try #require(contents.parameters.first { $0.name == "alpha_m[tv]" })
    #expect(alpha.draws == posterior.cells[0].carryoverParameters.column(0))
    // Of the prior where that is all there is; of no other file.
    var prior = SmallMeridian.content
    prior.groups = ["prior": try #require(prior.groups["posterior"])]
    prior.write(to: folder.file("prior.nc"))
    #expect(try meridian("prior.nc")?.model.group == .prior)
    SmallModel.content.write(to: folder.file("pymc.nc"))
    #expect(try meridian("pymc.nc") == nil)
  }

  @Test func `a file alone is no posterior, and told why`() throws {
    let folder = try TemporaryFolder()
    SmallMeridian.content.write(to: folder.file("model.nc"))
    for format in ["auto", "meridian"] {
      let error = #expect(throws: PosteriorFileError.self) {
        try PosteriorFile.read(path: folder.file("model.nc"), format: format)
      }
      #expect(error?.kind == .unsupported)
      #expect(
        error?.message == """
          holds 6 draws of Meridian (channels tv, search, video; geos south, north), and neither the data nor the settings of \
          its model: expected posterior.data and posterior.meridian beside it, keys that apportion inspect writes
          """)
    }
  }
}
