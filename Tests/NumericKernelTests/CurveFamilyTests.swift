import Foundation
import NumericKernel
import Testing

#if arch(x86_64)
  /// A curve of unit scale and rate in 64 bits of mantissa, with its derivatives in spend where media are u and spend is 1.
  private struct Reference: Sendable, CustomTestStringConvertible {
    let kernel: CurveKernel
    /// After the scale.
    var parameters: [Double] = []
    /// What is smaller, or larger than its inverse, need not keep its digits.
    var smallest: Float80 = 1e-290
    /// Value, slope and curvature at u.
    let point: @Sendable (Float80) -> (Float80, Float80, Float80)
    /// How many times the error of u, or of a parameter, comes back in the result.
    var condition: @Sendable (Float80) -> Float80 = { _ in 1 }

    var testDescription: String { "\(kernel) \(parameters)" }

    static let exponential = Reference(kernel: .exponential, parameters: [1]) { u in
      let e = Foundation.exp(-u)
      return (-Foundation.expm1(-u), u * e, -u * u * e)
    }

    static let michaelisMenten = Reference(kernel: .michaelisMenten, parameters: [1]) { u in
      let r = 1 / (1 + u)
      return (u * r, u * r * r, -2 * (u * r) * (u * r) * r)
    }

    static let log = Reference(kernel: .log) { u in
      let share = u / (1 + u)
      return (Foundation.log1p(u), share, -share * share)
    }

    static let linear = Reference(kernel: .linear) { u in (u, u, 0) }

    static func root(_ alpha: Double) -> Reference {
      let exponent = Float80(alpha)
      return Reference(kernel: .root, parameters: [alpha]) { u in
        let power = Foundation.exp(exponent * Foundation.log(u))
        return (power, exponent * power, exponent * (exponent - 1) * power)
      } condition: { u in
        1 + exponent * abs(Foundation.log(u))
      }
    }

    static func hillSigmoid(_ lam: Double) -> Reference {
      let c = Float80(lam)
      // The kernel neglects 1e-152, e^-350, where c is larger than 350.
      return Reference(kernel: .hillSigmoid, parameters: [1, lam], smallest: 1e-136) { u in
        let e = Foundation.exp(c - u)
        let slope = u * e / ((1 + e) * (1 + e))
        return (
          -Foundation.expm1(-u) / ((1 + e) * (1 + Foundation.exp(-c))), slope, u * slope * (e - 1) / (1 + e)
        )
      } condition: { u in
        1 + c + u
      }
    }

    static let all =
      [exponential, michaelisMenten, log, linear] + [0.02, 0.3, 0.5, 0.9, 1].map { root($0) }
      + [0, 0.3, 5, 40, 500, 640, 2000].map { hillSigmoid($0) }
  }
#endif

@Suite struct CurveFamilyTests {
  #if arch(x86_64)
    /// From 1e-300 to 1e300; and around the place that parameters put something at.
    private func media(_ reference: Reference) -> [Double] {
      let around = reference.parameters.last ?? 1
      let far: [Double] = (0..<2003).map { pow(10, -300 + Double($0) * 0.2996) }
      let near: [Double] = (1..<200).map { around * Double($0) / 100 }
      return (far + near).filter { $0 > 0 }
    }

    @Test(arguments: instructionSets, [0.02, 0.3, 0.5, 0.9])
    func `a root keeps its digits down to the least normal number`(set: String, alpha: Double) {
      let media = [1, 1.2, 1.4, 1.7, 3].map { $0 * Double.leastNormalMagnitude }
      let tiles = bareCurve(
        .root, media: media, parameters: [repeated(1, media.count), repeated(alpha, media.count)])
      guard let sums = evaluate(tiles, on: set) else { return }
      for (draw, u) in media.enumerated() {
        let power = Foundation.exp(Float80(alpha) * Foundation.log(Float80(u)))
        // The exponent's error comes back as many times as the logarithm is large, about 708.
        #expect(abs(Float80(sums.values[draw, 0]) - power) <= 4e-15 * 708 * power)
        #expect(abs(Float80(sums.slopes[draw, 0]) - Float80(alpha) * power) <= 1e-13 * 708 * power)
      }
    }

    @Test(arguments: instructionSets, Reference.all)
    private func `a kernel keeps its digits from 1e-300 to 1e300`(set: String, reference: Reference) {
      let media = media(reference)
      let columns = ([1] + reference.parameters).map { repeated($0, media.count) }
      /// Whether a number is far enough from both ends of the range to keep its digits.
      func isPlain(_ number: Float80) -> Bool {
        abs(number) > reference.smallest && abs(number) < 1 / reference.smallest
      }
      guard let sums = evaluate(bareCurve(reference.kernel, media: media, parameters: columns, isKept: false), on: set)
      else { return }
      for (draw, x) in media.enumerated() {
        let u = Float80(x)
        let (value, slope, curvature) = reference.point(u)
        let factor = reference.condition(u)
        if isPlain(value) {
          #expect(abs(Float80(sums.values[draw, 0]) - value) <= 4e-15 * factor * value, "value at \(x)")
        }
        // The kernel differentiates in u, and multiplies by media afterwards.
        guard isPlain(slope / u), isPlain(slope) else { continue }
        #expect(abs(Float80(sums.slopes[draw, 0]) - slope) <= 1e-13 * factor * slope, "slope at \(x)")
        guard isPlain(slope / u / u) else { continue }
        // At an inflection curvature is the difference of two numbers of the slope's size times u.
        guard isPlain(curvature / u / u) || abs(curvature) < 1e-10 * slope else { continue }
        #expect(
          abs(Float80(sums.curvatures[draw, 0]) - curvature)
            <= 1e-13 * factor * (abs(curvature) + slope * min(1 + u, factor)), "curvature at \(x)")
      }
    }
  #endif

  /// A scale of 1, and what else each family has.
  private let plain: [(kernel: CurveKernel, parameters: [Double])] = [
    (.logistic, [1, 1]), (.exponential, [1, 1]), (.michaelisMenten, [1, 1]), (.hillSigmoid, [1, 1, 3]),
    (.hill, [1, 1, 2]), (.log, [1]), (.linear, [1]), (.root, [1, 0.5]),
  ]

  @Test(arguments: instructionSets)
  func `every curve is nothing at zero, and not a number where media or a parameter are not`(set: String) {
    for (kernel, parameters) in plain {
      // Draw 0 is plain, draw 1 has bad media, and each further draw one bad parameter.
      let count = 2 + parameters.count
      let columns = parameters.indices.map { index in
        (0..<count).map { $0 == 2 + index ? .nan : parameters[index] }
      }
      let media = (0..<count).map { $0 == 1 ? Double.nan : 1 }
      for isKept in [true, false] {
        let tiles = bareCurve(kernel, media: media, parameters: columns, isKept: isKept)
        guard let some = evaluate(tiles, on: set), let none = evaluate(tiles, at: 0, on: set) else { return }
        #expect(none.values[0, 0] == 0)
        #expect(some.values[0, 0] > 0 && some.slopes[0, 0] > 0)
        for draw in 1..<count {
          #expect(some.values[draw, 0].isNaN && some.slopes[draw, 0].isNaN, "\(kernel), draw \(draw), kept \(isKept)")
        }
      }
    }
  }

  @Test(arguments: instructionSets)
  func `far out each curve is at its ceiling, if it has one`(set: String) {
    for (kernel, parameters) in plain {
      let tiles = bareCurve(
        kernel, media: [1e4, 1e100, 1e300], parameters: parameters.map { repeated($0, 3) }, isKept: false)
      guard let sums = evaluate(tiles, on: set) else { return }
      #expect((0..<3).allSatisfy { sums.slopes[$0, 0].isFinite && sums.slopes[$0, 0] >= 0 })
      switch kernel {
      case .logistic, .exponential, .michaelisMenten, .hill: #expect(sums.values[2, 0] == 1)
      case .hillSigmoid: #expect(abs(sums.values[0, 0] - 1 / (1 + exp(-3))) <= 4e-16)
      case .linear: #expect(sums.values.column(0) == [1e4, 1e100, 1e300])
      case .log, .root: #expect(sums.values[1, 0] > sums.values[0, 0] && sums.values[2, 0] > sums.values[1, 0])
      }
    }
  }

  @Test(arguments: instructionSets)
  func `at zero a root is infinitely steep, or a line`(set: String) {
    guard let sums = evaluate(bareCurve(.root, media: [4, 4], parameters: [[1, 1], [0.5, 1]]), at: 0, on: set) else {
      return
    }
    // What the kernel says in place of infinite, times media and times media squared.
    #expect(sums.values.column(0) == [0, 0])
    #expect(sums.slopes.column(0) == [0x1p512 * 4, 4])
    #expect(sums.curvatures.column(0) == [-0x1p512 * 16, 0])
  }

  @Test(arguments: [CurveKernel.hill, .root])
  func `one power for all periods is the same curve at any spend`(kernel: CurveKernel) throws {
    let count = 37
    let scales: [Double] = (0..<count).map { 0.5 + Double($0) }
    let columns: [[Double]] =
      switch kernel {
      case .root: [scales, scales.map { ($0 + 0.5) / Double(count) }]
      default: [scales, scales.map { 0.2 * $0 }, scales.map { 0.35 + 0.1 * $0 }]
      }
    let parameters = DrawMatrix(columns: columns, drawCount: count)
    let lagWeights = DrawMatrix(
      columns: [(0..<count).map { 1 / (1 + Double($0)) }, (0..<count).map { Double($0) / (1 + Double($0)) }],
      drawCount: count)
    func tiles(isKept: Bool) -> CurveTiles {
      CurveTiles(
        kernel, weights: [1, 2, 3, 4], parameters: parameters, lagWeights: lagWeights,
        exposures: [[1, 0], [0.5, 1], [0, 0.5], [0, 0]], bases: [[0, 2]]
      ).kept(isKept)
    }
    func agree(_ x: Double, _ y: Double, _ size: Double) -> Bool { x == y || abs(x - y) <= 1e-12 * abs(size) }
    for spend in [0, 1e-200, 1e-30, 1e-3, 0.5, 7, 1e6, 1e30] {
      let a = try #require(evaluate(tiles(isKept: true), at: spend))
      let b = try #require(evaluate(tiles(isKept: false), at: spend))
      for draw in 0..<count {
        let slope = b.slopes[draw, 0]
        #expect(agree(a.values[draw, 0], b.values[draw, 0], b.values[draw, 0]))
        #expect(agree(a.slopes[draw, 0], slope, slope))
        #expect(agree(a.curvatures[draw, 0], b.curvatures[draw, 0], slope / spend))
      }
    }
  }
}
