import Foundation
import ResponseModel

@testable import PosteriorFiles

/// A small valid model of Meridian: media channels tv and search, video of reach and frequency, geos south and north, two chains of
/// three draws and a prior of four, four weeks of which the first has media alone.
enum SmallMeridian {
  static let table = """
    geo,time,population,sales,worth,tv_media,search_media,video_reach,video_frequency,tv_spend,search_spend,video_spend
    north,2024-01-01,,,,200,10,0,0,,,
    north,2024-01-08,100,50,2,100,20,40,2,10,1,4
    north,2024-01-15,100,70,3,0,30,20,4,0,2,5
    north,2024-01-22,100,30,4,300,0,10,1,30,0,1
    south,2024-01-01,,,,400,20,0,0,,,
    south,2024-01-08,200,160,2,800,60,80,2,80,3,8
    south,2024-01-15,200,80,3,0,40,0,0,0,2,0
    south,2024-01-22,200,120,4,200,0,20,1,20,0,2

    """

  static var content: NetCDFContent {
    func group(chains: Int, draws: Int, shift: Double) -> NetCDFContent.Group {
      var group = NetCDFContent.Group(
        dims: ["chain": chains, "draw": draws, "media_channel": 2, "rf_channel": 1, "geo": 2, "time": 3])
      func add(_ name: String, _ dims: [String], _ base: Double) {
        let count = chains * draws * dims.reduce(1) { $0 * (group.dims[$1] ?? 1) }
        group.variables[name] = .init(
          dims: ["chain", "draw"] + dims, values: .numbers((0..<count).map { base + shift + 0.01 * Double($0) }))
      }
      add("alpha_m", ["media_channel"], 0.2)
      add("ec_m", ["media_channel"], 1)
      add("slope_m", ["media_channel"], 1)
      add("beta_gm", ["geo", "media_channel"], 0.5)
      add("alpha_rf", ["rf_channel"], 0.1)
      add("ec_rf", ["rf_channel"], 2)
      add("slope_rf", ["rf_channel"], 1.5)
      add("beta_grf", ["geo", "rf_channel"], 0.3)
      group.variables["media_channel"] = .init(dims: ["media_channel"], values: .texts(["tv", "search"]))
      group.variables["rf_channel"] = .init(dims: ["rf_channel"], values: .texts(["video"]))
      group.variables["geo"] = .init(dims: ["geo"], values: .texts(["south", "north"]))
      group.variables["time"] = .init(
        dims: ["time"], values: .texts(["2024-01-08", "2024-01-15", "2024-01-22"]))
      return group
    }
    var statistics = NetCDFContent.Group(dims: ["chain": 2, "draw": 3])
    statistics.variables["diverging"] = .init(dims: ["chain", "draw"], values: .numbers([0, 1, 0, 0, 0, 1]))
    return NetCDFContent(groups: [
      "posterior": group(chains: 2, draws: 3, shift: 0), "prior": group(chains: 1, draws: 4, shift: 0.1),
      "sample_stats": statistics,
    ])
  }

  static func model(file: String) -> MeridianModel {
    MeridianModel(
      data: MeridianModel.Table(
        file: file, geo: "geo", population: "population", kpi: "sales", revenuePerKPI: "worth",
        media: "{channel}_media", reach: "{channel}_reach", frequency: "{channel}_frequency", spend: "{channel}_spend"),
      maxLag: 2)
  }

  /// A valid model after one change, written and read back.
  static func read(
    _ table: String = table, content change: (inout NetCDFContent) -> Void = { _ in },
    model changeModel: (inout MeridianModel) -> Void = { _ in }
  ) throws -> Posterior {
    let folder = try TemporaryFolder()
    return try read(table, in: folder, content: change, model: changeModel)
  }

  /// The same into a folder that stays.
  static func read(
    _ table: String, in folder: TemporaryFolder, content change: (inout NetCDFContent) -> Void = { _ in },
    model changeModel: (inout MeridianModel) -> Void = { _ in }
  ) throws -> Posterior {
    var content = content
    change(&content)
    content.write(to: folder.file("model.nc"))
    var model = model(file: try folder.write(Data(table.utf8), as: "data.csv"))
    changeModel(&model)
    return try PosteriorFile.read(path: folder.file("model.nc"), meridian: model)
  }
}
