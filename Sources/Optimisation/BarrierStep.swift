import Foundation
import NumericKernel

/// Room to the limits' ends, and the ends' prices: what an interior point keeps positive. Of an end that is not there the room is
/// infinite and the price zero.
struct BarrierState {
  var lowerRoom: [Double]
  var upperRoom: [Double]
  var lowerPrice: [Double]
  var upperPrice: [Double]

  /// `Σ room · price`: how far the value may be from the best, once the prices are right.
  var complementarity: Double {
    zip(lowerRoom, lowerPrice).reduce(0) { $0 + ($1.1 > 0 ? $1.0 * $1.1 : 0) }
      + zip(upperRoom, upperPrice).reduce(0) { $0 + ($1.1 > 0 ? $1.0 * $1.1 : 0) }
  }

  /// `Σ log room`.
  var barrier: Double {
    lowerRoom.reduce(0) { $0 + ($1.isFinite ? log($1) : 0) }
      + upperRoom.reduce(0) { $0 + ($1.isFinite ? log($1) : 0) }
  }

  /// The prices in one number for each limit: positive where the upper end's is greater.
  var prices: [Double] { upperPrice.minus(lowerPrice) }

  /// Prices so that room times price is `mu`.
  mutating func price(_ mu: Double) {
    lowerPrice = lowerRoom.map { $0.isFinite ? mu / $0 : 0 }
    upperPrice = upperRoom.map { $0.isFinite ? mu / $0 : 0 }
  }

  /// Prices far from `mu / room` are brought nearer: they would say nothing of the barrier any more.
  mutating func tame(_ mu: Double) {
    let reach = 1e8
    for i in lowerRoom.indices where lowerRoom[i].isFinite {
      lowerPrice[i] = min(max(lowerPrice[i], mu / (reach * lowerRoom[i])), reach * mu / lowerRoom[i])
    }
    for i in upperRoom.indices where upperRoom[i].isFinite {
      upperPrice[i] = min(max(upperPrice[i], mu / (reach * upperRoom[i])), reach * mu / upperRoom[i])
    }
  }

  /// The longest part of a step, up to 1, that leaves some share of every room.
  func longestStep(_ step: BarrierStep) -> Double {
    min(part(lowerRoom, step.lowerRoom), part(upperRoom, step.upperRoom))
  }

  /// The same of the prices.
  func longestPriceStep(_ step: BarrierStep) -> Double {
    min(part(lowerPrice, step.lowerPrice), part(upperPrice, step.upperPrice))
  }

  private func part(_ values: [Double], _ steps: [Double]) -> Double {
    var part = 1.0
    for (value, step) in zip(values, steps) where step < 0 { part = min(part, -BarrierState.share * value / step) }
    return part
  }

  /// Of the way to an end that one step may go.
  static let share = 0.995
}

/// A step of an interior point: of the variables, the equalities' multipliers, and what `BarrierState` holds.
struct BarrierStep {
  var x: [Double]
  var equalityMultipliers: [Double]
  var lowerRoom: [Double]
  var upperRoom: [Double]
  var lowerPrice: [Double]
  var upperPrice: [Double]
}

/// Newton's equations of one iterate, factored: every right-hand side costs a solve.
///
/// With H the Hessian of the function that is maximised, A the limits, E the equalities and `W = price / room` summed over both ends,
/// `K = δI − H + Aᵀ W A` is factored by Cholesky, and the equalities by their Schur complement `E K⁻¹ Eᵀ`. Where K is not positive
/// definite, as where H curves upward, δ grows until it is.
struct BarrierSystem {
  private let limits: InteriorLimits
  private let state: BarrierState
  private let factor: Cholesky
  /// `K⁻¹ Eᵀ`, one for each equality.
  private let images: [[Double]]
  private let schur: Cholesky?
  /// δ.
  let shift: Double

  /// Nil where no shift makes K positive definite: it holds what is no number.
  init?(hessian: Matrix, limits: InteriorLimits, state: BarrierState, shift hint: Double) {
    self.limits = limits
    self.state = state
    let count = limits.variableCount
    var matrix = Matrix(rowCount: count, columnCount: count)
    for column in 0..<count {
      for row in column..<count { matrix[row, column] = -hessian[row, column] }
    }
    let steepest = (0..<count).reduce(0) { max($0, abs(hessian[$1, $1])) }
    let weights = (0..<limits.count).map { i in
      (state.lowerPrice[i] > 0 ? state.lowerPrice[i] / state.lowerRoom[i] : 0)
        + (state.upperPrice[i] > 0 ? state.upperPrice[i] / state.upperRoom[i] : 0)
    }
    limits.addSquares(weights, to: &matrix)
    guard
      let (factor, shift) = BarrierSystem.factor(
        matrix, hint < 1e-4 * steepest ? 0 : hint, least: 1e-4 * steepest)
    else { return nil }
    (self.factor, self.shift) = (factor, shift)
    let images = limits.equalities.map { factor.solve($0.dense(count)) }
    self.images = images
    guard !images.isEmpty else {
      schur = nil
      return
    }
    var complement = Matrix(rowCount: images.count, columnCount: images.count)
    for (column, image) in images.enumerated() {
      for (row, equality) in limits.equalities.enumerated() { complement[row, column] = equality.sum(image) }
    }
    // Equalities that say the same twice leave the complement singular.
    let greatest = complement.diagonal.reduce(0, max)
    guard let (schur, _) = BarrierSystem.factor(complement, 0, least: 1e-13 * greatest) else { return nil }
    self.schur = schur
  }

  private static func factor(_ matrix: Matrix, _ hint: Double, least: Double) -> (Cholesky, Double)? {
    // LAPACK refuses to look for a factor of what is not a number.
    guard matrix.elements.allSatisfy(\.isFinite) else { return nil }
    var shift = hint
    for _ in 0..<40 {
      do {
        let shifted = shift > 0 ? matrix + Matrix(diagonal: [Double](repeating: shift, count: matrix.rowCount)) : matrix
        return (try Cholesky(shifted), shift)
      } catch {
        shift = shift > 0 ? 4 * shift : max(least, .leastNormalMagnitude)
      }
    }
    return nil
  }

  /// Nil where the right-hand side is beyond numbers.
  ///
  /// - Parameters:
  ///   - gradient: of the function that is maximised.
  ///   - equalityMultipliers: now.
  ///   - missing: what the equalities lack.
  ///   - lowerExcess: what each limit's activity is above its lower end and the room that is kept; nil for nothing.
  ///   - upperExcess: the same of upper ends.
  ///   - mu: what room times price is to become.
  ///   - predictor: a step whose products of room and price are taken into account; nil for none.
  func step(
    gradient: [Double], equalityMultipliers: [Double], missing: [Double], lowerExcess: [Double]? = nil,
    upperExcess: [Double]? = nil, mu: Double, predictor: BarrierStep?
  ) -> BarrierStep? {
    let count = limits.count
    func wanted(
      _ room: [Double], _ price: [Double], _ roomStep: [Double]?, _ priceStep: [Double]?
    ) -> [Double] {
      (0..<count).map { i in
        guard room[i].isFinite else { return 0 }
        return mu - room[i] * price[i] - (roomStep?[i] ?? 0) * (priceStep?[i] ?? 0)
      }
    }
    let lowerWanted = wanted(state.lowerRoom, state.lowerPrice, predictor?.lowerRoom, predictor?.lowerPrice)
    let upperWanted = wanted(state.upperRoom, state.upperPrice, predictor?.upperRoom, predictor?.upperPrice)
    let pull = (0..<count).map { i in
      let up = (upperWanted[i] - state.upperPrice[i] * (upperExcess?[i] ?? 0)) / state.upperRoom[i]
      let down = (lowerWanted[i] - state.lowerPrice[i] * (lowerExcess?[i] ?? 0)) / state.lowerRoom[i]
      return up - down + state.upperPrice[i] - state.lowerPrice[i]
    }
    let right = gradient.minus(limits.combination(pull)).minus(limits.equalityCombination(equalityMultipliers))
    guard right.allSatisfy(\.isFinite) else { return nil }
    let bare = factor.solve(right)
    var x = bare
    var multiplierStep: [Double] = []
    if let schur {
      let lacking = zip(limits.equalities, missing).map { $0.sum(bare) - $1 }
      guard lacking.allSatisfy(\.isFinite) else { return nil }
      multiplierStep = schur.solve(lacking)
      for (image, amount) in zip(images, multiplierStep) {
        for j in x.indices { x[j] -= amount * image[j] }
      }
    }
    let moves = limits.activities(x)
    let lowerRoom = (0..<count).map { state.lowerRoom[$0].isFinite ? (lowerExcess?[$0] ?? 0) + moves[$0] : 0 }
    let upperRoom = (0..<count).map { state.upperRoom[$0].isFinite ? (upperExcess?[$0] ?? 0) - moves[$0] : 0 }
    return BarrierStep(
      x: x, equalityMultipliers: multiplierStep, lowerRoom: lowerRoom, upperRoom: upperRoom,
      lowerPrice: (0..<count).map {
        (lowerWanted[$0] - state.lowerPrice[$0] * lowerRoom[$0]) / state.lowerRoom[$0]
      },
      upperPrice: (0..<count).map {
        (upperWanted[$0] - state.upperPrice[$0] * upperRoom[$0]) / state.upperRoom[$0]
      })
  }
}
