public import NumericKernel
public import ResponseModel

/// What was spent and what it is credited with, observation by observation: the data that curves are fitted to.
public struct History: Sendable {
  /// The observations of one channel, or of one in a group.
  public struct Series: Sendable {
    /// The channel, and the group where there are groups.
    public var labels: [String]
    /// One for each observation; empty where rows have no dates.
    public var dates: [String]
    /// One for each observation, as are the responses.
    public var media: [Double]
    /// Contributions; the means of their draws where there are draws.
    public var response: [Double]
    /// A column for each observation; nil for plain contributions.
    public var responseDraws: DrawMatrix?
    /// One for each observation, beside the media that curves are fitted to; nil where nobody counted them.
    public var impressions: [Double]?

    public init(
      labels: [String], dates: [String] = [], media: [Double], response: [Double], responseDraws: DrawMatrix? = nil,
      impressions: [Double]? = nil
    ) {
      precondition(media.count == response.count, "A response for each observation.")
      self.labels = labels
      self.dates = dates
      self.media = media
      self.response = response
      self.responseDraws = responseDraws
      self.impressions = impressions
    }

    /// `tv`, `tv/north`
    public var name: String { labels.joined(separator: "/") }
  }

  /// As the user gave it.
  public var source: String
  /// `channel`, and the group's column where there are groups.
  public var dims: [Posterior.Dim]
  /// One for each combination of labels, the last dim running fastest.
  public var series: [Series]
  /// Chains of the draws; 1 where there are none.
  public var chainCount: Int
  /// What was summed, joined or left out on the way, in sentences.
  public var notes: [String]
  /// What looks like a mistake, in sentences.
  public var warnings: [String]
  /// What the files call dates, spend and contributions.
  public var columnNames = (date: "date", spend: "spend", contribution: "contribution")

  public init(
    source: String, dims: [Posterior.Dim], series: [Series], chainCount: Int = 1, notes: [String] = [],
    warnings: [String] = []
  ) {
    self.source = source
    self.dims = dims
    self.series = series
    self.chainCount = chainCount
    self.notes = notes
    self.warnings = warnings
  }
}

/// Why a history cannot be read or fitted: every mistake that was found, each with its place.
public struct HistoryError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Sentences, with the file and the line where there is one.
  public var problems: [String]
  /// Whether a file is missing.
  public var isMissingInput: Bool

  public init(_ problems: [String], isMissingInput: Bool = false) {
    self.problems = problems
    self.isMissingInput = isMissingInput
  }

  public var description: String { problems.joined(separator: "\n") }
}

/// Which columns of a history hold what; nil for a name that is looked for.
public struct HistoryColumns: Sendable, Equatable {
  /// Days or other names of periods; looked for: `date`, `week_monday`, `week`, `time`. Rows of one channel and date are
  /// summed.
  public var date: String?
  /// Looked for: `channel`.
  public var channel: String?
  /// Looked for: `spend`. Any other media will do, impressions for one: then the curve is of those.
  public var spend: String?
  /// Looked for: `contribution`, `predicted`, `channel_contribution`.
  public var contribution: String?
  /// Looked for: `impressions`. They are kept beside the spend, and no curve is of them.
  public var impressions: String?
  /// The column of regions, or of anything else that has curves of its own: `dma`. Nil: all are summed.
  public var group: String?

  public init(
    date: String? = nil, channel: String? = nil, spend: String? = nil, contribution: String? = nil,
    impressions: String? = nil, group: String? = nil
  ) {
    self.date = date
    self.channel = channel
    self.spend = spend
    self.contribution = contribution
    self.impressions = impressions
    self.group = group
  }
}
