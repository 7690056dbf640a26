import Foundation
import ResponseModel

/// The structure of a PyMC-Marketing model as its root attributes tell it, refused where a part of it is not supported: what
/// is left here is an identity link, no dims but the channel, and carryover before saturation.
struct PyMCStructure {
  /// A curve or a carryover: its family, and the variables that hold its parameters.
  struct Component<Family> {
    var family: Family
    var prefix: String

    func variable(_ parameter: ModelParameter) -> String { "\(prefix)_\(parameter.name)" }
  }

  var channels: [String]
  var adstock: Component<any Carryover.Type>
  var saturation: Component<any Saturation.Type>
  /// `l_max`: the lags that count, from 0.
  var window: Int
  var isNormalized: Bool

  /// Classes of PyMC-Marketing and the families they are here. Their parameters have the same names.
  private static let adstocks: [String: any Carryover.Type] = ["GeometricAdstock": Geometric.self]
  private static let saturations: [String: any Saturation.Type] = ["LogisticSaturation": Logistic.self]

  init(_ root: NetCDFGroup) throws(PosteriorFileError) {
    guard try root.text("__serialization_version__") == "1" else {
      throw PosteriorFileError(
        .unsupported, root.file.path,
        "root attribute __serialization_version__: expected 1, found \(try root.text("__serialization_version__") ?? "none");"
          + " a file of an older PyMC-Marketing is brought up to date by loading and saving it with version 1.3")
    }
    let dims = try root.decode([String].self, "dims", whenAbsent: [])
    guard dims.isEmpty else {
      throw root.unsupported("dims", "models with \(dims.joined(separator: ", ")) beside the channel", "no dims")
    }
    try root.require("adstock_first", "true", whenAbsent: "true", "saturation before adstock")
    try root.require("link", "identity", whenAbsent: "identity", "another link than the identity")
    try root.require("time_varying_media", "false", whenAbsent: "false", "media effects that vary in time")

    let channels = try root.decode([String].self, "channel_columns")
    guard !channels.isEmpty else {
      throw PosteriorFileError(
        .invalid, root.file.path, "root attribute channel_columns: expected channels, found none")
    }
    if let twice = channels.first(where: { name in channels.count { $0 == name } > 1 }) {
      throw PosteriorFileError(
        .invalid, root.file.path, "root attribute channel_columns: expected each channel once, found \(twice) twice")
    }

    self.channels = channels
    let carryover = try root.decode(Serialized.self, "adstock")
    let curve = try root.decode(Serialized.self, "saturation")
    adstock = Component(
      family: try root.family(carryover.type, of: PyMCStructure.adstocks, "adstock"), prefix: carryover.prefix)
    saturation = Component(
      family: try root.family(curve.type, of: PyMCStructure.saturations, "saturation"), prefix: curve.prefix)
    guard let window = carryover.window, window >= 1, let isNormalized = carryover.isNormalized,
      let mode = carryover.mode
    else {
      throw PosteriorFileError(
        .invalid, root.file.path, "root attribute adstock: expected l_max of at least 1, normalize and mode")
    }
    guard mode == "After" else {
      throw root.unsupported("adstock", "convolution mode \(mode)", "After")
    }
    self.window = window
    self.isNormalized = isNormalized
  }

  /// A transformation as PyMC-Marketing serialises it.
  private struct Serialized: Decodable {
    var type: String
    var prefix: String
    var window: Int?
    var isNormalized: Bool?
    var mode: String?

    enum CodingKeys: String, CodingKey {
      case type = "__type__"
      case prefix
      case window = "l_max"
      case isNormalized = "normalize"
      case mode
    }
  }
}

extension NetCDFGroup {
  /// The value of a JSON attribute. Python writes `Infinity` and `NaN`, which JSON5 has and JSON has not.
  func decode<Value: Decodable>(
    _ type: Value.Type, _ attribute: String, whenAbsent: Value? = nil
  ) throws(PosteriorFileError) -> Value {
    guard let text = try text(attribute) else {
      if let whenAbsent { return whenAbsent }
      throw PosteriorFileError(
        .invalid, file.path, "root attribute \(attribute): expected JSON, found no such attribute")
    }
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    do {
      return try decoder.decode(type, from: Data(text.utf8))
    } catch {
      throw PosteriorFileError(
        .invalid, file.path,
        "root attribute \(attribute): expected JSON as PyMC-Marketing writes it, found \u{201C}\(text.prefix(60))\u{201D}"
      )
    }
  }

  /// Throws unless the attribute says `supported`, in the words of `feature` for anything else.
  fileprivate func require(
    _ attribute: String, _ supported: String, whenAbsent: String, _ feature: String
  ) throws(PosteriorFileError) {
    guard try text(attribute) ?? whenAbsent == supported else { throw unsupported(attribute, feature, supported) }
  }

  fileprivate func unsupported(_ attribute: String, _ feature: String, _ supported: String) -> PosteriorFileError {
    PosteriorFileError(
      .unsupported, file.path, "root attribute \(attribute): \(feature) is not supported: expected \(supported)")
  }

  /// The family of a class by its full name: a class of the same name from elsewhere may compute something else.
  fileprivate func family<Family>(
    _ type: String, of families: [String: Family], _ attribute: String
  ) throws(PosteriorFileError) -> Family {
    let module = "pymc_marketing.mmm.components.\(attribute)."
    guard type.hasPrefix(module), let family = families[String(type.dropFirst(module.count))] else {
      let known = families.keys.sorted().joined(separator: ", ")
      throw unsupported(attribute, "the class \(type)", "\(known) of PyMC-Marketing")
    }
    return family
  }
}
