import Foundation
import ResponseModel

/// What `inspect` shows of a PyMC-Marketing model beside its curves.
enum PyMCNotes {
  static func facts(
    _ file: NetCDFFile, structure: PyMCStructure, constants: PyMCConstants
  ) throws(PosteriorFileError) -> [(name: String, text: String)] {
    let root = file.root
    var facts: [(name: String, text: String)] = []
    func add(_ name: String, _ text: String?) {
      if let text { facts.append((name, text)) }
    }
    let posterior = try root.group("posterior")
    add("model", try joined(root.text("model_type"), root.text("version").map { "version \($0)" }))
    add("library", try posterior?.text("pymc_marketing_version").map { "PyMC-Marketing \($0)" })
    add(
      "sampler", try joined(posterior?.text("inference_library"), posterior?.text("inference_library_version"), by: " ")
    )
    add("fitted", try posterior?.text("created_at").map { String($0.prefix(10)) })
    add(
      "adstock",
      "\(structure.adstock.family.name), \(structure.window) periods, "
        + (structure.isNormalized ? "normalised" : "not normalised"))
    add("saturation", structure.saturation.family.name)
    add("order", structure.order == .carryoverFirst ? "adstock, then saturation" : "saturation, then adstock")
    let fixed =
      structure.adstock.constants(of: structure.adstock.family.parameters)
      + structure.saturation.constants(of: structure.saturation.family.parameters)
    add("fixed", joined(fixed.map { "\($0.variable) \(number($0.value))" }))
    if let multiplier = structure.multiplier {
      add("media in time", "a multiplier of \(multiplier.functionCount - multiplier.firstFunction + 1) basis functions")
    }
    add("target", try joined(root.text("target_column"), "scale \(text(constants.targetScale))"))
    add("channel scales", text(constants.channelScale))
    add("controls", try names(root, "control_columns"))
    let harmonics = try root.decode(Int?.self, "yearly_seasonality", whenAbsent: .some(nil))
    add("yearly seasonality", harmonics.map { "\($0) harmonics" })
    if try root.text("time_varying_intercept") ?? "false" != "false" { add("intercept", "varies in time") }
    let effects = try root.decode([Effect].self, "mu_effects", whenAbsent: [])
    let foreign = effects.map { $0.type ?? "a class without a name" }.filter { !$0.hasPrefix(Effect.ownModule) }
    let ownCount = effects.count - foreign.count
    if ownCount > 0 { add("other effects", "\(ownCount) in the baseline, which spend does not change") }
    add(
      "effects not known here",
      joined(foreign).map { "\($0): what spend does through them, if anything, is not counted" })
    let calibrations = try root.decode([Other].self, "lift_test_calibrations", whenAbsent: []).count
    if calibrations > 0 { add("lift tests", "calibrated with \(calibrations)") }
    if try root.text("cost_per_unit") ?? "null" != "null" {
      add("cost per unit", "in the file and not used: a plan gives its own")
    }
    return facts
  }

  private static func joined(_ parts: String?..., by separator: String = ", ") -> String? {
    joined(parts.compactMap { $0 }, by: separator)
  }

  /// Nil where there is nothing to join.
  private static func joined(_ parts: [String], by separator: String = ", ") -> String? {
    parts.isEmpty ? nil : parts.joined(separator: separator)
  }

  private static func number(_ value: Double) -> String { String(format: "%.10g", value) }

  /// Each number with its labels, up to a dozen; their range where there are more.
  private static func text(_ scales: [PyMCConstants.Scale]) -> String {
    let values = scales.map(\.value)
    if scales.count > 12, let least = values.min(), let greatest = values.max() {
      return "\(scales.count) from \(number(least)) to \(number(greatest))"
    }
    return scales.map { scale in
      (scale.labels.isEmpty ? "" : scale.labels.joined(separator: "/") + " ") + number(scale.value)
    }.joined(separator: ", ")
  }

  private static func names(_ root: NetCDFGroup, _ attribute: String) throws(PosteriorFileError) -> String? {
    let names = try root.decode([String]?.self, attribute, whenAbsent: .some(nil)) ?? []
    return joined(names)
  }

  /// Any JSON object, of which only the number counts.
  private struct Other: Decodable {}

  /// What the model adds to media. The library's own classes read nothing of the channels' spend; a user's class may.
  private struct Effect: Decodable {
    static let ownModule = "pymc_marketing.mmm.additive_effect."
    var type: String?

    enum CodingKeys: String, CodingKey { case type = "__type__" }
  }
}
