/// This version of Apportion, as every answer records it.
public let apportionVersion = "0.1.0"

/// What is known beside the plan and the posterior, and goes into the answer as it is.
public struct RunRecord: Sendable {
  /// Of the program that made the answer.
  public var version: String
  /// SHA-256 of each file read.
  public var inputs: [Recommendation.Reproducibility.Input]
  /// Sentences that reading the plan gave rise to.
  public var warnings: [String]

  /// By default this version, no files and no warnings.
  public init(
    version: String = apportionVersion, inputs: [Recommendation.Reproducibility.Input] = [], warnings: [String] = []
  ) {
    self.version = version
    self.inputs = inputs
    self.warnings = warnings
  }
}
