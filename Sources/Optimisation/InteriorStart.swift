import NumericKernel

/// A point inside of every limit: of those near another point one that leaves room.
///
/// The distance from that point is made small by the interior point method itself, in which limits need not hold at first (Mehrotra, SIAM J.
/// Optimization 2, 1992); it ends with the first step that meets them all.
struct InteriorStart {
  private let limits: InteriorLimits

  init(_ limits: InteriorLimits) { self.limits = limits }

  /// Systems factored before the search is given up.
  private static let iterationLimit = 100

  /// What a search for a point came to.
  enum Ending {
    case inside([Double])
    /// Of the polytope's rows: multipliers that no point agrees with.
    case contradiction([Double])
    case unknown
  }

  /// The search ends without a point where most often the limits contradict each other: the prices that it ended with then prove that.
  func search(near reference: [Double], in polytope: SparsePolytope) -> Ending {
    var prices: (rows: [Double], equalities: [Double])?
    if let point = point(near: reference, prices: &prices) { return .inside(point) }
    guard let prices else { return .unknown }
    let multipliers = limits.rowMultipliers(prices.rows, prices.equalities, count: polytope.rows.count)
    return polytope.isContradicted(by: multipliers) ? .contradiction(multipliers) : .unknown
  }

  private func point(near reference: [Double], prices: inout (rows: [Double], equalities: [Double])?) -> [Double]? {
    let count = limits.variableCount
    // A tenth of the way inside, so that no bound is near at first.
    var x = reference.indices.map { j in
      min(max(reference[j], limits.lower[j] + 0.1 * limits.range(j)), limits.upper[j] - 0.1 * limits.range(j))
    }
    let scale = limits.targets.reduce(limits.lower.prefix(count).reduce(0) { max($0, abs($1)) }) { max($0, abs($1)) }
    let hessian = Matrix(diagonal: (0..<count).map { -1 / (limits.range($0) * limits.range($0)) })
    var state = limits.rooms(at: x)
    let sizes = limits.sizes
    // Rooms of rows that do not hold are what they should be.
    for i in state.lowerRoom.indices {
      state.lowerRoom[i] = max(state.lowerRoom[i], 0.1 * sizes[i])
      state.upperRoom[i] = max(state.upperRoom[i], 0.1 * sizes[i])
    }
    state.price(0.1)
    var multipliers = [Double].zeros(limits.equalities.count)
    for _ in 0..<InteriorStart.iterationLimit {
      let activities = limits.activities(x)
      let missing = limits.missing(x)
      let lowerExcess = activities.indices.map { i in
        state.lowerRoom[i].isFinite ? activities[i] - limits.lower[i] - state.lowerRoom[i] : 0
      }
      let upperExcess = activities.indices.map { i in
        state.upperRoom[i].isFinite ? limits.upper[i] - activities[i] - state.upperRoom[i] : 0
      }
      let broken = zip(zip(lowerExcess, upperExcess), sizes).reduce(0) { worst, limit in
        max(worst, max(abs(limit.0.0), abs(limit.0.1)) / limit.1)
      }
      if broken <= 1e-12, magnitude(missing) <= 1e-12 * max(scale, .leastNormalMagnitude) { return x }
      let gradient = x.indices.map { hessian[$0, $0] * (x[$0] - reference[$0]) }
      guard let system = BarrierSystem(hessian: hessian, limits: limits, state: state, shift: 0) else { return nil }
      let mu = state.complementarity / Double(limits.endCount)
      func step(_ mu: Double, _ predictor: BarrierStep?) -> BarrierStep? {
        system.step(
          gradient: gradient, equalityMultipliers: multipliers, missing: missing, lowerExcess: lowerExcess,
          upperExcess: upperExcess, mu: mu, predictor: predictor)
      }
      guard let predictor = step(0, nil) else { return nil }
      var ahead = state
      ahead.move(along: predictor, by: state.longestStep(predictor), prices: state.longestPriceStep(predictor))
      let ratio = ahead.complementarity / state.complementarity
      // Room is what is sought: prices stay well above nothing.
      guard let corrected = step(mu * max(ratio * ratio * ratio, 0.1), predictor) else { return nil }
      let (length, priceLength) = (state.longestStep(corrected), state.longestPriceStep(corrected))
      x = x.plus(corrected.x.scaled(by: length))
      multipliers = multipliers.plus(corrected.equalityMultipliers.scaled(by: priceLength))
      state.move(along: corrected, by: length, prices: priceLength)
      prices = (state.prices, multipliers)
    }
    return nil
  }
}

extension BarrierState {
  /// Moves rooms and prices along a step.
  mutating func move(along step: BarrierStep, by length: Double, prices priceLength: Double) {
    lowerRoom = zip(lowerRoom, step.lowerRoom).map { $0 + length * $1 }
    upperRoom = zip(upperRoom, step.upperRoom).map { $0 + length * $1 }
    lowerPrice = zip(lowerPrice, step.lowerPrice).map { $0 + priceLength * $1 }
    upperPrice = zip(upperPrice, step.upperPrice).map { $0 + priceLength * $1 }
  }

  /// Whether there is room everywhere.
  var isInside: Bool { lowerRoom.allSatisfy { $0 > 0 } && upperRoom.allSatisfy { $0 > 0 } }
}

extension SparsePolytope {
  /// Whether multipliers of the rows prove that there is no point: `0 = (Aᵀ y − Aᵀ y) · x ≤ y · b + Σ_j max(−(Aᵀ y)_j x_j) < 0`, after
  /// rounding.
  func isContradicted(by multipliers: [Double]) -> Bool {
    let nothing = [Double].zeros(dimension)
    let bound = linearBound(nothing, from: nothing, multipliers: multipliers)
    return bound.value + provedRounding * bound.size < 0
  }
}

extension InteriorLimits {
  /// One for each of the polytope's rows.
  func rowMultipliers(_ prices: [Double], _ equalityMultipliers: [Double], count: Int) -> [Double] {
    var multipliers = [Double].zeros(count)
    for (row, price) in zip(rows, prices.dropFirst(variableCount)) { multipliers[row.index] = price }
    for (row, price) in zip(equalities, equalityMultipliers) { multipliers[row.index] = price }
    return multipliers
  }

  /// What the limits leave at a point, without prices.
  func rooms(at x: [Double]) -> BarrierState {
    let activities = activities(x)
    let none = [Double].zeros(count)
    return BarrierState(
      lowerRoom: activities.minus(lower), upperRoom: upper.minus(activities), lowerPrice: none, upperPrice: none)
  }

  /// Of each limit: a variable's range, and of a row as much as its variables' ranges can make of it, or what is between its ends if
  /// that is less.
  var sizes: [Double] {
    let variables = (0..<variableCount).map(range)
    return variables
      + rows.indices.map { index in
        let row = rows[index]
        let reach = zip(row.places, row.coefficients).reduce(0) { max($0, abs($1.1) * range($1.0)) }
        return min(reach, upper[variableCount + index] - lower[variableCount + index])
      }
  }

  /// The point with variables that are next to a bound, and held there, at it, and the equalities made up for by the others; as it
  /// is where that would break a row.
  func settled(_ x: [Double], prices: [Double]) -> [Double] {
    var settled = x
    var moving = [Double](repeating: 1, count: x.count)
    for j in x.indices {
      let near = 1e-7 * range(j)
      if x[j] - lower[j] < near, prices[j] < 0 {
        settled[j] = lower[j]
      } else if upper[j] - x[j] < near, prices[j] > 0 {
        settled[j] = upper[j]
      } else {
        continue
      }
      moving[j] = 0
    }
    // The least move of the others that meets the equalities again, in units of the way that each can go.
    let weights = settled.indices.map { j in
      let room = min(settled[j] - lower[j], upper[j] - settled[j])
      return moving[j] * room * room
    }
    for _ in 0..<2 {
      let missing = missing(settled)
      guard !missing.isEmpty else { break }
      var square = Matrix(rowCount: missing.count, columnCount: missing.count)
      let dense = equalities.map { $0.dense(x.count) }
      for a in dense.indices {
        for b in dense.indices {
          square[a, b] = settled.indices.reduce(0) { $0 + dense[a][$1] * weights[$1] * dense[b][$1] }
        }
      }
      do {
        let amounts = try Cholesky(square).solve(missing)
        for (row, amount) in zip(dense, amounts) {
          for j in settled.indices { settled[j] += amount * row[j] * weights[j] }
        }
      } catch {
        return x
      }
    }
    // Amounts that do not meet the equalities are none.
    guard magnitude(missing(settled)) <= max(magnitude(missing(x)), 1e-12 * scale) else { return x }
    let (before, after) = (rooms(at: x), rooms(at: settled))
    let sizes = sizes
    func holds(_ room: Double, _ was: Double, _ size: Double) -> Bool { room >= min(0, was) - 1e-10 * size }
    let holds = (0..<count).allSatisfy { i in
      let size = i < variableCount ? 0 : sizes[i]
      return holds(after.lowerRoom[i], before.lowerRoom[i], size)
        && holds(after.upperRoom[i], before.upperRoom[i], size)
    }
    return holds ? settled : x
  }
}
