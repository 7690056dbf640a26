/// What is written, and where.
public struct Output: Sendable, Equatable {
  /// `tables`: JSON and CSV; `figures`: pictures too; `full`: also what limits cost.
  public enum Report: String, Sendable, CaseIterable { case full, figures, tables }

  /// The path, already resolved against the plan file's folder; nil when the plan names none.
  public var folder: String?
  /// How much is written.
  public var report: Report
  /// Falls below the current plan that the answer says the probability of being worse than, in units of the measure: each at least 0.
  public var lossLevels: [Double]

  /// By default no folder and the full report.
  public init(folder: String? = nil, report: Report = .full, lossLevels: [Double] = []) {
    self.folder = folder
    self.report = report
    self.lossLevels = lossLevels
  }
}
