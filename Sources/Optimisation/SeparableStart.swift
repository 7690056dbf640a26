/// The maximum of `Σ_j f_j(x_j)` under one budget, each f_j replaced by the least concave function above its values at
/// given nodes: exact where the f_j are concave and piecewise linear, a good start elsewhere.
///
/// Segments are bought in the order of what they yield per unit of cost, so at most one variable ends strictly inside a
/// segment (Dantzig's bound for the knapsack, Operations Research 5, 1957).
public struct SeparableStart: Sendable {
  /// One variable: increasing nodes, the first and last being its bounds, and the function there.
  public struct Variable: Sendable {
    /// Strictly increasing, one or more; the first and last are the variable's bounds.
    public var nodes: [Double]
    /// The function at each node, finite.
    public var values: [Double]
    /// What a unit costs, above zero.
    public var cost: Double

    /// One finite value for each of one or more increasing nodes, and a cost above zero.
    public init(nodes: [Double], values: [Double], cost: Double) {
      precondition(!nodes.isEmpty && nodes.count == values.count, "A value for each of one or more nodes.")
      precondition(zip(nodes, nodes.dropFirst()).allSatisfy { $0 < $1 }, "Nodes increase.")
      precondition(values.allSatisfy(\.isFinite) && cost > 0, "Values are finite and costs above zero.")
      self.nodes = nodes
      self.values = values
      self.cost = cost
    }
  }

  /// The x_j, in the order of the answer.
  public var variables: [Variable]
  /// `lower ≤ Σ cost · x ≤ upper`; either may be infinite.
  public var lower: Double
  /// The upper end of the same sum.
  public var upper: Double

  /// `lower ≤ upper`.
  public init(variables: [Variable], lower: Double, upper: Double) {
    precondition(lower <= upper, "A budget's lower end is not above its upper end.")
    self.variables = variables
    self.lower = lower
    self.upper = upper
  }

  private struct Segment {
    var variable: Int
    var cost: Double
    var end: Double
    var yield: Double
  }

  /// Nil where the bounds alone break the budget. Ties go to the earlier variable.
  public func maximum() -> [Double]? {
    var x = variables.map { $0.nodes[0] }
    var spent = zip(variables, x).reduce(0) { $0 + $1.0.cost * $1.1 }
    let most = variables.reduce(0) { $0 + $1.cost * $1.nodes[$1.nodes.count - 1] }
    // Bounds that meet the budget but for rounding do meet it.
    let margin = 1e-12 * variables.reduce(0) { $0 + $1.cost * max(abs($1.nodes[0]), abs($1.nodes[$1.nodes.count - 1])) }
    guard spent <= upper + margin, most >= lower - margin else { return nil }
    let segments = variables.indices.flatMap { envelope(of: $0) }
    // On an envelope yields fall from left to right, so each variable's segments come in their own order.
    let order = segments.indices.sorted { (segments[$0].yield, $1) > (segments[$1].yield, $0) }
    for segment in order.map({ segments[$0] }) {
      // A segment that loses is bought only as far as the budget has to be spent.
      let limit = segment.yield > 0 ? upper : lower
      guard spent < limit else { continue }
      if spent + segment.cost <= limit {
        x[segment.variable] = segment.end
        spent += segment.cost
      } else {
        x[segment.variable] = min(
          segment.end, x[segment.variable] + (limit - spent) / variables[segment.variable].cost)
        spent = limit
      }
    }
    return x
  }

  /// The envelope of one variable's values: the upper convex hull of its points.
  private func envelope(of index: Int) -> [Segment] {
    let variable = variables[index]
    func slope(_ a: Int, _ b: Int) -> Double {
      (variable.values[b] - variable.values[a]) / (variable.nodes[b] - variable.nodes[a])
    }
    var hull: [Int] = []
    for node in variable.nodes.indices {
      while hull.count > 1, slope(hull[hull.count - 2], hull[hull.count - 1]) <= slope(hull[hull.count - 1], node) {
        hull.removeLast()
      }
      hull.append(node)
    }
    return zip(hull, hull.dropFirst()).map { a, b in
      Segment(
        variable: index, cost: variable.cost * (variable.nodes[b] - variable.nodes[a]), end: variable.nodes[b],
        yield: slope(a, b) / variable.cost)
    }
  }
}
