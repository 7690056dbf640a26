import TestSupport

/// What a solve is to take at most: seconds of the processor, less those for tables; by the median over seeds.
enum Goal {
  /// Nil where the size has no goal: of 10 channels it is a number, of 30 five times as much.
  static func seconds(_ family: PlanFamily, _ utility: MeasuredUtility, channels: Int) -> Double? {
    let ofTen: Double? =
      switch (family, utility) {
      case (_, .quantile): nil
      case (.traps, _): 3.0
      case (_, .expectedShortfall): 0.6
      case (_, _): 0.3
      }
    guard let ofTen else { return nil }
    return switch channels {
    case 10: ofTen
    case 30: 5 * ofTen
    case _: nil
    }
  }
}

extension PlanFamily {
  /// The gap asked for, as a share of the best value.
  var gap: Double { self == .traps ? 1e-3 : 1e-4 }
}
