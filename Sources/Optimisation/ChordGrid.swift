import NumericKernel

/// Every variable's inner functions at points along it, and what each outer cut makes of them.
///
/// A cut `φ + ⟨w, r⟩` of U turns into one function of each variable, `f_j = Σ_d w_d r_dj`: known at the points, and between two
/// neighbours above its chord by no more than `Σ_d max(w_d, 0) above_d + max(−w_d, 0) below_d`.
struct ChordGrid {
  /// The part of a cut that one variable has.
  struct Part {
    /// f at the points.
    var values: [Double]
    /// Between neighbours, how far f may be above its chord.
    var excess: [Double]
  }

  /// The part of a cut that no variable has.
  struct Constant {
    /// `φ + ⟨w, r₀⟩`.
    var value: Double
    /// Of what was summed for it.
    var size: Double
    /// `Σ |w|`.
    var heaviness: Double
  }

  /// One variable.
  struct Axis {
    var points: [Double]
    /// Whether nothing is between the first two points.
    fileprivate var hasGap: Bool
    /// How many points were there before each.
    var numbers: [Int]
    /// The largest of the inner values at each point.
    var sizes: [Double]
    /// Where each point's inner values stand.
    fileprivate var values: [Column]
    /// Where each interval's bounds stand.
    fileprivate var bounds: [Column]
  }

  /// A column of one of the blocks that were computed together.
  fileprivate struct Column {
    var block: Int
    var index: Int
  }

  let objective: any SeparableObjective
  private(set) var axes: [Axis]
  private(set) var cuts: [OuterCut] = []
  /// Of the cuts, ready to sum by.
  private var weights: [GridBlock.SignedWeights] = []
  /// By cut, then by variable.
  private(set) var parts: [[Part]] = []
  /// By cut.
  private(set) var constants: [Constant] = []
  /// Memory beyond which inner functions at further points are not kept.
  let byteLimit: Int
  private var bytes = 0
  /// Processor time that inner functions at the points have taken, but for those that are not kept.
  private(set) var time = Duration.zero
  private var blocks: [GridBlock] = []

  /// Rising points for each variable, the first and last being its bounds in the polytope: where that leaves out what is between
  /// the first two, nothing there has to be bounded.
  init(
    _ objective: any SeparableObjective, over polytope: Polytope, points: [[Double]], byteLimit: Int = 1 << 30
  ) {
    self.objective = objective
    self.byteLimit = byteLimit
    axes = points.enumerated().map { variable, points in
      Axis(
        points: points,
        hasGap: polytope.thresholds[variable] > polytope.lower[variable] && points[1] <= polytope.thresholds[variable],
        numbers: Array(points.indices), sizes: [], values: [], bounds: [])
    }
    for variable in points.indices {
      let block = addBlock(of: variable, at: points[variable])
      axes[variable].sizes = blocks[block].sizes
      axes[variable].values = points[variable].indices.map { Column(block: block, index: $0) }
      axes[variable].bounds = points[variable].indices.dropLast().map { Column(block: block, index: $0) }
    }
  }

  private mutating func addBlock(of variable: Int, at points: [Double]) -> Int {
    let before = ProcessCost().processorTime
    defer { time += ProcessCost().processorTime - before }
    let needed = GridBlock.bytes(points: points.count, innerCount: objective.innerConstant.count)
    let isKept = bytes + needed <= byteLimit
    if isKept { bytes += needed }
    blocks.append(GridBlock(objective, variable: variable, points: points, isKept: isKept))
    return blocks.count - 1
  }

  // MARK: Cuts

  mutating func add(_ cut: OuterCut) {
    cuts.append(cut)
    let constant = objective.innerConstant
    let sizes = cut.weights.map(abs)
    constants.append(
      Constant(
        value: cut.intercept + dot(cut.weights, constant), size: cut.size + dot(sizes, constant.map(abs)),
        heaviness: sizes.reduce(0, +)))
    let own = GridBlock.SignedWeights(cut.weights)
    weights.append(own)
    let sums = blocks.map { $0.parts(under: [own])[0] }
    parts.append(
      axes.map { axis in
        var part = Part(
          values: axis.values.map { sums[$0.block].values[$0.index] },
          excess: axis.bounds.map { sums[$0.block].excess[$0.index] })
        if axis.hasGap { part.excess[0] = 0 }
        return part
      })
  }

  /// A convex combination of the cuts: its constant, and each variable's part.
  func combined(_ weights: [Double]) -> (constant: Double, parts: [Part]) {
    let constant = zip(weights, constants).reduce(0) { $0 + $1.0 * $1.1.value }
    let combined = axes.indices.map { variable in
      var part = Part(
        values: .zeros(axes[variable].points.count), excess: .zeros(axes[variable].points.count - 1))
      for (weight, cut) in zip(weights, self.parts) where weight > 0 {
        part.values = part.values.plus(cut[variable].values.scaled(by: weight))
        part.excess = part.excess.plus(cut[variable].excess.scaled(by: weight))
      }
      return part
    }
    return (constant, combined)
  }

  // MARK: Points

  /// Puts further points strictly between a variable's point and the next; none where there is nothing between them.
  mutating func refine(_ variable: Int, after index: Int, at inside: [Double]) {
    if index == 0, axes[variable].hasGap { return }
    let ends = (axes[variable].points[index], axes[variable].points[index + 1])
    let fresh = inside.filter { $0 > ends.0 && $0 < ends.1 }
    guard !fresh.isEmpty else { return }
    let block = addBlock(of: variable, at: [ends.0] + fresh + [ends.1])
    axes[variable].numbers.insert(
      contentsOf: axes[variable].points.count..<axes[variable].points.count + fresh.count, at: index + 1)
    axes[variable].points.insert(contentsOf: fresh, at: index + 1)
    axes[variable].sizes.insert(contentsOf: blocks[block].sizes[1...fresh.count], at: index + 1)
    axes[variable].values.insert(
      contentsOf: fresh.indices.map { Column(block: block, index: $0 + 1) }, at: index + 1)
    axes[variable].bounds.replaceSubrange(
      index...index, with: (0...fresh.count).map { Column(block: block, index: $0) })
    for (number, sums) in blocks[block].parts(under: weights).enumerated() {
      parts[number][variable].values.insert(contentsOf: sums.values[1...fresh.count], at: index + 1)
      parts[number][variable].excess.replaceSubrange(index...index, with: sums.excess)
    }
  }

  /// The index of the point that stands at `x`, or of the first one above it.
  func place(of x: Double, on variable: Int) -> Int {
    let points = axes[variable].points
    var (low, high) = (0, points.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if points[middle] < x { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The index of a point that stands at `x`, put there if need be; the nearest one where it would be the same but for rounding.
  mutating func index(of x: Double, on variable: Int) -> Int {
    let points = axes[variable].points
    let above = place(of: x, on: variable)
    let near = 1e-12 * max(abs(points[points.count - 1]), abs(points[0]))
    if points[above] - x <= near { return above }
    if above > 0, x - points[above - 1] <= near { return above - 1 }
    refine(variable, after: above - 1, at: [x])
    return above
  }

  /// The inner functions at a mixture of its points.
  func inner(at mixture: Mixture) -> [Double] {
    var inner = objective.innerConstant
    for (variable, shares) in mixture.shares.enumerated() {
      for share in shares {
        let place = place(of: share.x, on: variable)
        guard axes[variable].points[place] == share.x else {
          preconditionFailure("A mixture is one of the grid's points.")
        }
        let column = axes[variable].values[place]
        blocks[column.block].add(share.share, of: column.index, to: &inner)
      }
    }
    return inner
  }
}
