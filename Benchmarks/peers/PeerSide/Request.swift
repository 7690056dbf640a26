/// One piece of work, as JSON on standard input.
struct Request: Decodable {
  enum Work: String, Decodable {
    /// The mean response at an allocation, and its gradient, again and again.
    case evaluate
    /// The plan compiled and solved, again and again.
    case solve
  }

  var work: Work
  /// A plan file, and what `--set` would change in it.
  var plan: String
  var settings: [String]
  /// Money over the horizon by cell, in the posterior's order; for `evaluate`.
  var allocation: [Double]?
  /// How often.
  var count: Int
}
