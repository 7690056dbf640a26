import ResponseModel

/// The keys of `posterior.data` and `posterior.meridian`: what a file of Meridian's draws does not hold.
enum MeridianKeys {
  static let data = PlanMapping(
    "a mapping with file and kpi",
    [
      PlanKey(
        "file", .text(inWords: "a path"), isRequired: true,
        "The CSV that the model was fitted to, one row a geo and period, relative to the plan file."),
      PlanKey("geo", column, "The column with the geos' names; left out for a national model."),
      PlanKey(
        "time", column, fallback: MeridianModel.Table.defaultTime, "The column with the first day of each period."),
      PlanKey("population", column, "The column with the geos' populations; left out for a national model."),
      PlanKey(
        "kpi", column, isRequired: true,
        "The column with the outcome that was modelled; empty in periods before its first."),
      PlanKey(
        "revenue_per_kpi", column,
        "The column with what a unit of the outcome earned; left out where the outcome itself is counted."),
      PlanKey("media", pattern, "The columns of the channels' media, {channel} standing for the channel's name."),
      PlanKey("reach", pattern, "The columns of reach, of channels that have reach and frequency."),
      PlanKey("frequency", pattern, "The columns of frequency, of channels that have reach and frequency."),
      PlanKey("spend", pattern, "The columns of what the channels' media cost; left out where that is not known."),
    ])

  static let settings = PlanMapping(
    "a mapping with max_lag",
    [
      PlanKey(
        "max_lag", .count(lags), isRequired: true, "The last lag that counts, as the model's specification has it."),
      PlanKey(
        "adstock", byChannel(.words(MeridianModel.Decay.allCases.map(\.rawValue)), "decay"),
        fallback: MeridianModel.Decay.geometric.rawValue,
        "How media are carried over, adstock_decay_spec: for all channels or by channel, geometric for those not listed."
      ),
      PlanKey(
        "saturation", byChannel(.words(MeridianModel.Saturation.allCases.map(\.rawValue)), "hill or none"),
        fallback: MeridianModel.Saturation.hill.rawValue,
        "How media saturate, saturation_spec: for all channels or by channel, hill for those not listed."),
      PlanKey("hill_before_adstock", .flag, fallback: "false", "Media saturate first, and are then carried over."),
      PlanKey(
        "frequency", byChannel(.number(frequency), "frequency"),
        "At which frequency channels of reach and frequency are held, for all or by channel; otherwise the average observed."
      ),
    ])

  /// As many lags as windows may have, less the period itself.
  private static let lags = 0...(ModelKeys.windows.upperBound - 1)
  private static let frequency = PlanNumber(lower: 0, isLowerIncluded: false, inWords: "a frequency above 0")
  private static let column = PlanShape.text(inWords: "the name of a column")
  private static let pattern = PlanShape.text(inWords: "the name of columns with {channel} in it")

  private static func byChannel(_ shape: PlanShape, _ what: String) -> PlanShape {
    .either([shape, .mapping(PlanMapping("{channel: \(what)}", others: shape))])
  }
}
