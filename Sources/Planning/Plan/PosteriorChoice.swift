public import ResponseModel

/// Which posterior, and how much of it.
public struct PosteriorChoice: Sendable, Equatable {
  /// What the posterior is read as; `auto` goes by the file itself.
  public enum Format: String, Sendable, CaseIterable {
    case auto
    case pymcMarketing = "pymc-marketing"
    case meridian
    case curves
    case cmdstan
    case csv
    case npz
    case generic
    case robyn
    /// Our own, which `apportion convert` writes.
    case apportion
  }

  /// Paths and patterns, at least one, already resolved against the plan file's folder.
  public var files: [Placed<String>]
  /// What the file is read as.
  public var format: Format
  /// Nil for all draws, else so many of them, thinned evenly.
  public var draws: Placed<Int>?
  /// How a table of point curves is read; nil for other formats.
  public var curves: PointCurves?
  /// What the variables of a file of draws mean; nil for a file that says so itself.
  public var model: ModelMapping?
  /// What a file of Meridian's does not hold, and which of its groups is read; nil for other formats.
  public var meridian: MeridianModel?

  /// By default the format is the file's own, and every draw is kept.
  public init(
    file: Placed<String>, format: Format = .auto, draws: Placed<Int>? = nil, curves: PointCurves? = nil,
    model: ModelMapping? = nil, meridian: MeridianModel? = nil
  ) {
    self.files = [file]
    self.format = format
    self.draws = draws
    self.curves = curves
    self.model = model
    self.meridian = meridian
  }

  /// The only file, or the first of several.
  public var file: Placed<String> {
    get { files[0] }
    set { files[0] = newValue }
  }
}
