import Foundation
import ResponseModel

/// What `inspect` shows of a Meridian model beside its curves.
enum MeridianNotes {
  static func facts(
    _ model: MeridianModel, _ labels: MeridianLabels, _ data: MeridianData
  ) -> [(name: String, text: String)] {
    let columns = model.data
    var facts = [
      ("model", labels.isNational ? "national" : "\(labels.geos.count) geos"), ("data", columns.file),
      (
        "adstock",
        byChannel(model.decay, labels.channels, .geometric) + ", \(model.maxLag + 1) periods, normalised"
      ),
      ("saturation", byChannel(model.saturation, labels.channels, .hill)),
      ("order", model.order == .carryoverFirst ? "adstock, then saturation" : "saturation, then adstock"),
      (
        "outcome",
        columns.kpi + (columns.revenuePerKPI.map { ", worth \($0)" } ?? "")
          + ", scale \(number(data.deviation))\(labels.isNational ? "" : " per head")"
      ),
    ]
    let held = zip(labels.channels, data.channels).compactMap { name, channel in
      channel.frequency.map {
        "\(name) \(number($0.held))" + (model.frequency.part(for: name) == nil ? ", the average observed" : "")
      }
    }
    if !held.isEmpty { facts.append(("frequency held", held.joined(separator: "; "))) }
    if data.leadCount > 0 { facts.append(("before the outcome", "\(data.leadCount) periods of media alone")) }
    if columns.spend == nil { facts.append(("spend", "not in the plan's data: what media cost is not known")) }
    return facts + self.facts(on: model.group, labels)
  }

  /// What the draws tell.
  static func facts(on group: MeridianModel.Group, _ labels: MeridianLabels) -> [(name: String, text: String)] {
    var facts: [(String, String)] = []
    if group == .prior { facts.append(("group", "prior: what was assumed before any data")) }
    if !labels.others.isEmpty {
      facts.append(("other effects", "\(listed(labels.others)): in the baseline, which spend does not change"))
    }
    return facts
  }

  /// The word for all, or each channel's where they differ.
  private static func byChannel<Word: RawRepresentable & Equatable>(
    _ words: ModelMapping.ByChannel<Word>, _ channels: [String], _ usual: Word
  ) -> String where Word.RawValue == String {
    let own = channels.map { words.part(for: $0) ?? usual }
    if let first = own.first, own.allSatisfy({ $0 == first }) { return first.rawValue }
    return zip(channels, own).map { "\($0) \($1.rawValue)" }.joined(separator: ", ")
  }

  private static func number(_ value: Double) -> String { String(format: "%.6g", value) }
}
