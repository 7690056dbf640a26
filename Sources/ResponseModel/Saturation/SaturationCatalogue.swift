/// The saturation families that files and plans know by name.
public enum SaturationCatalogue {
  /// In the order that messages list them.
  public static let families: [any Saturation.Type] = [
    Hill.self, HillBottom.self, HillSigmoid.self, Logistic.self, InverseScaledLogistic.self, MichaelisMenten.self,
    Tanh.self, TanhBaselined.self, Root.self, Log.self, Exponential.self, Linear.self,
  ]

  /// Nil for a name that none has.
  public static func family(named name: String) -> (any Saturation.Type)? { families.first { $0.name == name } }
}
