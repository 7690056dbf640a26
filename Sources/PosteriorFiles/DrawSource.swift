import ResponseModel
import Tables

/// A file of draws, or one a chain: variables by name, and their draws when they are asked for. What they mean is said by a
/// `ModelMapping`; a format is a file that conforms to this.
protocol DrawSource: Sendable {
  /// The spelling in plan files.
  static var format: String { get }
  /// The path or paths, as the user gave them.
  var path: String { get }
  /// In the file's order.
  var variables: [DrawVariable] { get }
  /// Facts worth showing, in order.
  var notes: [(name: String, text: String)] { get }
  /// The draws of these elements; of none, how many draws there are. Only what is asked for is converted.
  func draws(of elements: [DrawElement]) throws(PosteriorFileError) -> DrawColumns
}

extension DrawSource {
  var notes: [(name: String, text: String)] { [] }

  func name(of element: DrawElement) -> String { variables[element.variable].name(ofElement: element.position) }
}

/// One number of each draw.
struct DrawElement: Hashable, Sendable {
  /// Which of the source's variables.
  var variable: Int
  /// Which of its elements, the last axis running fastest.
  var position: Int
}

/// The draws of some elements, chain after chain.
struct DrawColumns: Sendable {
  var chainCount: Int
  var drawsPerChain: Int
  /// One for each element asked for, in that order.
  var columns: [[Double]]
  /// Divergent transitions after warm-up; nil where the file does not say.
  var divergences: Int?
  /// Where each draw stands; nil for a file that is not text, or has not one line a draw.
  var places: Places?

  /// The lines of draws.
  struct Places: Sendable {
    /// One file a chain, or one for all.
    var paths: [String]
    /// One for each draw.
    var lines: [Int]
  }

  var drawCount: Int { chainCount * drawsPerChain }

  /// What is wrong with a draw, where it stands, and what is to be added.
  func wrong(draw: Int, in path: String, _ message: String, _ addition: String = "") -> PosteriorFileError {
    let chain = draw / drawsPerChain
    guard let places else {
      return PosteriorFileError(
        .invalid, path, "\(message) in chain \(chain), draw \(draw % drawsPerChain) (counted from 0)\(addition)")
    }
    return PosteriorFileError(
      .invalid, places.paths.count == 1 ? places.paths[0] : places.paths[chain], message + addition,
      at: TextPlace(line: places.lines[draw], column: 1))
  }
}
