import Foundation
import ResponseModel

/// Our own NetCDF-4, which holds all that a `Posterior` is, and which ArviZ opens.
///
/// `posterior` has a variable for each parameter along chain, draw and those of the model's dims that it differs by;
/// `constant_data` has what is the same in every draw: parameters that are fixed, scales, what was observed. The root attribute
/// `apportion_format` is the version of the format, `apportion_model` the model's structure as JSON. Numbers have 64 bits.
enum CompactFormat {
  /// The spelling in plan files.
  static let name = "apportion"
  /// The root attribute that tells such a file from others: the version.
  static let mark = "apportion_format"
  static let version = "1"
  /// The root attribute with a `CompactModel`.
  static let model = "apportion_model"
  /// More lags than any history has periods.
  static let windows = 1...100_000

  // Names in the file, beside those of the parameters.
  static let date = "date"
  static let basis = "basis_function"
  static let media = "media"
  static let spend = "spend"
  static let worth = "worth"
  static let mediaScale = "channel_scale"
  static let outcomeScale = "outcome_scale"
  static let frequency = "frequency"
  static let heldFrequency = "frequency_held"
  static let coefficient = "multiplier_coefficient"
  static let mean = "multiplier_mean"
  static let middle = "multiplier_middle"
  static let halfWidth = "multiplier_half_width"
  static let reachParameters = ["reach_beta", "reach_kappa", "reach_slope"]

  /// Names that a dim of the model may not have.
  static let reserved: Set<String> = [
    "chain", "draw", date, basis, media, spend, worth, mediaScale, outcomeScale, frequency, heldFrequency, coefficient,
    mean, middle, halfWidth,
  ]

  static func recognises(_ file: NetCDFFile) throws(PosteriorFileError) -> Bool {
    try file.root.text(mark) != nil
  }
}

/// The structure of a model in the compact format.
struct CompactModel: Codable {
  /// What cells of one kind have in common.
  struct Kind: Codable, Hashable {
    /// Families by name.
    var saturation: String
    var carryover: String
    var window: Int
    var isNormalized: Bool
    /// Which comes first.
    var order: Order
    /// Whether media, and what they cost, were observed.
    var hasMedia: Bool
    var hasSpend: Bool
    var worth: Worth
    /// j of the first basis function, where a multiplier varies in time.
    var firstFunction: Int?
    var reach: Reach?

    enum Order: String, Codable {
      case carryoverFirst = "carryover_first"
      case saturationFirst = "saturation_first"
    }
    enum Worth: String, Codable { case one, observed, varying }
    enum Reach: String, Codable { case hill, linear }

    enum CodingKeys: String, CodingKey {
      case saturation, carryover, window, order, worth, reach
      case isNormalized = "normalized"
      case hasMedia = "media"
      case hasSpend = "spend"
      case firstFunction = "first_function"
    }
  }

  /// A fact worth showing.
  struct Note: Codable {
    var name: String
    var text: String
  }

  /// Names, `channel` first; their labels are coordinates of the file.
  var dims: [String]
  var kinds: [Kind]
  /// For each cell, the last dim running fastest, which kind it is of; nil where there is one kind.
  var kindOfCell: [Int]?
  /// Whether the observed periods follow each other without a hole, and nothing is missing in them.
  var isContiguous: Bool
  /// Nil where that is not known.
  var divergences: Int?
  var caveat: String?
  var notes: [Note]

  enum CodingKeys: String, CodingKey {
    case dims, kinds, divergences, caveat, notes
    case kindOfCell = "kind_of_cell"
    case isContiguous = "contiguous"
  }

  func kind(ofCell cell: Int) -> Kind { kinds[kindOfCell?[cell] ?? 0] }
}

/// What the parameters of a model's families are called in the file: `saturation_beta`, or `saturation_hill_beta` where there is
/// more than one family.
struct CompactNames {
  private let hasOneSaturation: Bool
  private let hasOneCarryover: Bool

  init(_ kinds: [CompactModel.Kind]) {
    hasOneSaturation = Set(kinds.map(\.saturation)).count <= 1
    hasOneCarryover = Set(kinds.map(\.carryover)).count <= 1
  }

  func saturation(_ family: String, _ parameter: String) -> String {
    hasOneSaturation ? "saturation_\(parameter)" : "saturation_\(family)_\(parameter)"
  }

  func carryover(_ family: String, _ parameter: String) -> String {
    hasOneCarryover ? "adstock_\(parameter)" : "adstock_\(family)_\(parameter)"
  }
}

extension TransformationOrder {
  init(_ order: CompactModel.Kind.Order) {
    self =
      switch order {
      case .carryoverFirst: .carryoverFirst
      case .saturationFirst: .saturationFirst
      }
  }
}
