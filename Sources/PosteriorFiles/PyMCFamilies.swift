import ResponseModel

/// The classes of PyMC-Marketing 1.3 and the families that they are here. Their parameters have the same names.
enum PyMCFamilies {
  static let saturations: [String: any Saturation.Type] = [
    "HillSaturation": Hill.self, "HillSaturationSigmoid": HillSigmoid.self,
    "InverseScaledLogisticSaturation": InverseScaledLogistic.self, "LogSaturation": Log.self,
    "LogisticSaturation": Logistic.self, "MichaelisMentenSaturation": MichaelisMenten.self,
    "NoSaturation": Linear.self, "RootSaturation": Root.self, "TanhSaturation": Tanh.self,
    "TanhSaturationBaselined": TanhBaselined.self,
  ]

  static let adstocks: [String: any Carryover.Type] = [
    "BinomialAdstock": Binomial.self, "DelayedAdstock": Delayed.self, "GeometricAdstock": Geometric.self,
    "NoAdstock": NoCarryover.self, "WeibullCDFAdstock": WeibullCDF.self, "WeibullPDFAdstock": WeibullPDF.self,
  ]

  /// The same classes where their parametrization is by half-life.
  static let adstocksByHalfLife: [String: any Carryover.Type] = [
    "DelayedAdstock": DelayedHalfLife.self, "GeometricAdstock": GeometricHalfLife.self,
  ]
}
