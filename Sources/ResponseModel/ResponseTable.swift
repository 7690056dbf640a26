import Foundation
public import NumericKernel
import Synchronization

/// A response surface read from a table: for searching, where it is many times faster than the surface itself; what is
/// reported comes from the surface.
///
/// Nodes are even in the logarithm of a cell's money. A node is the cell's value and slope under every draw, made when it is
/// first asked for, and between two nodes each draw is the cubic that has both their values and slopes (Hermite). With h the
/// distance of nodes and M the greatest fourth derivative of the curve in that logarithm, it is off by at most M h⁴ / 384. A cell
/// below the table's floor, one whose family has no such M, and one for which there is no memory left is evaluated exactly; cells
/// without money, which plans of many hills are full of, once.
public struct ResponseTable: Sendable {
  /// The distance between nodes, in the logarithm of money: at 0.1 the error is below a millionth of a logistic ceiling.
  public static let defaultStep = 0.1
  /// All nodes together take no more memory than this.
  public static let defaultByteLimit = 256 << 20

  /// What is tabulated.
  public let surface: ResponseSurface
  /// The distance between nodes.
  public let step: Double
  /// Below this much money cells are evaluated exactly: a millionth of `unit`.
  public let floor: Double

  private let unit: Double
  private let isTabulated: [Bool]
  private let nodes: Nodes
  private let rest = Once<SurfacePoint>()

  /// - Parameters:
  ///   - unit: money that is of the order of what will be asked for, above 0: a node stands at it.
  ///   - step: the distance between nodes, in the logarithm of money.
  ///   - byteLimit: the memory that nodes may take.
  public init(
    of surface: ResponseSurface, unit: Double, step: Double = defaultStep, byteLimit: Int = defaultByteLimit
  ) {
    precondition(unit > 0 && unit.isFinite && step > 0, "A table has a positive unit and step.")
    self.surface = surface
    self.unit = unit
    self.step = step
    floor = 1e-6 * unit
    isTabulated = surface.canBeTabulated
    nodes = Nodes(
      cellCount: surface.cellCount, limit: byteLimit / (2 * max(surface.drawCount, 1) * MemoryLayout<Double>.stride))
  }

  /// One number per draw: how far the cell's response in the table may be from the surface; nil where the cell is not
  /// tabulated, and exact.
  public func errorBounds(of cell: Int) -> [Double]? {
    surface.fourthLogDerivatives(cell)?.map { $0 * pow(step, 4) / 384 }
  }

  /// Draws by cells, as `ResponseSurface.responses` but for `errorBounds`.
  public func responses(at spend: [Double]) -> DrawMatrix {
    var values = DrawMatrix(unwritten: surface.drawCount, columnCount: surface.cellCount)
    let exact = ResponseSurface.Place.all(spend).filter { place in
      if place.spend == 0 {
        values.copyColumn(place.cell, of: atRest.responses)
        return false
      }
      guard let found = interval(place) else { return true }
      found.combination.combine(found.rows, into: &values, column: place.column)
      return false
    }
    surface.evaluate(exact, values: &values)
    return values
  }

  /// As `ResponseSurface.point`. Slopes are off by what the cubics are, curvatures jump a little from one interval to the next.
  public func point(at spend: [Double]) -> SurfacePoint {
    var point = SurfacePoint(drawCount: surface.drawCount, cellCount: surface.cellCount)
    let exact = ResponseSurface.Place.all(spend).filter { place in
      if place.spend == 0 {
        point.copyCell(place.cell, of: atRest)
        return false
      }
      guard let found = interval(place) else { return true }
      found.combination.combine(
        found.rows, into: &point.responses, &point.slopes, &point.curvatures, column: place.column)
      return false
    }
    surface.evaluate(exact, into: &point)
    return point
  }

  /// No money anywhere.
  private var atRest: SurfacePoint {
    rest.value { surface.point(at: [Double](repeating: 0, count: surface.cellCount)) }
  }

  private func interval(_ place: ResponseSurface.Place) -> (rows: [DrawMatrix], combination: RowCombination)? {
    guard let interval = interval(of: place.spend, in: place.cell), let low = node(interval.index, of: place.cell),
      let high = node(interval.index + 1, of: place.cell)
    else { return nil }
    return ([low.values, low.slopes, high.values, high.slopes], interval.combination)
  }

  private func node(_ index: Int, of cell: Int) -> Nodes.Node? {
    nodes.node(index, of: cell) {
      var values = DrawMatrix(unwritten: surface.drawCount, columnCount: 1)
      var slopes = DrawMatrix(unwritten: surface.drawCount, columnCount: 1)
      let place = ResponseSurface.Place(cell: cell, spend: unit * exp(Double(index) * step), column: 0)
      surface.evaluate([place], values: &values, slopes: &slopes)
      return Nodes.Node(values: values, slopes: slopes)
    }
  }

  private func interval(of spend: Double, in cell: Int) -> LogInterval? {
    isTabulated[cell] && spend >= floor ? LogInterval(of: spend, unit: unit, step: step) : nil
  }
}

/// Where some money is between two nodes.
private struct LogInterval {
  /// The node below, counted from the unit.
  let index: Int
  /// The cubic's value and its first two derivatives in money, from values and slopes in money of the node below and the
  /// node above.
  let combination: RowCombination

  /// Nil where the logarithm cannot be told: not a number, or infinite.
  init?(of spend: Double, unit: Double, step: Double) {
    let place = log(spend / unit) / step
    guard abs(place) < 1e9 else { return nil }
    index = Int(place.rounded(.down))
    let t = place - Double(index)
    // Slopes at the nodes, from those in money to those in t.
    let low = step * unit * exp(Double(index) * step)
    let high = step * unit * exp(Double(index + 1) * step)
    let values = [
      (1 + 2 * t) * (1 - t) * (1 - t), low * t * (1 - t) * (1 - t), t * t * (3 - 2 * t), high * t * t * (t - 1),
    ]
    let first = [-6 * t * (1 - t), low * (1 - t) * (1 - 3 * t), 6 * t * (1 - t), high * t * (3 * t - 2)]
    let second = [12 * t - 6, low * (6 * t - 4), 6 - 12 * t, high * (6 * t - 2)]
    combination = RowCombination(
      values: values, slopes: first.map { $0 / (step * spend) },
      curvatures: zip(first, second).map { ($1 / step - $0) / (step * spend * spend) })
  }
}

/// The nodes made so far, cell by cell, up to a limit on their number.
private final class Nodes: Sendable {
  struct Node: Sendable {
    let values: DrawMatrix
    let slopes: DrawMatrix
  }

  private struct State {
    var nodes: [[Int: Node]]
    var count = 0
  }

  private let limit: Int
  private let state: Mutex<State>

  init(cellCount: Int, limit: Int) {
    self.limit = limit
    state = Mutex(State(nodes: Array(repeating: [:], count: cellCount)))
  }

  /// Made outside the lock: two threads may make the same node, to the same bits.
  func node(_ index: Int, of cell: Int, make: () -> Node) -> Node? {
    let (found, isFull) = state.withLock { ($0.nodes[cell][index], $0.count >= limit) }
    if let found { return found }
    guard !isFull else { return nil }
    let node = make()
    state.withLock { state in
      if state.nodes[cell].updateValue(node, forKey: index) == nil { state.count += 1 }
    }
    return node
  }
}
