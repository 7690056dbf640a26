/// How a table of point estimates is read, one row a channel: what its columns are, and which of them names the channel.
public struct PointCurves: Sendable, Equatable {
  /// Columns that have a name together. Each curve gives the response of a period at the spend of that period.
  public enum Kind: String, Sendable, CaseIterable {
    /// `top, bottom, saturation, slope` of DeepCausalMMM; without `bottom` it is 0.
    case hillBottom = "hill_bottom"
    /// `alpha, lam` of AMMM: the logistic curve, which is concave.
    case sigmoid
    /// `alpha, lam` of AMMM.
    case michaelisMenten = "michaelis_menten"
  }

  /// What the columns beside the channel's are; nil where a `ModelMapping` says it.
  public var kind: Kind?
  /// The column with the channels' names.
  public var channelColumn: String

  /// By default the channels stand in the column `channel`.
  public init(kind: Kind?, channelColumn: String = PointCurves.defaultChannelColumn) {
    self.kind = kind
    self.channelColumn = channelColumn
  }

  /// The format of such tables in plan files.
  public static let formatName = "curves"
  /// `channel`
  public static let defaultChannelColumn = "channel"
}
