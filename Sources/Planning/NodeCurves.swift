import NumericKernel
import ResponseModel

/// Every cell's response under every draw, at money from its least to its most: cubics between points that have both the values and the
/// slopes there (Hermite), so that thousands of draws can be looked at one by one.
struct NodeCurves: Sendable {
  /// By cell: money at each point, from its least to its most, denser towards the lower end; one point where it cannot move.
  let points: [[Double]]
  /// By point, draws by cells.
  private let values: [DrawMatrix]
  private let slopes: [DrawMatrix]

  /// Points of a cell.
  static let count = 97

  init(_ surface: ResponseSurface, lower: [Double], upper: [Double]) {
    let last = Double(Self.count - 1)
    points = zip(lower, upper).map { lower, upper in
      guard upper > lower else { return [lower] }
      return (0..<Self.count).map { index in
        let place = Double(index) / last
        return index == Self.count - 1 ? upper : lower + (upper - lower) * place * place
      }
    }
    let all = points
    let made = (0..<Self.count).map { index in surface.slopes(at: all.map { $0[min(index, $0.count - 1)] }) }
    values = made.map(\.responses)
    slopes = made.map(\.slopes)
  }

  var drawCount: Int { values[0].drawCount }

  /// By point, of a cell under one draw.
  func values(_ draw: Int, _ cell: Int) -> [Double] { points[cell].indices.map { values[$0][draw, cell] } }

  /// By cell, then by point.
  func values(_ draw: Int) -> [[Double]] { points.indices.map { values(draw, $0) } }

  /// One number per draw.
  func column(_ cell: Int, _ point: Int) -> [Double] { values[point].column(cell) }

  /// The same of its slope.
  func slopeColumn(_ cell: Int, _ point: Int) -> [Double] { slopes[point].column(cell) }

  /// The response of a cell under one draw at some of its money.
  func value(_ draw: Int, _ cell: Int, at money: Double) -> Double {
    value(of: cell, at: money) { (values[$0][draw, cell], slopes[$0][draw, cell]) }
  }

  /// The same of any curve that is known at the cell's points: its value and its slope there.
  func value(of cell: Int, at money: Double, knowing known: (Int) -> (value: Double, slope: Double)) -> Double {
    let points = points[cell]
    guard points.count > 1 else { return known(0).value }
    // Points are squares of even ones.
    let place = max(0, (money - points[0]) / (points[points.count - 1] - points[0])).squareRoot()
    var low = min(max(0, Int(place * Double(points.count - 1))), points.count - 2)
    if low > 0, points[low] > money { low -= 1 }
    if low < points.count - 2, points[low + 1] < money { low += 1 }
    let width = points[low + 1] - points[low]
    let t = min(max((money - points[low]) / width, 0), 1)
    let (start, end) = (known(low), known(low + 1))
    let (a, b) = (start.value, end.value)
    let (da, db) = (start.slope * width, end.slope * width)
    guard da.isFinite, db.isFinite else { return a + t * (b - a) }
    let cubic = a + t * (da + t * (3 * (b - a) - 2 * da - db + t * (da + db - 2 * (b - a))))
    // A cubic may swing out where a curve bends sharply within one interval; the curve does not.
    return min(max(cubic, min(a, b)), max(a, b))
  }
}
