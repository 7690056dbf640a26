/// What a file of Meridian's draws does not hold: the table that the model was fitted to, and the model's settings.
public struct MeridianModel: Sendable, Equatable {
  /// Which draws of the file.
  public enum Group: String, Sendable, CaseIterable { case posterior, prior }

  /// How media are carried over, as `adstock_decay_spec` says it.
  public enum Decay: String, Sendable, CaseIterable { case geometric, binomial }

  /// How media, or frequency, saturate, as `saturation_spec` says it.
  public enum Saturation: String, Sendable, CaseIterable { case hill, none }

  /// The columns of a table with one row a geo and period.
  public struct Table: Sendable, Equatable {
    public var file: String
    /// Nil for a national model.
    public var geo: String?
    public var time: String
    /// Not needed where there is one geo.
    public var population: String?
    public var kpi: String
    /// What a unit of the outcome earned; nil where the outcome itself is counted.
    public var revenuePerKPI: String?
    /// A column for each channel: names with `{channel}` in the place of the channel's.
    public var media: String?
    public var reach: String?
    public var frequency: String?
    /// Money by channel; nil where what media cost is not known.
    public var spend: String?

    /// `{channel}`
    public static let placeholder = "{channel}"
    /// `time`
    public static let defaultTime = "time"

    public init(
      file: String, geo: String? = nil, time: String = Table.defaultTime, population: String? = nil, kpi: String,
      revenuePerKPI: String? = nil, media: String? = nil, reach: String? = nil, frequency: String? = nil,
      spend: String? = nil
    ) {
      self.file = file
      self.geo = geo
      self.time = time
      self.population = population
      self.kpi = kpi
      self.revenuePerKPI = revenuePerKPI
      self.media = media
      self.reach = reach
      self.frequency = frequency
      self.spend = spend
    }
  }

  /// The table that the model was fitted to.
  public var data: Table
  /// `max_lag`: the last lag that counts, at least 0.
  public var maxLag: Int
  /// Geometric for a channel that is not named.
  public var decay: ModelMapping.ByChannel<Decay>
  /// Hill for a channel that is not named.
  public var saturation: ModelMapping.ByChannel<Saturation>
  /// `hill_before_adstock` says which comes first.
  public var order: TransformationOrder
  /// At which frequency channels of reach and frequency are held; the average observed for one that is not named.
  public var frequency: ModelMapping.ByChannel<Double>
  /// Which draws of the file.
  public var group: Group

  /// The library's own settings, which have no `max_lag` that a plan should take for granted.
  public init(
    data: Table, maxLag: Int, decay: ModelMapping.ByChannel<Decay> = .all(.geometric),
    saturation: ModelMapping.ByChannel<Saturation> = .all(.hill), order: TransformationOrder = .carryoverFirst,
    frequency: ModelMapping.ByChannel<Double> = .each([]), group: Group = .posterior
  ) {
    precondition(maxLag >= 0, "The last lag that counts is 0 or later.")
    self.data = data
    self.maxLag = maxLag
    self.decay = decay
    self.saturation = saturation
    self.order = order
    self.frequency = frequency
    self.group = group
  }
}
