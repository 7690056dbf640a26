/// What the variables of a file of draws mean: which of them feeds which parameter of the channels' curves. Files of samplers say
/// names and numbers, and nothing of the model.
public struct ModelMapping: Sendable, Equatable {
  /// Where a parameter's numbers come from.
  public enum Feed: Sendable, Equatable {
    /// The same number in every draw.
    case number(Double)
    /// A variable, `beta`, or one element of it: `beta[1]`, counted from 1, `beta[tv]`, `beta[tv,north]`.
    case variable(String)
  }

  /// A curve and what feeds its parameters, in the family's order.
  public struct Curve: Sendable, Equatable {
    public var family: any Saturation.Type
    public var feeds: [Feed]

    public init(_ family: any Saturation.Type, _ feeds: [Feed]) {
      precondition(feeds.count == family.parameters.count, "A feed for each parameter.")
      self.family = family
      self.feeds = feeds
    }

    public static func == (a: Curve, b: Curve) -> Bool { a.family == b.family && a.feeds == b.feeds }
  }

  /// How many lags count.
  public enum Window: Sendable, Equatable {
    /// Lags from 0, at least 1.
    case lags(Int)
    /// All that are felt: geometric carryover without end.
    case unbounded
  }

  /// A carryover and what feeds its parameters, in the family's order.
  public struct Lags: Sendable, Equatable {
    public var family: any Carryover.Type
    public var feeds: [Feed]
    public var window: Window
    public var isNormalized: Bool
    public var order: TransformationOrder

    public init(
      _ family: any Carryover.Type, _ feeds: [Feed], window: Window, isNormalized: Bool = true,
      order: TransformationOrder = .carryoverFirst
    ) {
      precondition(feeds.count == family.parameters.count, "A feed for each parameter.")
      self.family = family
      self.feeds = feeds
      self.window = window
      self.isNormalized = isNormalized
      self.order = order
    }

    /// Media are felt in their own period alone.
    public static let none = Lags(NoCarryover.self, [], window: .lags(1))

    public static func == (a: Lags, b: Lags) -> Bool {
      a.family == b.family && a.feeds == b.feeds && a.window == b.window && a.isNormalized == b.isNormalized
        && a.order == b.order
    }
  }

  /// One for all channels, or one for each by name, in the order given.
  public enum ByChannel<Part: Sendable & Equatable>: Sendable, Equatable {
    case all(Part)
    case each([Named<Part>])

    /// What holds for a channel; nil where it is not named.
    public func part(for channel: String) -> Part? {
      switch self {
      case .all(let part): part
      case .each(let parts): parts.first { $0.channel == channel }?.part
      }
    }

    /// The channels named; none where one part holds for all.
    public var channels: [String] {
      switch self {
      case .all: []
      case .each(let parts): parts.map(\.channel)
      }
    }
  }

  /// What holds for one channel.
  public struct Named<Part: Sendable & Equatable>: Sendable, Equatable {
    public var channel: String
    public var part: Part

    public init(_ channel: String, _ part: Part) {
      self.channel = channel
      self.part = part
    }
  }

  /// What spend is given by, `channel` first.
  public var dims: [String]
  /// The labels of dims, in the plan's order: needed where the file has numbers for them, or none at all.
  public var labels: [Posterior.Dim]
  public var saturation: ByChannel<Curve>
  public var carryover: ByChannel<Lags>
  /// Media are divided by this before anything else; 1 for a channel that is not named.
  public var channelScale: ByChannel<Feed>
  /// The curve's value is multiplied by this; 1 for a channel that is not named.
  public var outcomeScale: ByChannel<Feed>

  /// By default spend is by channel, has no carryover, and media and outcome are in the model's own units.
  public init(
    dims: [String] = ["channel"], labels: [Posterior.Dim] = [], saturation: ByChannel<Curve>,
    carryover: ByChannel<Lags> = .all(.none), channelScale: ByChannel<Feed> = .all(.number(1)),
    outcomeScale: ByChannel<Feed> = .all(.number(1))
  ) {
    precondition(dims.first == "channel", "Spend is given by channel first.")
    self.dims = dims
    self.labels = labels
    self.saturation = saturation
    self.carryover = carryover
    self.channelScale = channelScale
    self.outcomeScale = outcomeScale
  }

  /// The labels that the plan gives a dim; nil where it gives none.
  public func labels(of dim: String) -> [String]? { labels.first { $0.name == dim }?.labels }
}
