import Foundation

/// `Σ_r Σ_i x[r, i] x[r, i + lag]` at every lag from 0 below `length`: rows of so many numbers lie one after the other in `rows`.
///
/// The power spectrum's own transform (Wiener and Khinchin), of two rows at once as real and imaginary part: in time n log n, where one
/// lag after the other takes n². A few roundings of the sum at lag 0 away from `laggedProduct`.
public func laggedProducts(_ rows: Span<Double>, length: Int) -> [Double] {
  precondition(length >= 1 && rows.count % length == 0, "Rows have the same length, and something in them.")
  // As long again in zeros, so that no end meets a beginning.
  let transform = FourierTransform(size: 2 * length)
  let size = transform.size
  let rowCount = rows.count / length
  var power = [Double](repeating: 0, count: size)
  for row in stride(from: 0, to: rowCount, by: 2) {
    var real = [Double](repeating: 0, count: size)
    var imaginary = real
    for index in 0..<length {
      real[index] = rows[row * length + index]
      if row + 1 < rowCount { imaginary[index] = rows[(row + 1) * length + index] }
    }
    transform(&real, &imaginary)
    for index in 0..<size {
      let mirrored = (size - index) & (size - 1)
      let sizes = real[index] * real[index] + imaginary[index] * imaginary[index]
      power[index] += (sizes + real[mirrored] * real[mirrored] + imaginary[mirrored] * imaginary[mirrored]) / 2
    }
  }
  var nothing = [Double](repeating: 0, count: size)
  transform(&power, &nothing)
  return power[..<length].map { $0 / Double(size) }
}

/// `X[k] = Σ_t x[t] e^(−2πi k t / n)` in place, n a power of two.
///
/// Source: Cooley and Tukey, Mathematics of Computation 19 (1965), by decimation in time.
private struct FourierTransform {
  let size: Int
  private let cosines: [Double]
  private let sines: [Double]

  /// - Parameter size: rounded up to a power of two.
  init(size least: Int) {
    var size = 2
    while size < least { size *= 2 }
    self.size = size
    let angles = (0..<(size / 2)).map { -2 * Double.pi * Double($0) / Double(size) }
    cosines = angles.map { cos($0) }
    sines = angles.map { sin($0) }
  }

  func callAsFunction(_ real: inout [Double], _ imaginary: inout [Double]) {
    precondition(
      real.count == size && imaginary.count == size, "As many numbers are transformed as the transform is for.")
    // Each number to the place whose bits are its own backwards, which is counted up from the other end.
    var reversed = 0
    for index in 1..<size {
      var bit = size / 2
      while reversed & bit != 0 {
        reversed ^= bit
        bit /= 2
      }
      reversed |= bit
      if index < reversed {
        real.swapAt(index, reversed)
        imaginary.swapAt(index, reversed)
      }
    }
    var half = 1
    while half < size {
      let step = size / (2 * half)
      for block in stride(from: 0, to: size, by: 2 * half) {
        for offset in 0..<half {
          let (even, odd) = (block + offset, block + offset + half)
          let (c, s) = (cosines[offset * step], sines[offset * step])
          let turned = (real[odd] * c - imaginary[odd] * s, real[odd] * s + imaginary[odd] * c)
          (real[odd], imaginary[odd]) = (real[even] - turned.0, imaginary[even] - turned.1)
          (real[even], imaginary[even]) = (real[even] + turned.0, imaginary[even] + turned.1)
        }
      }
      half *= 2
    }
  }
}
