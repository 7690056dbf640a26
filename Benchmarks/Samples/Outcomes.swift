/// Outcome draws of the size and the right skew of a media response.
public func outcomes(_ count: Int) -> [Double] {
  var random = SplitMix(seed: 20_240_601)
  return (0..<count).map { _ in
    let sum = (0..<6).reduce(0) { total, _ in total + random.uniform() }
    return 1e6 * (1 + sum * sum / 9)
  }
}
