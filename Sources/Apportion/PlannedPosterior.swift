public import Planning
public import PosteriorFiles
public import ResponseModel

/// A plan says where its posterior is, and the readers know how it is read: here the two meet.
extension PosteriorChoice {
  /// The posterior that the plan names, read as the plan says: its files and format, the draws kept, and what a file does not say
  /// itself. Throws as `PosteriorFile.read(paths:format:draws:curves:model:meridian:)` does.
  public func read() throws(PosteriorFileError) -> Posterior {
    try PosteriorFile.read(
      paths: files.map(\.value), format: format.rawValue, draws: draws?.value, curves: curves, model: model,
      meridian: meridian)
  }

  /// The files that `read` opens, patterns followed; for a model of Meridian its table too, as the last.
  public var paths: [String] {
    get throws(PosteriorFileError) {
      try PosteriorFile.files(files.map(\.value)) + (meridian.map { [$0.data.file] } ?? [])
    }
  }
}
