import NumericKernel

// What the answer says of cells, their periods, and sums of them.

extension Recommendation {
  /// What keeps a cell where it stands: an end of its limits, or of a tier of prices.
  public enum Binding: String, Sendable {
    case lower, upper
    /// Lower and upper bound are the same, or the cell is held.
    case fixed
    /// The next unit of some of its media has another price than the last one: what money brings is not the same above and below.
    case tier
  }

  /// One cell of spend.
  public struct CellResult: Sendable {
    /// Along each dim, channel first.
    public var labels: [String]
    /// Money over the horizon.
    public var total: Double
    /// What it is spent in: one of the model's cells, or several.
    public var parts: [Part]
    /// The current plan's money; nil without one.
    public var current: Double?
    /// The least money over the horizon that the plan allows the cell.
    public var lower: Double
    /// The most money over the horizon that the plan allows the cell; infinite where nothing limits it.
    public var upper: Double
    /// The end that the cell stands on; nil strictly between, and at an upper end that the plan does not state.
    public var binding: Binding?
    /// d utility / d money at the plan; on the end of a tier that of the next unit of money.
    public var marginalROI: Double
    /// What the incremental response is worth per unit of money; nil where nothing is spent.
    public var roi: Summary?
    /// Incremental response.
    public var response: Summary
    /// Where periods are decided, each of them; nil where money is spread over them by a distribution. The ends above are then sums over
    /// periods, and what money brings is that of more of the same calendar.
    public var periods: [CellPeriod]? = nil
    /// What was spent in single observed periods; nil where that is not known.
    public var observed: ObservedSpend? = nil
    /// What it adds to the risk of the whole.
    public var risk: RiskContribution? = nil
    /// What it adds to the lift, draw by draw, under the measure: over cells the means come to the lift's. Nil without a current plan.
    public var lift: Summary? = nil
    /// d utility / d money at the current plan; nil without one, and where it is not known.
    public var currentMarginalROI: Double? = nil
    /// Over draws, what the next unit of money is worth here: of the mean's plan its mean is `marginalROI` in money. Nil where periods are decided,
    /// and where it is no number in some draw.
    public var nextUnit: Summary? = nil
    /// The same under the current plan; nil without one.
    public var currentNextUnit: Summary? = nil
    /// What the current plan's money returns; nil without one, and where it spends nothing.
    public var currentROI: Summary? = nil

    /// The point curve that it stands on; nil for draws, and where the model carries over or has several cells here.
    public var curve: PointCurveResult? = nil

    /// Money by period, over all parts.
    public var perPeriod: [Double] { sums(\.perPeriod) }
    /// Media units by period, over all parts.
    public var units: [Double] { sums(\.units) }
    /// Change from the current plan, in money.
    public var change: Double? { current.map { total - $0 } }

    private func sums(_ numbers: (Part) -> [Double]) -> [Double] {
      parts.dropFirst().reduce(parts.first.map(numbers) ?? []) { sum, part in
        zip(sum, numbers(part)).map { $0 + $1 }
      }
    }

    /// The labels joined by a slash: `tv`, or `tv/north`.
    public var name: String { labels.joined(separator: "/") }
  }

  /// A curve that is known as one number a parameter, and what is paid by it.
  public struct PointCurveResult: Sendable, Equatable {
    /// The family's parameters by name, in its order.
    public var parameters: [(name: String, value: Double)]
    /// Money of a period at which the curve has come half way to its ceiling; nil where it has none.
    public var halfSaturation: Double?
    /// Response over the horizon that is paid at no spend too.
    public var bottom: Double
    /// The share of variance that the fit explains; nil where the file does not say.
    public var rSquared: Double?

    public init(
      parameters: [(name: String, value: Double)], halfSaturation: Double?, bottom: Double, rSquared: Double?
    ) {
      self.parameters = parameters
      self.halfSaturation = halfSaturation
      self.bottom = bottom
      self.rSquared = rSquared
    }

    /// Of the Hill families; nil for others.
    public var slope: Double? { parameters.first { $0.name == "slope" }?.value }

    public static func == (a: Self, b: Self) -> Bool {
      a.parameters.map(\.name) == b.parameters.map(\.name) && a.parameters.map(\.value) == b.parameters.map(\.value)
        && a.halfSaturation == b.halfSaturation && a.bottom == b.bottom && a.rSquared == b.rSquared
    }
  }

  /// Money in one of the model's cells.
  public struct Part: Sendable {
    /// Along each of the model's dims, channel first.
    public var labels: [String]
    /// Money by period.
    public var perPeriod: [Double]
    /// The media units that it buys, by period.
    public var units: [Double]
    /// What it brings, by planned period; nil where periods are not decided.
    public var periods: [PeriodResult]? = nil
  }

  /// One cell in one period that is decided.
  public struct CellPeriod: Sendable, Equatable {
    /// Money in the period.
    public var spend: Double
    /// The current plan's money in it; nil without one.
    public var current: Double?
    /// The least and the most money that the cell's own limits allow in the period.
    public var lower: Double
    public var upper: Double
    /// As that of a cell.
    public var binding: Binding?
    /// d utility / d money of the period.
    public var marginalROI: Double
    /// What ramps leave of these after what the period before spends.
    public var rampLower: Double?
    public var rampUpper: Double?
  }

  /// What a period brings: incremental response in units of the outcome.
  public struct PeriodResult: Sendable, Equatable {
    /// From 1; those after the plan go on counting.
    public var period: Int
    /// Its first day; nil where periods have numbers only.
    public var start: String?
    /// Money spent in it; zero after the plan.
    public var spend: Double
    /// What is felt in the period.
    public var response: Summary
    /// Of its mean what is left without the period's own spend: the carryover of earlier periods.
    public var carriedOver: Double
    /// The least and the most money that limits on the whole period allow; nil without one.
    public var lower: Double? = nil
    public var upper: Double? = nil

    /// Of the response's mean what the period's own spend adds.
    public var immediate: Double { response.mean - carriedOver }

    init(period: Int, start: String?, spend: Double, _ response: [Double], carriedOver: [Double]) {
      (self.period, self.start, self.spend) = (period, start, spend)
      self.response = Summary(response)
      self.carriedOver = mean(carriedOver.span)
    }
  }

  /// What all cells with one label of a dim come to.
  public struct Sum: Sendable {
    /// One of the decided dims.
    public var dim: String
    /// One of its labels.
    public var label: String
    /// Money over the horizon.
    public var total: Double
    /// The current plan's money; nil without one.
    public var current: Double?
    /// What the incremental response is worth per unit of money; nil where nothing is spent.
    public var roi: Summary?
    /// Incremental response.
    public var response: Summary
  }
}
