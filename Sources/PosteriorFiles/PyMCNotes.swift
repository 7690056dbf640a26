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
    let target = String(format: "%.10g", constants.targetScale)
    add("target", try joined(root.text("target_column"), "scale \(target)"))
    let scales = zip(structure.channels, constants.channelScales).map { $0 + " " + String(format: "%.10g", $1) }
    add("channel scales", scales.joined(separator: ", "))
    if let time = constants.time, let first = time.dates.first, let last = time.dates.last {
      let step = constants.isContiguous ? time.step : "not contiguous"
      add("observed", joined("\(time.dates.count) periods", "\(first) to \(last)", step))
    } else {
      add("observed", "no history")
    }
    add("controls", try names(root, "control_columns"))
    let harmonics = try root.decode(Int?.self, "yearly_seasonality", whenAbsent: .some(nil))
    add("yearly seasonality", harmonics.map { "\($0) harmonics" })
    if try root.text("time_varying_intercept") ?? "false" != "false" { add("intercept", "varies in time") }
    let effects = try root.decode([Other].self, "mu_effects", whenAbsent: []).count
    if effects > 0 { add("other effects", "\(effects) in the baseline, which spend does not change") }
    let calibrations = try root.decode([Other].self, "lift_test_calibrations", whenAbsent: []).count
    if calibrations > 0 { add("lift tests", "calibrated with \(calibrations)") }
    if try root.text("cost_per_unit") ?? "null" != "null" {
      add("cost per unit", "in the file and not used: a plan gives its own")
    }
    return facts
  }

  private static func joined(_ parts: String?..., by separator: String = ", ") -> String? {
    let present = parts.compactMap { $0 }
    return present.isEmpty ? nil : present.joined(separator: separator)
  }

  private static func names(_ root: NetCDFGroup, _ attribute: String) throws(PosteriorFileError) -> String? {
    let names = try root.decode([String]?.self, attribute, whenAbsent: .some(nil)) ?? []
    return names.isEmpty ? nil : names.joined(separator: ", ")
  }

  /// Any JSON object, of which only the number counts.
  private struct Other: Decodable {}
}
