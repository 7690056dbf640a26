// Numbers along axes.

extension Figure.Axis {
  /// From zero, or below it where values are, to a round number at or above the largest of the values, with about so many ticks between.
  static func amounts(_ label: String = "", _ values: [Double], ticks count: Int = 4, isTight: Bool = false)
    -> Figure.Axis
  {
    let finite = values.filter(\.isFinite)
    var (low, high) = (min(finite.min() ?? 0, 0), max(finite.max() ?? 0, 0))
    if low == high { high = 1 }
    return spanning(label, low...high, ticks: count, isTight: isTight)
  }

  /// Of values that may be far from zero.
  static func spanning(
    _ label: String = "", _ range: ClosedRange<Double>, ticks count: Int = 5, isTight: Bool = true
  ) -> Figure.Axis {
    let step = roundStep((range.upperBound - range.lowerBound) / (Double(count) + 0.5))
    var (low, high) = (range.lowerBound, range.upperBound)
    if !isTight {
      (low, high) = ((low / step).rounded(.down) * step, (high / step - 1e-9).rounded(.up) * step)
    }
    let first = (low / step - 1e-9).rounded(.up)
    let last = (high / step + 1e-9).rounded(.down)
    let places = stride(from: first, through: last, by: 1).map { $0 * step }
    let texts = tickTexts(places, step: step)
    return Figure.Axis(label: label, range: low...high, ticks: zip(places, texts).map { ($0, $1) })
  }

  /// Periods, from the first's left edge to the last's right: their first days, or their numbers, a few of them.
  static func periods(_ count: Int, starts: [String], ticks most: Int) -> Figure.Axis {
    let most = starts.isEmpty ? 2 * most : most
    let step = max(1, (count + most - 1) / most)
    var year = ""
    let ticks = stride(from: 0, to: count, by: step).map { period -> (at: Double, text: String) in
      guard starts.indices.contains(period) else { return (Double(period + 1), "\(period + 1)") }
      let parts = starts[period].split(separator: "-").map(String.init)
      guard parts.count == 3, let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month) else {
        return (Double(period + 1), starts[period])
      }
      defer { year = parts[0] }
      return (Double(period + 1), "\(day) \(months[month - 1])" + (parts[0] == year ? "" : " \(parts[0].suffix(2))"))
    }
    return Figure.Axis(range: 0.5...Double(count) + 0.5, ticks: ticks)
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}

/// The round number at or above a step: 1, 2 or 5 times a power of ten.
func roundStep(_ step: Double) -> Double {
  guard step > 0, step.isFinite else { return 1 }
  var power = 1.0
  while power > step { power /= 10 }
  while power * 10 <= step { power *= 10 }
  return [1, 2, 5, 10].map { $0 * power }.first { $0 >= step * (1 - 1e-9) } ?? 10 * power
}

/// Numbers a step apart in one unit: `0`, `0.5 M`, `1.0 M`.
func tickTexts(_ values: [Double], step: Double) -> [String] {
  let unit = AmountUnit(values.map(\.magnitude).max() ?? 0)
  let decimals = unit.decimals(step)
  return values.map { abs($0) < step / 2 ? "0" : unit.text($0, decimals: decimals) }
}

/// A number to three digits, for people: `1.23 M`.
func shortAmount(_ value: Double) -> String {
  guard value != 0 else { return "0" }
  let unit = AmountUnit(value.magnitude * 1.0005)
  let size = value.magnitude / unit.size
  return unit.text(value, decimals: size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2)
}

/// The same of a number that may be a ratio: one below 1 to two digits.
func shortSize(_ value: Double) -> String {
  value.magnitude < 1 && value != 0 ? numberText(value, significantDigits: 2) : shortAmount(value)
}

/// What large numbers are counted in.
private struct AmountUnit {
  let size: Double
  let name: String

  init(_ largest: Double) {
    let units = [(1e12, "tn"), (1e9, "bn"), (1e6, "M"), (1e3, "k")]
    let unit = units.first { largest >= $0.0 } ?? (1, "")
    (size, name) = largest >= 1e4 || largest >= 1e6 ? unit : (1, "")
  }

  /// As many as tell numbers a step apart.
  func decimals(_ step: Double) -> Int {
    var decimals = 0
    var scaled = step / size
    while decimals < 9, abs(scaled - scaled.rounded()) > 1e-6 * scaled {
      (decimals, scaled) = (decimals + 1, scaled * 10)
    }
    return decimals
  }

  func text(_ value: Double, decimals: Int) -> String {
    let digits = NumberScale(exponent: 0, decimals: decimals).digits(value / size)
    return name.isEmpty ? digits : "\(digits) \(name)"
  }
}
