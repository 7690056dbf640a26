import CNetCDF
import Foundation
import ResponseModel

@testable import PosteriorFiles

/// A small valid PyMC-Marketing file: channels tv, search and radio in the model's order, two chains of three draws, four
/// weeks; and its panel, by geo as well. The value of each draw says where it stands:
/// `base + 0.0001 · geo + 0.001 · channel + 0.01 · draw + 0.1 · chain`.
enum SmallModel {
  static let channels = ["tv", "search", "radio"]
  static let geos = ["south", "north"]
  static let chainCount = 2
  static let drawsPerChain = 3

  static func value(_ base: Double, chain: Int, draw: Int, channel: Int, geo: Int = 0) -> Double {
    base + 0.0001 * Double(geo) + 0.001 * Double(channel) + 0.01 * Double(draw) + 0.1 * Double(chain)
  }

  static let bases = ["adstock_alpha": 0.2, "saturation_beta": 0.4, "saturation_lam": 3.0]

  /// All draws of a parameter, laid out along `dims` with the channels in `order` and the geos in theirs.
  static func parameter(
    _ name: String, dims: [String] = ["chain", "draw", "channel"], order: [String] = channels,
    geoOrder: [String] = geos
  ) -> NetCDFContent.Variable {
    let lengths = ["chain": chainCount, "draw": drawsPerChain, "channel": order.count, "geo": geoOrder.count]
    var numbers: [Double] = []
    let shape = dims.map { lengths[$0]! }
    for element in 0..<shape.reduce(1, *) {
      var index: [String: Int] = [:]
      var rest = element
      for (dim, length) in zip(dims, shape).reversed() {
        index[dim] = rest % length
        rest /= length
      }
      let channel = channels.firstIndex(of: order[index["channel"] ?? 0])!
      let geo = geos.firstIndex(of: geoOrder[index["geo"] ?? 0])!
      numbers.append(
        value(bases[name]!, chain: index["chain"] ?? 0, draw: index["draw"] ?? 0, channel: channel, geo: geo))
    }
    return NetCDFContent.Variable(dims: dims, values: .numbers(numbers))
  }

  static let adstock = """
    {"__type__": "pymc_marketing.mmm.components.adstock.GeometricAdstock", "prefix": "adstock", "priors": {"alpha": \
    {"dist": "Beta", "kwargs": {"alpha": 1, "beta": 3}, "dims": ["channel"]}}, "l_max": 8, "normalize": true, "mode": "After"}
    """
  static let saturation = """
    {"__type__": "pymc_marketing.mmm.components.saturation.LogisticSaturation", "prefix": "saturation", "priors": \
    {"lam": {"dist": "TruncatedNormal", "kwargs": {"lower": 0, "upper": Infinity}}}}
    """

  static var content: NetCDFContent {
    var posterior = NetCDFContent.Group(dims: ["chain": chainCount, "draw": drawsPerChain, "channel": 3])
    for name in bases.keys { posterior.variables[name] = parameter(name) }
    posterior.variables["channel"] = .init(dims: ["channel"], values: .texts(channels))
    posterior.texts = ["pymc_marketing_version": "1.3.0", "inference_library": "nutpie"]

    var constants = NetCDFContent.Group(dims: ["date": 4, "channel": 3])
    constants.variables = [
      "channel": .init(dims: ["channel"], values: .texts(channels)),
      "date": .init(
        dims: ["date"], values: .numbers([0, 7, 14, 21]), type: NC_INT64,
        texts: ["units": "days since 2024-02-26", "calendar": "proleptic_gregorian"]),
      "channel_data": .init(
        dims: ["date", "channel"], values: .numbers([10, 20, 30, 11, 21, 31, 12, 22, 32, 13, 23, 33])),
      "channel_scale": .init(dims: ["channel"], values: .numbers([100, 200, 300])),
      "target_scale": .init(dims: [], values: .numbers([5000])),
    ]
    var statistics = NetCDFContent.Group(dims: ["chain": chainCount, "draw": drawsPerChain])
    statistics.variables["diverging"] = .init(
      dims: ["chain", "draw"], values: .numbers([0, 1, 0, 0, 0, 1]), type: NC_BYTE, texts: ["dtype": "bool"])

    return NetCDFContent(
      attributes: [
        "__serialization_version__": "1", "model_type": "MMM", "version": "0.0.2", "dims": "[]", "adstock": adstock,
        "saturation": saturation, "adstock_first": "true", "channel_columns": "[\"tv\", \"search\", \"radio\"]",
        "control_columns": "null", "time_varying_media": "false", "time_varying_intercept": "false", "link": "identity",
        "target_column": "sales", "yearly_seasonality": "2", "mu_effects": "[]", "lift_test_calibrations": "[]",
        "cost_per_unit": "null",
      ], groups: ["posterior": posterior, "constant_data": constants, "sample_stats": statistics])
  }

  /// The same by geo: a parameter by geo and channel, one by geo, one by channel; channel scales by both, target scales by geo.
  static var panel: NetCDFContent {
    var content = content
    content.attributes["dims"] = "[\"geo\"]"
    for group in ["posterior", "constant_data"] {
      content.groups[group]?.dims["geo"] = 2
      content["\(group)/geo"] = .init(dims: ["geo"], values: .texts(geos))
    }
    content["posterior/saturation_beta"] = parameter("saturation_beta", dims: ["chain", "draw", "geo", "channel"])
    content["posterior/adstock_alpha"] = parameter("adstock_alpha", dims: ["chain", "draw", "geo"])
    content["constant_data/channel_data"] = .init(
      dims: ["date", "geo", "channel"], values: .numbers((0..<24).map { Double(10 + $0) }))
    content["constant_data/channel_scale"] = .init(
      dims: ["channel", "geo"], values: .numbers([100, 101, 200, 201, 300, 301]))
    content["constant_data/target_scale"] = .init(dims: ["geo"], values: .numbers([5000, 5001]))
    return content
  }

  /// A valid file after one change, written and read back.
  static func read(
    _ content: NetCDFContent = content, draws: Int? = nil, changed change: (inout NetCDFContent) -> Void = { _ in }
  ) throws -> Posterior {
    let folder = try TemporaryFolder()
    var content = content
    change(&content)
    content.write(to: folder.file("model.nc"))
    return try PosteriorFile.read(path: folder.file("model.nc"), draws: draws)
  }

  /// What reading the changed file says is wrong; nil where it is read.
  static func failure(
    _ content: NetCDFContent = content, after change: (inout NetCDFContent) -> Void
  ) throws -> PosteriorFileError? {
    do {
      _ = try read(content, changed: change)
      return nil
    } catch let error as PosteriorFileError {
      return error
    }
  }
}

extension NetCDFContent {
  /// A variable by `group/name`.
  subscript(place: String) -> Variable? {
    get { groups[place.components(separatedBy: "/")[0]]?.variables[place.components(separatedBy: "/")[1]] }
    set { groups[place.components(separatedBy: "/")[0]]?.variables[place.components(separatedBy: "/")[1]] = newValue }
  }

  /// Sets one number of a variable.
  mutating func set(_ place: String, at index: Int, to number: Double) {
    guard case .numbers(var numbers) = self[place]?.values else { preconditionFailure("no numbers at \(place)") }
    numbers[index] = number
    self[place]?.values = .numbers(numbers)
  }
}
