import NumericKernel
import ResponseModel
import Testing

@testable import Planning

/// Three channels, twenty-four draws, ten observed weeks: enough for every rule of compiling.
func smallPosterior(history: Bool = true, isContiguous: Bool = true, draws: Int = 24) -> Posterior {
  let channels = ["tv", "radio", "search"]
  let cells = channels.enumerated().map { index, channel in
    Cell(
      labels: [channel], saturation: Logistic.self,
      saturationParameters: DrawMatrix(
        columns: [
          (0..<draws).map { 1 + 0.1 * Double(($0 * 7 + index * 5) % 11) },
          (0..<draws).map { 2 + 0.2 * Double(($0 * 3 + index) % 7) },
        ], drawCount: draws),
      carryover: Geometric.self,
      carryoverParameters: DrawMatrix(
        columns: [(0..<draws).map { 0.02 * Double(($0 + index) % 20) }], drawCount: draws),
      window: 4, isNormalized: true, mediaScale: 100, outcomeScale: 1000,
      history: history ? (0..<10).map { Double(10 * (index + 1) + $0) } : [])
  }
  return Posterior(
    source: "small.nc", format: "pymc-marketing", dims: [Posterior.Dim(name: "channel", labels: channels)],
    cells: cells, chainCount: 2, drawsPerChain: draws / 2,
    dates: history ? (0..<10).map { CalendarDate(year: 2024, month: 1, day: 1).adding(days: 7 * $0).description } : [],
    isContiguous: isContiguous, diagnostics: PosteriorDiagnostics(parameters: [], divergences: 0), notes: [])
}

/// A plan of four periods and a budget of 600 for that posterior, with further lines.
func smallPlan(
  _ text: String, _ posterior: Posterior = smallPosterior(), budget: String = "budget: {total: 600}"
) throws -> CompiledPlan {
  let whole = "posterior: {file: small.nc}\nhorizon: {num_periods: 4}\n\(budget)\n\(text)\n"
  return try CompiledPlan(PlanFile.parse(whole, source: "plan.yaml", folder: ".").plan, posterior)
}

/// What is wrong with that plan; none where it compiles.
func problemsOfSmallPlan(_ text: String, _ posterior: Posterior = smallPosterior()) -> [String] {
  do {
    _ = try smallPlan(text, posterior)
    return []
  } catch let error as PlanProblems {
    return error.problems.map(\.description)
  } catch {
    return ["\(error)"]
  }
}

/// A utility as that plan may have it: with the options that it needs.
func inSmallPlan(_ utility: UtilityEntry) -> String {
  let needed = [
    "mean_variance": "lambda: 1e-3", "entropic": "gamma: 1e-3", "shortfall": "target: 9000",
    "target_probability": "target: 9000", "blend": "level: 0.1",
  ]
  return needed[utility.name].map { "{\(utility.name): {\($0)}}" } ?? utility.name
}

/// The same numbers but for sums in another order: no more than a thousand of them, of much the same size.
func expectEqual(_ a: [Double], _ b: [Double], sourceLocation: SourceLocation = #_sourceLocation) {
  #expect(a.count == b.count, sourceLocation: sourceLocation)
  let largest = b.reduce(0) { max($0, abs($1)) }
  for (a, b) in zip(a, b) {
    #expect(abs(a - b) <= 1e-12 * max(abs(b), 1e-3 * largest), sourceLocation: sourceLocation)
  }
}

/// The same, of single numbers.
func expectEqual(_ a: Double, _ b: Double, sourceLocation: SourceLocation = #_sourceLocation) {
  expectEqual([a], [b], sourceLocation: sourceLocation)
}
