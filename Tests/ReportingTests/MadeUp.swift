import Optimisation
import ResponseModel

@testable import Planning

/// A recommendation with round numbers, made up for the reports: no solver ran.
enum MadeUp {
  static func summary(_ mean: Double, _ spread: Double) -> Recommendation.Summary {
    Recommendation.Summary(
      mean: mean, sd: spread / 1.6, q05: mean - spread, q25: mean - spread / 2, q50: mean, q75: mean + spread / 2,
      q95: mean + spread, expectedShortfall05: mean - 1.25 * spread)
  }

  static func cell(
    _ labels: [String], _ perPeriod: [Double], current: Double?, _ binding: Recommendation.Binding?,
    marginalROI: Double,
    roi: (Double, Double)?
  ) -> Recommendation.CellResult {
    let total = perPeriod.reduce(0, +)
    return Recommendation.CellResult(
      labels: labels, total: total,
      parts: [.init(labels: labels, perPeriod: perPeriod, units: perPeriod.map { $0 / 2 })], current: current, lower: 0,
      upper: 500_000, binding: binding, marginalROI: marginalROI, roi: roi.map { summary($0.0, $0.1) },
      response: roi.map { summary($0.0 * total, $0.1 * total) } ?? summary(0, 0))
  }

  static let recommendation = Recommendation(
    status: .solved, measure: .incremental, dims: ["channel"], periodCount: 2,
    periodStarts: ["2024-07-01", "2024-07-08"],
    utility: .init(
      name: "expected_shortfall", description: "expected_shortfall {tail: 0.1}", value: 1_655_318.5, current: 1_571_002,
      bound: .none, upperBound: nil, gap: nil),
    budget: .init(requested: 1_000_000, perPeriod: 500_000, spent: 1_000_000, shadowPrice: 0.7423),
    cells: [
      cell(["tv"], [250_000, 250_000], current: 412_500.5, .upper, marginalROI: 0.9012, roi: (1.21, 0.31)),
      cell(["paid, \"search\""], [200_000, 100_000], current: 250_000, nil, marginalROI: 0.7423, roi: (2.5, 0.75)),
      cell(["społeczność 日本"], [120_000, 80_000], current: 0, nil, marginalROI: 0.7423, roi: (0.084, 0.0405)),
      cell(["radio"], [0, 0], current: 337_499.5, .lower, marginalROI: -0.0123, roi: nil),
    ],
    sums: [], roi: summary(1.934501, 0.234087), labels: Labels(), modelDims: ["channel"],
    draws: [2_000_000, 1_869_002], currentDraws: [1_800_000, 1_884_226],
    outcome: summary(1_934_501, 234_087),
    currentOutcome: summary(1_842_113, 250_391), lift: summary(92_388, 79_204.25), probabilityBetter: 0.97425,
    limits: [
      .init(
        name: "budget", value: 1_000_000, lower: 1_000_000, upper: 1_000_000, slack: 0, isBinding: true,
        shadowPrice: 0.7423, relaxedUtility: nil),
      .init(
        name: "tv", value: 500_000, lower: 0, upper: 500_000, slack: 0, isBinding: true, shadowPrice: 0.1589,
        relaxedUtility: nil),
    ], relaxedUtility: nil, rounding: nil,
    solver: .init(
      method: .auto, termination: .converged, isInterrupted: false, requestedGap: 1e-4, residual: 1e-12,
      evaluations: 34,
      starts: ["uniform", "current"],
      bestStart: "current"),
    diagnostics: PosteriorDiagnostics(
      parameters: [.init(name: "adstock_alpha[tv]", rHat: 1.004, effectiveSampleSize: 1820)], divergences: 0),
    chainCount: 4, drawCount: 4000,
    warnings: [
      "radio has spent nothing in the last 8 periods: its curve near zero rests on the prior more than on data."
    ],
    reproducibility: .init(
      version: "0.1.0", seed: 1, inputs: [.init(path: "plan.yaml", sha256: "00ff")], plan: "horizon: {num_periods: 2}\n"
    ))
}
