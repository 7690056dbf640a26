import Foundation
import NumericKernel
import ResponseModel

// Evidence from outside of the model: draws weighted by how well they agree with it, and drawn again by these weights.

extension Plan {
  /// The posterior with the plan's evidence in it; itself where the plan has none, or where it is in it already.
  ///
  /// A draw weighs as much as the evidence is likely under it: `w ∝ Π exp(−(ROI − mean)² / (2 sd²))`, the ROI being the channel's in that draw at the
  /// money that the current plan spends on it; where that is history's shares, at what as many periods spent on average. As many draws as there were are
  /// then drawn by systematic resampling (G. Kitagawa, J. Comp. Graph. Stat. 5, 1996), from the plan's seed: each stands there as often as its weight
  /// says, but for less than one, so that every utility and every proof is of equally weighted draws as it is without evidence.
  ///
  /// - Throws: `PlanProblems` where the evidence is of no channel, or of one that no money is spent on, or leaves fewer than 20 draws' worth.
  func reweighted(_ posterior: Posterior) throws -> Posterior {
    let evidence = reweight.map(\.value)
    guard !evidence.isEmpty, posterior.reweighting?.shifts.map(\.evidence) != evidence else { return posterior }
    let returns = try returns(of: reweight, under: posterior)
    let logs = (0..<posterior.drawCount).map { draw in
      zip(evidence, returns).reduce(0.0) { sum, pair in
        let distance = (pair.1[draw] - pair.0.mean) / pair.0.sd
        return sum - 0.5 * distance * distance
      }
    }
    let most = logs.max() ?? 0
    let raw = logs.map { exp($0 - most) }
    let total = raw.reduce(0, +)
    let weights = raw.map { $0 / total }
    let effective = 1 / weights.reduce(0) { $0 + $1 * $1 }
    let wanted = min(Self.leastEffectiveDraws, 0.5 * Double(posterior.drawCount))
    guard effective >= wanted, effective.isFinite else {
      let ranges = zip(evidence, returns).map { own, draws in
        "\(own.channel)'s ROI is \(Self.short(own.mean)) \u{b1} \(Self.short(own.sd)), where the draws have \(Self.short(mean(draws.span))), 90 % of them \(Self.short(quantile(draws.span, level: 0.05).value)) to \(Self.short(quantile(draws.span, level: 0.95).value))"
      }
      throw PlanProblems([
        PlanProblem(
          "reweight leaves the worth of \(Self.short(effective)) of \(posterior.drawCount) draws, expected \(Self.short(wanted)) at least: \(ranges.joined(separator: "; "))",
          at: reweight.first?.position)
      ])
    }
    let kept = Self.systematic(weights, seed: UInt64(bitPattern: Int64(solver.seed)))
    var drawn = posterior.keeping(kept)
    (drawn.chainCount, drawn.drawsPerChain) = (1, kept.count)
    drawn.reweighting = Reweighting(
      shifts: zip(evidence, returns).map { own, draws in
        let new = kept.map { draws[$0] }
        return Reweighting.Shift(
          evidence: own, mean: mean(draws.span), sd: variance(draws.span).squareRoot(),
          weightedMean: zip(weights, draws).reduce(0) { $0 + $1.0 * $1.1 }, newMean: mean(new.span),
          newSD: variance(new.span).squareRoot())
      }, effectiveDraws: effective, distinctDraws: Set(kept).count)
    return drawn
  }

  /// Fewer say nothing of a tail.
  private static let leastEffectiveDraws = 20.0

  static func short(_ number: Double) -> String { String(format: "%.3g", number) }

  /// By evidence, the channel's return in each draw.
  private func returns(of evidence: [Placed<ReturnEvidence>], under posterior: Posterior) throws -> [[Double]] {
    let unknown = evidence.filter { !posterior.channels.contains($0.value.channel) }
    guard unknown.isEmpty else {
      throw PlanProblems(
        unknown.map {
          PlanProblem(
            "reweight: expected a channel of the posterior, \(posterior.channels.joined(separator: ", ")), found '\($0.value.channel)'",
            at: $0.position)
        })
    }
    var spread = self
    spread.reweight = []
    spread.decision = Decision(by: decision.dims)
    if !spread.decision.by.contains(where: { $0.value == "channel" }) { spread.decision.by.append(Placed("channel")) }
    (spread.bounds, spread.constraints, spread.rounding) = (Bounds(), [], nil)
    (spread.keepInObservedRange.value, spread.mode, spread.measure) = (false, PlanningMode(), .incremental)
    (spread.budget, spread.target, spread.riskLimits, spread.increment) = (nil, nil, [], nil)
    spread.utility = UtilityChoice(name: Placed("mean"))
    // The same for any budget, so that plans of several share their draws.
    var cells = CellNames(posterior, decidedBy: spread.decision.by)
    spread.currentMoney = cells.usualSpend(spread)
    let compiled = try CompiledPlan(spread: spread, posterior, scoring: Allocation(amounts: []), cap: 1)
    let names = compiled.spendCells
    guard let current = compiled.current, let place = names.dims.firstIndex(of: "channel") else {
      throw PlanProblems([
        PlanProblem(
          "reweight: expected a current plan, in the posterior's history or in current: {file: …}, found none",
          at: evidence.first?.position)
      ])
    }
    let surface = compiled.surfaces.reported(compiled.currentPattern).value ?? compiled.currentObjective.surface
    let worth = surface.responses(at: current).minus(surface.atRest)
    return try evidence.map { own in
      let members = names.cells.indices.filter { names.cells[$0].labels[place] == own.value.channel }
      let spent = members.reduce(0) { $0 + current[$1] }
      guard spent > 0 else {
        throw PlanProblems([
          PlanProblem(
            "reweight: expected a channel that the current plan spends money on, found \(own.value.channel), which gets none",
            at: own.position)
        ])
      }
      return (0..<worth.drawCount).map { draw in members.reduce(0) { $0 + worth[draw, $1] } / spent }
    }
  }

  /// As many places as there are weights, each weight's number of them within one of what it says: in order.
  static func systematic(_ weights: [Double], seed: UInt64) -> [Int] {
    var random = RandomSource(seed: seed)
    let offset = random.uniform()
    let count = Double(weights.count)
    var kept: [Int] = []
    var reached = 0.0
    for (draw, weight) in weights.enumerated() {
      reached += weight * count
      while kept.count < weights.count, Double(kept.count) + offset < reached { kept.append(draw) }
    }
    // What rounding leaves at the end is the last draw's that weighs anything.
    let last = weights.lastIndex { $0 > 0 } ?? weights.count - 1
    while kept.count < weights.count { kept.append(last) }
    return kept
  }
}

extension CellNames {
  /// What all cells together spent in as many periods as are planned, on average over all that were observed; nil where that is not known.
  fileprivate mutating func usualSpend(_ plan: Plan) -> Double? {
    let window = window(plan.horizon)
    let whole = observedTotals(costs: costs(plan.costPerUnit, over: window)).reduce(0, +)
    guard window.count > 0, whole > 0, whole.isFinite else { return nil }
    return whole * Double(window.periodCount) / Double(window.count)
  }
}

extension Posterior {
  /// What was done to its draws, in sentences; none of one as it was read.
  var reweightingNotes: [String] {
    guard let reweighting else { return [] }
    func short(_ number: Double) -> String { Plan.short(number) }
    let shifts = reweighting.shifts.map { shift in
      "\(shift.evidence.channel)'s ROI of \(short(shift.evidence.mean)) \u{b1} \(short(shift.evidence.sd)) (the model's \(short(shift.mean)) \u{b1} \(short(shift.sd)) becomes \(short(shift.newMean)) \u{b1} \(short(shift.newSD)))"
    }
    let few = reweighting.effectiveDraws < 400 ? ", fewer than 400" : ""
    return [
      "\(Reweighting.noteStart) on \(shifts.joined(separator: ", ")): they are worth \(Int(reweighting.effectiveDraws.rounded())) of \(drawCount) draws\(few)"
    ]
  }
}
