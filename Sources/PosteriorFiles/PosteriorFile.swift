import NumericKernel
public import ResponseModel
public import Tables

/// Files that hold a fitted model's posterior, each format read by its own reader.
public enum PosteriorFile {
  /// The formats that `read` knows, as plan files spell them.
  public static let formats = [PyMCMarketing.format, PointCurvesFile.format]

  /// The posterior in the file at `path`.
  ///
  /// `format` is one of `formats`, or `auto`: then the file's header decides, which that of a table cannot. The format
  /// `curves`, and no other, takes `curves`, which says what the table's columns are.
  ///
  /// Draws are chain-major, chain after chain. With `draws: n` draw k of the n kept is draw `⌊k D / n⌋` of the D in the
  /// file, both counted from 0: even steps through all chains, so that chains differ by one draw at most. Diagnostics,
  /// `chainCount` and `drawsPerChain` are those of the whole file, `drawCount` is n.
  ///
  /// Throws for a file that is missing, cannot be read, or does not hold what its format promises; for a model that is not
  /// supported, with the name of what is not; for draws outside a parameter's domain; and for `draws` below 1 or above D.
  public static func read(
    path: String, format: String = "auto", draws: Int? = nil, curves: PointCurves? = nil
  ) throws(PosteriorFileError) -> Posterior {
    if let draws, draws < 1 {
      throw PosteriorFileError(.invalid, path, "cannot keep \(draws) draws: expected at least 1")
    }
    guard format == "auto" || formats.contains(format) else {
      throw PosteriorFileError(
        .unsupported, path, "format: expected one of auto, \(formats.joined(separator: ", ")), found \(format)")
    }
    let posterior = try whole(path, format: format, curves: curves)
    guard let draws else { return posterior }
    guard draws <= posterior.drawCount else {
      throw PosteriorFileError(.invalid, path, "cannot keep \(draws) draws: it holds \(posterior.drawCount)")
    }
    return posterior.thinned(to: draws)
  }

  private static func whole(
    _ path: String, format: String, curves: PointCurves?
  ) throws(PosteriorFileError) -> Posterior {
    if format == PointCurvesFile.format {
      guard let curves else {
        throw PosteriorFileError(
          .unsupported, path, "format: curves needs a kind, expected one of \(kinds), found none")
      }
      return try PointCurvesFile.read(path, as: curves)
    }
    guard curves == nil else {
      throw PosteriorFileError(.unsupported, path, "a kind of curves needs format: curves, found \(format)")
    }
    if format == "auto" && path.lowercased().hasSuffix(".csv") {
      _ = try InputFile(path: path)
      throw PosteriorFileError(
        .unsupported, path,
        "a table does not say what is in it, expected format: curves with curves: {kind: …} beside it, the kind being one of "
          + "\(kinds), found format: auto")
    }
    return try NetCDFFile.read(path) { file throws(PosteriorFileError) in
      guard try PyMCMarketing.recognises(file) else {
        throw PosteriorFileError(
          .unsupported, path,
          "is a NetCDF file of a kind not known here: expected the root attributes \(PyMCMarketing.marks.joined(separator: ", "))"
            + " of PyMC-Marketing's MMM.save")
      }
      return try PyMCMarketing.read(file)
    }
  }

  private static let kinds = PointCurves.Kind.allCases.map(\.rawValue).joined(separator: ", ")
}

/// Why a file cannot be used: its path, and a sentence that names the place in the file, what was expected and what was
/// found.
public struct PosteriorFileError: Error, Equatable, CustomStringConvertible {
  /// What kind of fault it is.
  public enum Kind: Sendable, Equatable {
    /// There is no such file.
    case missing
    /// It cannot be opened, is not a file of the format, or ends too early.
    case unreadable
    /// It can be read, but what it holds is wrong.
    case invalid
    /// What it holds may be right, but is of a kind not known here.
    case unsupported
  }

  /// What kind of fault it is.
  public var kind: Kind
  /// As the user gave it.
  public var path: String
  /// The sentence, without the path.
  public var message: String
  /// Where in the file; nil for one that is not text, or as a whole.
  public var place: TextPlace?

  public init(_ kind: Kind, _ path: String, _ message: String, at place: TextPlace? = nil) {
    self.kind = kind
    self.path = path
    self.message = message
    self.place = place
  }

  /// `model.nc: error: …`, or `curves.csv:3:7: error: …`
  public var description: String {
    "\(path)\(place.map { ":\($0.line):\($0.column)" } ?? ""): error: \(message)"
  }
}

extension Posterior {
  /// The same posterior with `count` of its draws, evenly spaced.
  func thinned(to count: Int) -> Posterior {
    let kept = (0..<count).map { $0 * drawCount / count }
    var thinned = self
    for index in thinned.cells.indices {
      thinned.cells[index].saturationParameters = cells[index].saturationParameters.keeping(kept)
      thinned.cells[index].carryoverParameters = cells[index].carryoverParameters.keeping(kept)
    }
    return thinned
  }
}

extension DrawMatrix {
  fileprivate func keeping(_ draws: [Int]) -> DrawMatrix {
    let columns = (0..<columnCount).map { index in
      withColumn(index) { column in draws.map { column[$0] } }
    }
    return DrawMatrix(columns: columns, drawCount: draws.count)
  }
}
