/// The carryover families that files and plans know by name.
public enum CarryoverCatalogue {
  /// In the order that messages list them.
  public static let families: [any Carryover.Type] = [
    Geometric.self, GeometricHalfLife.self, Delayed.self, DelayedHalfLife.self, Binomial.self, MeridianBinomial.self,
    WeibullPDF.self, WeibullCDF.self, NoCarryover.self,
  ]

  /// Nil for a name that none has.
  public static func family(named name: String) -> (any Carryover.Type)? { families.first { $0.name == name } }
}
