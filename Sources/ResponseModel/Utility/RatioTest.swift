/// What bounds a ratio (Dinkelbach, Manag. Sci. 13, 1967): where no plan has a `utility` of the outcome, less `charge` times its
/// spend, above `threshold`, none has the ratio above that of the test.
public struct RatioTest: Sendable {
  /// Concave, whose best value can be bounded.
  public var utility: any Utility
  /// Outcome per unit of money, taken from every draw.
  public var charge: Double
  /// In the outcome's unit.
  public var threshold: Double

  public init(utility: any Utility, charge: Double = 0, threshold: Double) {
    self.utility = utility
    self.charge = charge
    self.threshold = threshold
  }
}

/// A utility that is a ratio, neither concave nor worse for it: whether any plan exceeds a given ratio is a concave question.
public protocol RatioUtility: Utility {
  /// Whether the ratio is one only where something is spent: the test then says nothing of plans that spend nothing.
  var isPerSpend: Bool { get }
  /// The question that a ratio is the answer to; nil where there is none.
  func test(of ratio: Double) -> RatioTest?
}
