/// A named variable of a file of draws: the shape of what it holds in each draw, or in all.
public struct DrawVariable: Sendable, Equatable {
  /// One dimension of a variable beside chains and draws.
  public struct Axis: Sendable, Equatable {
    /// As the file names it; nil where it does not.
    public var name: String?
    /// One for each coordinate; numbers from 1 where the file has no others.
    public var labels: [String]

    public init(name: String? = nil, labels: [String]) {
      self.name = name
      self.labels = labels
    }

    /// Without labels of its own.
    public init(name: String? = nil, count: Int) {
      self.init(name: name, labels: (0..<count).map { "\($0 + 1)" })
    }

    /// Whether the labels only count the coordinates.
    public var isNumbered: Bool { labels.enumerated().allSatisfy { $1 == "\($0 + 1)" } }
  }

  public var name: String
  /// In the file's order; none for one number a draw.
  public var axes: [Axis]
  /// Whether each draw has numbers of its own; without, they are the same in all.
  public var isDrawn: Bool

  public init(name: String, axes: [Axis] = [], isDrawn: Bool = true) {
    self.name = name
    self.axes = axes
    self.isDrawn = isDrawn
  }

  /// Numbers in each draw.
  public var elementCount: Int { axes.reduce(1) { $0 * $1.labels.count } }

  /// An element's place in the file's order, the last axis running fastest, as `beta[tv,north]`.
  public func name(ofElement element: Int) -> String {
    if axes.isEmpty { return name }
    var rest = element
    var labels: [String] = []
    for axis in axes.reversed() {
      labels.append(axis.labels[rest % axis.labels.count])
      rest /= axis.labels.count
    }
    return "\(name)[\(labels.reversed().joined(separator: ","))]"
  }
}

/// What names in a file of draws suggest of its model.
public struct SuggestedModel: Sendable {
  /// Families, window, order and scales are guesses; a parameter that no name suggests is fed by `placeholder`.
  public var model: ModelMapping
  /// The keys of `posterior.model` that nothing in the file suggests.
  public var missing: [String]

  public init(model: ModelMapping, missing: [String]) {
    self.model = model
    self.missing = missing
  }

  /// What stands for a variable that is still to be named.
  public static let placeholder = "NAME"

  /// Whether every parameter has its variable, so that the file may be read by it.
  public var isComplete: Bool { missing.isEmpty }
}

/// What a file of draws holds, before anything is known of its model.
public struct DrawVariables: Sendable {
  /// The path or paths, as the user gave them.
  public var source: String
  /// The format's name as plan files spell it: `cmdstan`.
  public var format: String
  public var chainCount: Int
  public var drawsPerChain: Int
  /// Divergent transitions after warm-up; nil where the file does not say.
  public var divergences: Int?
  /// In the file's order.
  public var variables: [DrawVariable]
  /// What the names suggest that the variables mean.
  public var suggestion: SuggestedModel
  /// The column with the channels' names, of a table of point estimates whose other columns are the variables; nil for draws.
  public var channelColumn: String?

  public init(
    source: String, format: String, chainCount: Int, drawsPerChain: Int, divergences: Int?,
    variables: [DrawVariable], suggestion: SuggestedModel, channelColumn: String? = nil
  ) {
    self.source = source
    self.format = format
    self.chainCount = chainCount
    self.drawsPerChain = drawsPerChain
    self.divergences = divergences
    self.variables = variables
    self.suggestion = suggestion
    self.channelColumn = channelColumn
  }
}
