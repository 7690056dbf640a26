import ArgumentParser

/// The utilities that are measured; what they are made with follows from the outcome of money spread evenly.
enum MeasuredUtility: String, CaseIterable, Codable, ExpressibleByArgument {
  case mean
  case expectedShortfall = "expected_shortfall"
  case meanDeviation = "mean_deviation"
  case entropic, shortfall
  /// Not concave: sought, and not certified.
  case quantile

  /// Those that are certified.
  static var certified: [MeasuredUtility] { allCases.filter { $0 != .quantile } }

  /// - Parameter even: the outcome draws of money spread evenly, two or more.
  func scaled(to even: [Double]) -> ScaledUtility {
    let mean = even.reduce(0, +) / Double(even.count)
    let squares = even.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / Double(even.count - 1)).squareRoot()
    let options: [String: Double] =
      switch self {
      case .mean: [:]
      case .expectedShortfall: ["tail": 0.1]
      case .meanDeviation: ["lambda": 1]
      case .entropic: ["gamma": 2 / deviation]
      case .shortfall: ["target": mean, "lambda": 2]
      case .quantile: ["level": 0.1]
      }
    return ScaledUtility(name: self, options: options)
  }
}

/// A utility and its options, as a plan file has them.
struct ScaledUtility: Encodable {
  var name: MeasuredUtility
  var options: [String: Double]

  /// A line of a plan file.
  var line: String {
    let options = options.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    return "utility: {\(name.rawValue): {\(options.joined(separator: ", "))}}"
  }
}
