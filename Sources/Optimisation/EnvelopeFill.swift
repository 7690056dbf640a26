/// The best of many sums of curves, each in one variable and known at points of it, under one limit on the sum of the variables: one
/// answer for each sum, fast enough for thousands.
///
/// Segments of the curves' concave envelopes are bought in the order of what they yield. That is exact where curves are concave, but for
/// the distance of points; where they are not, one variable may end between the ends of a segment that its curve is below: then what it
/// has there is tried in its place elsewhere, each such variable is left out or bought first in turn, and the best of these answers is
/// taken.
public struct EnvelopeFill: Sendable {
  /// For each variable ascending points, from its least to its most.
  public let points: [[Double]]
  /// The least and the most that all variables come to.
  public let lower: Double
  public let upper: Double

  /// At least one point for each variable.
  public init(points: [[Double]], lower: Double, upper: Double) {
    precondition(points.allSatisfy { !$0.isEmpty }, "Each variable has a point.")
    self.points = points
    self.lower = lower
    self.upper = upper
  }

  /// Variables within the limit at which the curves come to the most, or nearly.
  ///
  /// - Parameters:
  ///   - values: of each variable's curve at its points.
  ///   - between: of a variable's curve anywhere between its first point and its last.
  public func best(_ values: [[Double]], between: (_ variable: Int, _ x: Double) -> Double) -> [Double] {
    precondition(zip(values, points).allSatisfy { $0.count == $1.count }, "A value at each point.")
    var segments: [Segment] = []
    for variable in points.indices { appendEnvelope(of: variable, values[variable], to: &segments) }
    segments.sort { $0.yield == $1.yield ? $0.variable < $1.variable : $0.yield > $1.yield }
    var choices = [Choice](repeating: .free, count: points.count)
    var best = filled(segments, choices, between, isThorough: true)
    // What an envelope hides is a question of which of such curves are bought at all.
    guard let ceiling = best.ceiling else { return best.x }
    let slight = Self.slight * abs(ceiling)
    let steep = segments.filter { $0.isHidden && $0.from == 0 && $0.yield > 0 }.map(\.variable)
    for _ in 0..<Self.rounds where best.total < ceiling - slight {
      let before = best.total
      for variable in steep {
        let own = choices[variable]
        for choice in [Choice.bought, .left] where choice != choices[variable] && best.total < ceiling - slight {
          choices[variable] = choice
          let found = filled(segments, choices, between, isThorough: false)
          // Where something is left out the least may not be reached.
          if found.total > best.total, found.x.reduce(0, +) >= lower - 1e-12 * abs(lower) {
            best = found
          } else {
            choices[variable] = own
          }
        }
      }
      if best.total <= before { break }
    }
    return best.x
  }

  /// What becomes of a curve's first segment, where it lies below that.
  private enum Choice {
    /// Bought in its turn.
    case free
    /// Bought first.
    case bought
    /// Not bought, nor what comes after it.
    case left
  }

  /// Times that each variable is tried both ways.
  private static let rounds = 2
  /// Of what envelopes come to, so near is as good.
  private static let slight = 1e-4

  /// Segments bought one after the other, as far as the limit goes.
  ///
  /// - Returns: the variables, what their curves come to, and what their envelopes would have come to; nil where nothing is hidden.
  private func filled(
    _ segments: [Segment], _ choices: [Choice], _ between: (Int, Double) -> Double, isThorough: Bool
  ) -> (x: [Double], total: Double, ceiling: Double?) {
    func total(_ x: [Double]) -> Double { x.indices.reduce(0) { $0 + between($1, x[$1]) } }
    var ends = points.map { _ in 0 }
    var spent = points.reduce(0) { $0 + $1[0] }
    for isFirst in [true, false] {
      for (place, segment) in segments.enumerated() {
        let choice = choices[segment.variable]
        if choice == .left || isFirst != (choice == .bought && segment.isHidden && segment.from == 0) { continue }
        let limit = segment.yield > 0 ? upper : lower
        if spent >= limit {
          if isFirst { continue }
          break
        }
        let cost = points[segment.variable][segment.to] - points[segment.variable][segment.from]
        if spent + cost <= limit {
          ends[segment.variable] = segment.to
          spent += cost
          continue
        }
        if isFirst { continue }
        let rest = limit - spent
        let later = segments[(place + 1)...]
        var answers = [partly(segment, rest, ends)]
        if segment.isHidden {
          answers += elsewhere(segment, rest, ends, later, choices)
          if isThorough { answers += swapped(segment, rest, ends) }
        }
        let best = answers.map { (x: $0, total: total($0)) }.max { $0.total < $1.total } ?? (answers[0], 0)
        guard segment.isHidden else { return (best.x, best.total, nil) }
        var start = points.indices.map { points[$0][ends[$0]] }
        start[segment.variable] = points[segment.variable][segment.from]
        return (best.x, best.total, total(start) + segment.yield * rest)
      }
    }
    let x = points.indices.map { points[$0][ends[$0]] }
    return (x, total(x), nil)
  }

  private struct Segment {
    var variable: Int
    var from: Int
    var to: Int
    var yield: Double
    /// Between neighbouring points there is nothing that a segment could hide.
    var isHidden: Bool { to > from + 1 }
  }

  /// Segments so far are of variables before.
  private func appendEnvelope(of variable: Int, _ values: [Double], to segments: inout [Segment]) {
    let points = points[variable]
    let first = segments.count
    func segment(_ from: Int, _ to: Int) -> Segment {
      Segment(variable: variable, from: from, to: to, yield: (values[to] - values[from]) / (points[to] - points[from]))
    }
    var last = 0
    for point in points.indices where points[point] > points[last] {
      var next = segment(last, point)
      while segments.count > first, segments[segments.count - 1].yield <= next.yield {
        next = segment(segments.removeLast().from, point)
      }
      segments.append(next)
      last = point
    }
  }

  /// What is left of the limit goes to the segment's variable.
  private func partly(_ segment: Segment, _ rest: Double, _ ends: [Int]) -> [Double] {
    var plain = points.indices.map { points[$0][ends[$0]] }
    plain[segment.variable] += rest
    return plain
  }

  /// Or to the others, as far as they take it.
  private func elsewhere(
    _ segment: Segment, _ rest: Double, _ ends: [Int], _ later: ArraySlice<Segment>, _ choices: [Choice]
  ) -> [[Double]] {
    let start = points.indices.map { points[$0][ends[$0]] }
    var others = start
    var left = rest
    for other in later where other.variable != segment.variable && choices[other.variable] != .left {
      guard left > 0, other.yield > 0 else { break }
      let room = points[other.variable][other.to] - others[other.variable]
      let taken = min(room, left)
      guard taken > 0 else { continue }
      others[other.variable] += taken
      left -= taken
    }
    return left <= 0 || start.reduce(0, +) + rest - left >= lower ? [others] : []
  }

  /// Or as much is taken from another as the segment lacks.
  private func swapped(_ segment: Segment, _ rest: Double, _ ends: [Int]) -> [[Double]] {
    let own = segment.variable
    let start = points.indices.map { points[$0][ends[$0]] }
    let lacking = points[own][segment.to] - points[own][segment.from] - rest
    return points.indices.filter { $0 != own && start[$0] - lacking >= points[$0][0] }.map { other in
      var swapped = start
      swapped[own] = points[own][segment.to]
      swapped[other] -= lacking
      return swapped
    }
  }
}
