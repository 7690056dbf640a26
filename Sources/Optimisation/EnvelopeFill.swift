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
    func total(_ x: [Double]) -> Double { x.indices.reduce(0) { $0 + between($1, x[$1]) } }
    var best = filled(segments, between)
    // What curves hide below their envelopes is a question of which of them are bought at all.
    let steep = segments.filter { $0.from == 0 && $0.to > 1 && $0.yield > 0 }.map(\.variable)
    guard steep.count > 1 else { return best }
    var value = total(best)
    var isBought: [Int: Bool] = [:]
    for _ in 0..<Self.rounds {
      let before = value
      for variable in steep {
        for choice in [true, false] where isBought[variable] != choice {
          var tried = isBought
          tried[variable] = choice
          let first = segments.filter { $0.from == 0 && $0.to > 1 && tried[$0.variable] == true }
          let rest = segments.filter { segment in
            guard let isOn = tried[segment.variable] else { return true }
            return isOn && !(segment.from == 0 && segment.to > 1)
          }
          let found = filled(first + rest, between)
          // Where something is left out the least may not be reached.
          guard found.reduce(0, +) >= lower - 1e-12 * abs(lower) else { continue }
          let own = total(found)
          if own > value { (best, value, isBought) = (found, own, tried) }
        }
      }
      if value <= before { break }
    }
    return best
  }

  /// Times that each variable is tried both ways.
  private static let rounds = 3

  /// Segments bought one after the other, as far as the limit goes.
  private func filled(_ segments: [Segment], _ between: (Int, Double) -> Double) -> [Double] {
    var ends = points.map { _ in 0 }
    var spent = points.reduce(0) { $0 + $1[0] }
    for (place, segment) in segments.enumerated() {
      let limit = segment.yield > 0 ? upper : lower
      if spent >= limit { break }
      let cost = points[segment.variable][segment.to] - points[segment.variable][segment.from]
      if spent + cost <= limit {
        ends[segment.variable] = segment.to
        spent += cost
        continue
      }
      return filled(segment, rest: limit - spent, ends, segments[(place + 1)...], between)
    }
    return points.indices.map { points[$0][ends[$0]] }
  }

  private struct Segment {
    var variable: Int
    var from: Int
    var to: Int
    var yield: Double
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

  /// What is left of the limit goes to the segment's variable; or to the others, as far as they take it; or as much is taken from
  /// another as the segment lacks.
  private func filled(
    _ segment: Segment, rest: Double, _ ends: [Int], _ later: ArraySlice<Segment>, _ between: (Int, Double) -> Double
  ) -> [Double] {
    let own = segment.variable
    let start = points.indices.map { points[$0][ends[$0]] }
    var plain = start
    plain[own] += rest
    // Between neighbouring points there is nothing that a segment could hide.
    guard segment.to > segment.from + 1 else { return plain }
    var answers = [plain]
    var others = start
    var left = rest
    for other in later where other.variable != own && left > 0 && other.yield > 0 {
      let room = points[other.variable][other.to] - others[other.variable]
      let taken = min(room, left)
      guard taken > 0 else { continue }
      others[other.variable] += taken
      left -= taken
    }
    if left <= 0 || start.reduce(0, +) + rest - left >= lower { answers.append(others) }
    let lacking = points[own][segment.to] - points[own][segment.from] - rest
    for other in points.indices where other != own && start[other] - lacking >= points[other][0] {
      var swapped = start
      swapped[own] = points[own][segment.to]
      swapped[other] -= lacking
      answers.append(swapped)
    }
    func total(_ x: [Double]) -> Double { x.indices.reduce(0) { $0 + between($1, x[$1]) } }
    return answers.map { (x: $0, total: total($0)) }.max { $0.total < $1.total }?.x ?? plain
  }
}
