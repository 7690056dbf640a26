import Foundation
import ResponseModel

/// The structure of a PyMC-Marketing model as its root attributes tell it, refused where a part of it is not supported: what
/// is left here is an identity link.
struct PyMCStructure {
  var channels: [String]
  /// The dims beside the channel, in the model's order.
  var dims: [String]
  var adstock: PyMCComponent<any Carryover.Type>
  var saturation: PyMCComponent<any Saturation.Type>
  var order: TransformationOrder
  /// `l_max`: the lags that count, from 0.
  var window: Int
  var isNormalized: Bool
  /// Nil where media work alike at all times.
  var multiplier: PyMCMultiplier.Process?

  init(_ root: NetCDFGroup) throws(PosteriorFileError) {
    guard try root.text("__serialization_version__") == "1" else {
      throw PosteriorFileError(
        .unsupported, root.file.path,
        "root attribute __serialization_version__: expected 1, found \(try root.text("__serialization_version__") ?? "none");"
          + " a file of an older PyMC-Marketing is brought up to date by loading and saving it with version 1.3")
    }
    let link = try root.text("link") ?? "identity"
    guard link == "identity" else {
      throw root.unsupported(
        "link",
        "the \(link) link, under which what media bring depends on all that the model has beside them,", "identity")
    }
    multiplier = try PyMCMultiplier.process(root)
    channels = try root.distinct("channel_columns")
    guard !channels.isEmpty else {
      throw root.wrong("channel_columns", "expected channels, found none")
    }
    dims = try root.distinct("dims", whenAbsent: [])
    if let reserved = dims.first(where: { ["channel", "date", "chain", "draw"].contains($0) }) {
      throw root.wrong("dims", "expected dims beside the channel, found \(reserved)")
    }
    order = try root.decode(Bool.self, "adstock_first", whenAbsent: true) ? .carryoverFirst : .saturationFirst

    let curve = try root.decode(SerializedComponent.self, "saturation")
    saturation = try root.component(curve, of: PyMCFamilies.saturations, "saturation")
    let carryover = try root.decode(SerializedComponent.self, "adstock")
    let parametrization = carryover.parametrization ?? (carryover.priors?["halflife"] == nil ? "alpha" : "halflife")
    guard ["alpha", "halflife"].contains(parametrization) else {
      throw root.unsupported("adstock", "the parametrization \(parametrization)", "alpha or halflife")
    }
    adstock = try root.component(
      carryover, of: parametrization == "alpha" ? PyMCFamilies.adstocks : PyMCFamilies.adstocksByHalfLife, "adstock")
    guard let window = carryover.window, window >= 1, let isNormalized = carryover.isNormalized,
      let mode = carryover.mode
    else {
      throw root.wrong("adstock", "expected l_max of at least 1, normalize and mode")
    }
    guard mode == "After" else {
      throw root.unsupported("adstock", "convolution mode \(mode)", "After")
    }
    self.window = window
    self.isNormalized = isNormalized
  }
}

extension NetCDFGroup {
  /// The value of a JSON attribute. Python writes `Infinity` and `NaN`, which JSON5 has and JSON has not.
  func decode<Value: Decodable>(
    _ type: Value.Type, _ attribute: String, whenAbsent: Value? = nil
  ) throws(PosteriorFileError) -> Value {
    guard let text = try text(attribute) else {
      if let whenAbsent { return whenAbsent }
      throw wrong(attribute, "expected JSON, found no such attribute")
    }
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    do {
      return try decoder.decode(type, from: Data(text.utf8))
    } catch {
      throw wrong(
        attribute, "expected JSON as PyMC-Marketing writes it, found \u{201C}\(text.prefix(60))\u{201D}")
    }
  }

  func wrong(_ attribute: String, _ sentence: String) -> PosteriorFileError {
    PosteriorFileError(.invalid, file.path, "root attribute \(attribute): \(sentence)")
  }

  func unsupported(_ attribute: String, _ feature: String, _ supported: String) -> PosteriorFileError {
    PosteriorFileError(
      .unsupported, file.path, "root attribute \(attribute): \(feature) is not supported: expected \(supported)")
  }

  /// A JSON list of names, each there once.
  fileprivate func distinct(
    _ attribute: String, whenAbsent: [String]? = nil
  ) throws(PosteriorFileError) -> [String] {
    let names = try decode([String].self, attribute, whenAbsent: whenAbsent)
    if let twice = names.firstRepeated {
      throw wrong(attribute, "expected each name once, found \(twice) twice")
    }
    return names
  }

  /// The family of a class by its full name: a class of the same name from elsewhere may compute something else.
  fileprivate func component<Family>(
    _ serialized: SerializedComponent, of families: [String: Family], _ attribute: String
  ) throws(PosteriorFileError) -> PyMCComponent<Family> {
    let module = "pymc_marketing.mmm.components.\(attribute)."
    guard serialized.type.hasPrefix(module), let family = families[String(serialized.type.dropFirst(module.count))]
    else {
      let known = families.keys.sorted().joined(separator: ", ")
      throw unsupported(attribute, "the class \(serialized.type)", "\(known) of PyMC-Marketing")
    }
    return PyMCComponent(
      attribute: attribute, family: family, prefix: serialized.prefix, priors: serialized.priors ?? [:])
  }
}

extension Sequence<String> {
  /// The first that was there before.
  var firstRepeated: String? {
    var seen: Set<String> = []
    return first { !seen.insert($0).inserted }
  }
}
