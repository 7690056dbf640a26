import Optimisation
public import Planning
import ResponseModel

extension Recommendation {
  /// `recommendation.json`: the whole answer, every field present, null where there is nothing to say.
  ///
  /// Money is over the horizon; where periods are decided, bounds and what binds are arrays by period, and `periods` has what each brings, those
  /// after the plan too. `utility.value`, `outcome`, `current_outcome` and `lift` are in the units of the measure; a cell's
  /// `response` and `roi` are incremental, the latter by what the outcome is worth. The same recommendation gives the same bytes.
  public var jsonReport: String { json.document }

  var json: JSONValue {
    let answer: [(String, JSONValue)] = [
      ("status", .text(status.rawValue)),
      ("termination", JSONValue(solver?.endName)),
      ("measure", .text(measure.rawValue)),
      ("labels", .object([("currency", JSONValue(labels.currency)), ("outcome", JSONValue(labels.outcome))])),
      ("utility", utility.json),
      ("budget", budget.json),
      ("horizon", .object([("periods", .integer(periodCount)), ("starts", JSONValue(periodStarts))])),
      ("allocation", .array(cells.map { $0.json(dims: dims, modelDims: modelDims) })),
      ("sums", .array(sums.map(\.json))),
      ("roi", roi?.shortJSON ?? .null),
      ("current_roi", currentROI?.shortJSON ?? .null),
      ("mode", modeJSON),
      ("periods", hasCalendar ? .array(periods.map(\.json)) : .null),
      ("outcome", outcome.json),
      ("current_outcome", currentOutcome?.json ?? .null),
      ("lift", lift?.json ?? .null),
      ("probability_better", JSONValue(probabilityBetter)),
      ("loss", lossJSON),
    ]
    let knowledge: [(String, JSONValue)] = [
      (
        "regret",
        information.map {
          .object([("plan", $0.regret.regretJSON), ("current", $0.currentRegret?.regretJSON ?? .null)])
        } ?? .null
      ),
      ("evpi", information?.json ?? .null),
      ("out_of_sample", outOfSample?.json ?? .null),
      ("constraints", .array(limits.map { $0.json(utility: unroundedUtility) })),
      ("relaxed_utility", JSONValue(relaxedUtility)),
      (
        "relaxed_allocation",
        relaxedSpend.map { .object(zip(cells, $0).map { ($0.name, .number($1)) }) } ?? .null
      ),
      ("target", target?.json ?? .null),
      ("rounding", rounding?.json ?? .null),
      ("solver", solver?.json ?? .null),
      ("reweighting", reweighting?.json ?? .null),
      ("diagnostics", diagnostics.json(chainCount: chainCount, drawCount: drawCount)),
      (
        "model_checks",
        modelChecks.map { checks in .object(checks.reports.map { ($0.field, $0.passes.map { .bool($0) } ?? .null) }) }
          ?? .null
      ),
      ("exploratory", explorations.isEmpty ? .null : JSONValue(explorations)),
      ("warnings", JSONValue(warnings)),
      ("reproducibility", reproducibility.json),
    ]
    return .object(answer + knowledge)
  }
}

extension Recommendation.Score {
  fileprivate var json: JSONValue {
    .object([
      ("name", .text(name)),
      ("description", .text(description)),
      ("value", .number(value)),
      ("current", JSONValue(current)),
      ("bound", .text(bound.rawValue)),
      ("upper_bound", JSONValue(upperBound)),
      ("gap", JSONValue(gap)),
    ])
  }
}

extension ValueOfInformation {
  fileprivate var json: JSONValue {
    .object([
      ("known", .number(known)), ("perfect", perfect.json),
      ("cells", .array(cells.map { .object([("name", .text($0.name)), ("value_of_curve", $0.estimate.json)]) })),
    ])
  }
}

extension ValueOfInformation.Estimate {
  fileprivate var json: JSONValue {
    .object([
      ("value", .number(value)), ("standard_error", .number(standardError)), ("upper_bound", JSONValue(upperBound)),
    ])
  }
}

extension Recommendation {
  /// How likely the plan is to be worse than the current one; null without one, and of one draw.
  private var lossJSON: JSONValue {
    let known = lossLevels.compactMap { fall in probabilityOfLoss(beyond: fall).map { (fall, $0) } }
    return known.isEmpty
      ? .null
      : .array(known.map { .object([("worse_than", .number($0)), ("probability", .number($1))]) })
  }
}

extension Reweighting {
  fileprivate var json: JSONValue {
    .object([
      ("effective_draws", .number(effectiveDraws)), ("distinct_draws", .integer(distinctDraws)),
      (
        "evidence",
        .array(
          shifts.map {
            .object([
              ("channel", .text($0.evidence.channel)), ("roi_mean", .number($0.evidence.mean)),
              ("roi_sd", .number($0.evidence.sd)), ("before_mean", .number($0.mean)), ("before_sd", .number($0.sd)),
              ("weighted_mean", .number($0.weightedMean)), ("after_mean", .number($0.newMean)),
              ("after_sd", .number($0.newSD)),
            ])
          })
      ),
    ])
  }
}

extension OutOfSample {
  fileprivate var json: JSONValue {
    .object([
      ("plans", .integer(planCount)), ("promised", .number(promised)), ("kept", .number(kept)),
      ("optimism", .number(optimism)), ("standard_error", .number(standardError)),
      ("expected_loss", .number(expectedLoss)), ("probability_better", JSONValue(probabilityBetter)),
      ("share_better", JSONValue(shareBetter)),
      (
        "cells",
        .array(
          amounts.map {
            .object([
              ("name", .text($0.name)), ("q05", .number($0.q05)), ("q50", .number($0.q50)), ("q95", .number($0.q95)),
            ])
          })
      ),
    ])
  }
}

extension Recommendation.BudgetResult {
  fileprivate var json: JSONValue {
    .object([
      ("requested", JSONValue(requested)),
      ("per_period", JSONValue(perPeriod)),
      ("spent", .number(spent)),
      ("shadow_price", JSONValue(shadowPrice)),
    ])
  }
}

/// Where the first unit brings without limit no number says it: null.
private func boundedROI(_ value: Double?) -> JSONValue {
  JSONValue(value.flatMap { abs($0) < Recommendation.unboundedROI ? $0 : nil })
}

extension Recommendation.CellResult {
  fileprivate func json(dims: [String], modelDims: [String]) -> JSONValue {
    let names: [(String, JSONValue)] = zip(dims, labels).map { ($0, .text($1)) }
    let money: [(String, JSONValue)] = [
      ("total", .number(total)),
      ("per_period", JSONValue(perPeriod)),
      ("units", JSONValue(units)),
      ("parts", parts.count > 1 ? .array(parts.map { $0.json(dims: modelDims) }) : .null),
      ("current", JSONValue(current)),
      ("change", JSONValue(change)),
    ]
    let returns: [(String, JSONValue)] = [
      ("roi", roi?.shortJSON ?? .null), ("next_unit", nextUnit?.shortJSON ?? .null), ("response", response.shortJSON),
      ("response_per_period", broughtJSON),
      ("curve", curve?.json ?? .null),
    ]
    let against: [(String, JSONValue)] = [
      ("lift", lift?.shortJSON ?? .null), ("current_marginal_roi", boundedROI(currentMarginalROI)),
      ("current_roi", currentROI?.shortJSON ?? .null), ("current_next_unit", currentNextUnit?.shortJSON ?? .null),
    ]
    return .object(
      names + money + limitsJSON + returns + against + [("observed", observedJSON), ("risk", risk?.json ?? .null)])
  }

  /// Money in single observed periods, and how the plan leaves it: above one, so many times the most; below, the least.
  private var observedJSON: JSONValue {
    guard let observed else { return .null }
    return .object([
      ("least", .number(observed.least)), ("most", .number(observed.most)),
      ("multiple_of_most", observed.most > 0 ? JSONValue(perPeriod.max().map { $0 / observed.most }) : .null),
      ("within", .bool(departure == nil)),
    ])
  }

  /// Numbers, or where periods are decided arrays of them.
  private var limitsJSON: [(String, JSONValue)] {
    guard let periods else {
      return [
        ("lower", .number(lower)), ("upper", .number(upper)), ("binding", JSONValue(binding?.rawValue)),
        ("marginal_roi", boundedROI(marginalROI)),
      ]
    }
    return [
      ("lower", JSONValue(periods.map(\.lower))), ("upper", JSONValue(periods.map(\.upper))),
      ("binding", .array(periods.map { JSONValue($0.binding?.rawValue) })),
      ("marginal_roi", .array(periods.map { boundedROI($0.marginalROI) })),
    ]
  }

  /// Null where periods are not decided.
  private var broughtJSON: JSONValue {
    guard periods != nil else { return .null }
    return .object([
      ("mean", JSONValue(perPeriod(\.response.mean))), ("immediate", JSONValue(perPeriod(\.immediate))),
      ("carried_over", JSONValue(perPeriod(\.carriedOver))),
    ])
  }
}

extension Recommendation.CellResult {
  /// Summed over parts, by planned period.
  fileprivate func perPeriod(_ number: (Recommendation.PeriodResult) -> Double) -> [Double] {
    let parts = parts.compactMap { $0.periods?.map(number) }
    return parts.dropFirst().reduce(parts.first ?? []) { zip($0, $1).map { $0 + $1 } }
  }
}

extension RiskContribution {
  fileprivate var json: JSONValue {
    .object([
      ("sd", .number(sd)), ("sd_share", JSONValue(sdShare)), ("shortfall_05", .number(shortfall05)),
      ("shortfall_05_share", JSONValue(shortfall05Share)),
    ])
  }
}

extension Recommendation.Part {
  fileprivate func json(dims: [String]) -> JSONValue {
    .object(
      zip(dims, labels).map { ($0, .text($1)) } + [
        ("total", .number(perPeriod.reduce(0, +))),
        ("per_period", JSONValue(perPeriod)),
        ("units", JSONValue(units)),
      ])
  }
}

extension Recommendation.Sum {
  fileprivate var json: JSONValue {
    .object([
      ("dim", .text(dim)),
      ("label", .text(label)),
      ("total", .number(total)),
      ("current", JSONValue(current)),
      ("change", JSONValue(current.map { total - $0 })),
      ("roi", roi?.shortJSON ?? .null),
      ("response", response.shortJSON),
    ])
  }
}

extension Recommendation.Summary {
  /// Of a regret the least are the best: its shortfall would say nothing.
  var regretJSON: JSONValue {
    .object([
      ("mean", .number(mean)), ("sd", .number(sd)), ("q05", .number(q05)), ("q25", .number(q25)), ("q50", .number(q50)),
      ("q75", .number(q75)), ("q95", .number(q95)),
    ])
  }

  fileprivate var json: JSONValue {
    .object([
      ("mean", .number(mean)),
      ("sd", .number(sd)),
      ("q05", .number(q05)),
      ("q25", .number(q25)),
      ("q50", .number(q50)),
      ("q75", .number(q75)),
      ("q95", .number(q95)),
      ("expected_shortfall_05", .number(expectedShortfall05)),
    ])
  }

  fileprivate var shortJSON: JSONValue {
    .object([("mean", .number(mean)), ("q05", .number(q05)), ("q50", .number(q50)), ("q95", .number(q95))])
  }
}

extension Recommendation.Rounding {
  fileprivate var json: JSONValue {
    .object([("unit", .number(unit)), ("odd_cells", JSONValue(oddCells)), ("loss", .number(loss))])
  }
}

extension Recommendation.LimitResult {
  /// - Parameter utility: of the plan before it was rounded, which a limit's cost is counted from.
  fileprivate func json(utility: Double) -> JSONValue {
    .object([
      ("name", .text(name)),
      ("value", .number(value)),
      ("limit", JSONValue(nearerEnd)),
      ("lower", JSONValue(lower)),
      ("upper", JSONValue(upper)),
      ("slack", .number(slack)),
      ("unit", .text(unit)),
      ("pass", .bool(isMet)),
      ("binding", .bool(isBinding)),
      ("shadow_price", JSONValue(shadowPrice)),
      ("relaxed_utility", JSONValue(relaxedUtility)),
      ("cost", JSONValue(relaxedUtility.map { $0 - utility })),
    ])
  }

  /// What `value`, its ends and `slack` are counted in.
  var unit: String { isInPeriods ? "periods" : "money" }

  /// The end that `slack` is the distance to; nil without one.
  var nearerEnd: Double? {
    guard let lower, let upper else { return lower ?? upper }
    return value - lower < upper - value ? lower : upper
  }
}

extension Recommendation.SolverResult {
  fileprivate var json: JSONValue {
    .object([
      ("method", .text(method.rawValue)),
      ("requested_gap", .number(requestedGap)),
      ("proof", proof?.json ?? .null),
      ("residual", .number(residual)),
      ("evaluations", .integer(evaluations)),
      ("starts", JSONValue(starts)),
      ("best_start", .text(bestStart)),
    ])
  }
}

extension Recommendation.ProofEffort {
  fileprivate var json: JSONValue {
    .object([
      ("end", .text(end.reportName)), ("boxes", .integer(boxes)), ("cuts", .integer(cuts)),
      ("points", .integer(points)),
    ])
  }
}

extension Recommendation.Reproducibility {
  fileprivate var json: JSONValue {
    .object([
      ("version", .text(version)),
      ("seed", .integer(seed)),
      ("inputs", .array(inputs.map { .object([("path", .text($0.path)), ("sha256", .text($0.sha256))]) })),
      ("plan", .text(plan)),
    ])
  }
}
