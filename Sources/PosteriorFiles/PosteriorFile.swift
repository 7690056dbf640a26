import NumericKernel
public import ResponseModel
public import Tables

/// Files that hold a fitted model's posterior, each format read by its own reader.
public enum PosteriorFile {
  /// The formats that `read` knows, as plan files spell them.
  public static let formats =
    [PyMCMarketing.format, Meridian.format, PointCurvesFile.format, RobynFiles.format, CompactFormat.name]
    + DrawFiles.formats

  /// The posterior in the file at `path`; see `read(paths:format:draws:curves:model:meridian:)`.
  public static func read(
    path: String, format: String = "auto", draws: Int? = nil, curves: PointCurves? = nil, model: ModelMapping? = nil,
    meridian: MeridianModel? = nil
  ) throws(PosteriorFileError) -> Posterior {
    try read(paths: [path], format: format, draws: draws, curves: curves, model: model, meridian: meridian)
  }

  /// The posterior in one file, or in several, of which each holds a chain or a variable. Paths may be patterns with `*`, `?`
  /// and `[…]`.
  ///
  /// `format` is one of `formats`, or `auto`: then the file's header decides, which that of a table cannot. The format
  /// `curves`, and no other, takes `curves`, which says what the table's columns are. Files of draws, which say nothing of the
  /// model, take `model`, and so does `curves` instead of a kind. A file of Meridian takes `meridian`, which says where its data
  /// are and what its settings were.
  ///
  /// Draws are chain-major, chain after chain. With `draws: n` draw k of the n kept is draw `⌊k D / n⌋` of the D in the
  /// file, both counted from 0: even steps through all chains, so that chains differ by one draw at most. Diagnostics,
  /// `chainCount` and `drawsPerChain` are those of the whole file, `drawCount` is n.
  ///
  /// Throws for a file that is missing, cannot be read, or does not hold what its format promises; for a model that is not
  /// supported, with the name of what is not; for draws outside a parameter's domain; and for `draws` below 1 or above D.
  public static func read(
    paths: [String], format: String = "auto", draws: Int? = nil, curves: PointCurves? = nil,
    model: ModelMapping? = nil, meridian: MeridianModel? = nil
  ) throws(PosteriorFileError) -> Posterior {
    let source = paths.joined(separator: ", ")
    guard format == "auto" || formats.contains(format) else {
      throw PosteriorFileError(
        .unsupported, source, "format: expected one of auto, \(formats.joined(separator: ", ")), found \(format)")
    }
    // Diagnostics ask it for sums from every thread, and are to be the same on any number of them.
    useOneBLASThread()
    let posterior = try whole(
      FileList.paths(paths), source: source, format: format, curves: curves, model: model, meridian: meridian)
    return try kept(draws, of: posterior, source)
  }

  private static func kept(
    _ draws: Int?, of posterior: Posterior, _ source: String
  ) throws(PosteriorFileError) -> Posterior {
    guard let draws else { return posterior }
    guard draws >= 1 else {
      throw PosteriorFileError(.invalid, source, "cannot keep \(draws) draws: expected at least 1")
    }
    guard draws <= posterior.drawCount else {
      throw PosteriorFileError(.invalid, source, "cannot keep \(draws) draws: it holds \(posterior.drawCount)")
    }
    return posterior.thinned(to: draws)
  }

  /// The files that paths and patterns stand for, in the order in which they are read.
  public static func files(_ paths: [String]) throws(PosteriorFileError) -> [String] { try FileList.paths(paths) }

  /// The variables of files of draws, or the columns of a table that may be of curves; nil for a file that says itself what they
  /// mean.
  ///
  /// - Parameter channelColumn: the column with the channels' names in a table of curves; by default `channel`, else the only one of
  ///   texts.
  public static func variables(
    paths: [String], format: String = "auto", channelColumn: String? = nil
  ) throws(PosteriorFileError) -> DrawVariables? {
    let files = try FileList.paths(paths)
    let source = paths.joined(separator: ", ")
    if isRobyn(files, format) { return nil }
    if format == "auto" || format == PointCurvesFile.format, try FileKind(files[0]) == .table {
      let table = try CurveTable(DrawFiles.single(files, source: source), channelColumn: channelColumn)
      var variables = try DrawFiles.variables(of: table)
      variables.channelColumn = table.channelColumn
      return variables
    }
    guard let format = try drawFormat(of: files, format: format, hasModel: true) else { return nil }
    return try DrawFiles.variables(files, source: source, format: format)
  }

  /// What files hold, as far as they say it themselves.
  ///
  /// - Parameters:
  ///   - draws: as `read` takes it, where the files say all of their model.
  ///   - channelColumn: as `variables` takes it.
  public static func contents(
    paths: [String], format: String = "auto", draws: Int? = nil, channelColumn: String? = nil
  ) throws(PosteriorFileError) -> PosteriorContents {
    let files = try FileList.paths(paths)
    let isOther = DrawFiles.formats.contains(format) || [PointCurvesFile.format, RobynFiles.format].contains(format)
    if !isOther, files.count == 1, try FileKind(files[0]) == .netCDF {
      useOneBLASThread()
      let found = try NetCDFFile.read(files[0]) { file throws(PosteriorFileError) -> PosteriorContents? in
        try known(file, format)
      }
      if case .posterior(let posterior) = found { return .posterior(try kept(draws, of: posterior, paths[0])) }
      if let found { return found }
    }
    if let variables = try variables(paths: paths, format: format, channelColumn: channelColumn) {
      return .variables(variables)
    }
    return .posterior(try read(paths: paths, format: format, draws: draws))
  }

  private static func whole(
    _ files: [String], source: String, format: String, curves: PointCurves?, model: ModelMapping?,
    meridian: MeridianModel?
  ) throws(PosteriorFileError) -> Posterior {
    if let meridian {
      guard ["auto", Meridian.format].contains(format), curves == nil, model == nil else {
        throw PosteriorFileError(
          .unsupported, source, "posterior.data and posterior.meridian are for format: meridian alone, found \(format)")
      }
      return try NetCDFFile.read(DrawFiles.single(files, source: source)) { file throws(PosteriorFileError) in
        try Meridian.read(file, meridian)
      }
    }
    if format == PointCurvesFile.format {
      let path = try DrawFiles.single(files, source: source)
      let channelColumn = curves?.channelColumn ?? PointCurves.defaultChannelColumn
      if let model {
        return try ModelMapper.posterior(of: CurveTable(path, channelColumn: channelColumn), by: model)
      }
      guard let kind = curves?.kind else {
        throw PosteriorFileError(
          .unsupported, path, "format: curves needs a kind, expected one of \(kinds), found none")
      }
      return try PointCurvesFile.read(
        path, as: kind, channelColumn: channelColumn)
    }
    guard curves == nil else {
      throw PosteriorFileError(.unsupported, source, "a kind of curves needs format: curves, found \(format)")
    }
    if isRobyn(files, format) {
      guard model == nil else {
        throw PosteriorFileError(
          .unsupported, source, "posterior.model is for files of draws, found Robyn's export, which says it itself")
      }
      return try RobynFiles.read(files, source: source)
    }
    if let format = try drawFormat(of: files, format: format, hasModel: model != nil) {
      guard let model else {
        throw PosteriorFileError(
          .unsupported, source,
          "holds draws (\(format)) and does not say what its variables mean: expected posterior.model beside it, "
            + "which apportion inspect suggests")
      }
      return try DrawFiles.posterior(files, source: source, format: format, model: model)
    }
    let path = try DrawFiles.single(files, source: source)
    guard model == nil else {
      throw PosteriorFileError(
        .unsupported, path, "posterior.model is for files of draws, \(DrawFiles.formats.joined(separator: ", "))")
    }
    let contents = try NetCDFFile.read(path) { file throws(PosteriorFileError) -> PosteriorContents? in
      try known(file, format)
    }
    switch contents {
    case .posterior(let posterior): return posterior
    case .meridian(let contents): throw Meridian.refusal(of: contents)
    case .variables, nil:
      throw PosteriorFileError(
        .unsupported, path,
        "is a NetCDF file of a kind not known here: expected the root attributes \(PyMCMarketing.marks.joined(separator: ", "))"
          + " of PyMC-Marketing's MMM.save, \(CompactFormat.mark) of apportion convert, or posterior.model beside a posterior of ArviZ, which apportion inspect suggests"
      )
    }
  }

  /// What a NetCDF file of a library's holds; nil for one of draws alone.
  private static func known(
    _ file: NetCDFFile, _ format: String
  ) throws(PosteriorFileError) -> PosteriorContents? {
    let isCompact = try CompactFormat.recognises(file)
    if format == CompactFormat.name || format == "auto" && isCompact { return .posterior(try CompactReader.read(file)) }
    let isOfMeridian = try Meridian.recognises(file)
    if isOfMeridian || format == Meridian.format { return .meridian(try Meridian.contents(of: file)) }
    return try PyMCMarketing.recognises(file) ? .posterior(try PyMCMarketing.read(file)) : nil
  }

  private static func isRobyn(_ files: [String], _ format: String) -> Bool {
    format == RobynFiles.format || format == "auto" && files.contains(where: RobynFiles.isExport)
  }

  /// Which format of draws the files are read as; nil where they are none, but a model that says what it is.
  private static func drawFormat(
    of files: [String], format: String, hasModel: Bool
  ) throws(PosteriorFileError) -> String? {
    let path = files[0]
    let kind = try FileKind(path)
    if case .foreign(let foreign) = kind { throw foreign.refusal(of: path) }
    if DrawFiles.formats.contains(format) { return format }
    guard format == "auto" else { return nil }
    switch kind {
    case .cmdStan: return CmdStanChains.format
    case .numpyArray, .numpyArchive: return NumpyFiles.format
    case .drawTable: return DrawTable.format
    case .netCDF:
      guard hasModel else { return nil }
      let isOfKnownModel = try NetCDFFile.read(path) { file throws(PosteriorFileError) -> Bool in
        if try CompactFormat.recognises(file) { return true }
        if try PyMCMarketing.recognises(file) { return true }
        return try Meridian.recognises(file)
      }
      return isOfKnownModel ? nil : GenericNetCDF.format
    case .table:
      throw PosteriorFileError(
        .unsupported, path,
        "a table does not say what is in it, expected format: curves with curves: {kind: …} beside it, the kind being one of "
          + "\(kinds), found format: auto")
    case .foreign, .unknown: return nil
    }
  }

  private static let kinds = PointCurves.Kind.allCases.map(\.rawValue).joined(separator: ", ")
}

/// What files hold, by how much of their model they say themselves.
public enum PosteriorContents: Sendable {
  /// All of it.
  case posterior(Posterior)
  /// Names and numbers of draws, or of a table of point curves.
  case variables(DrawVariables)
  /// The draws of Meridian, and neither its data nor its settings.
  case meridian(MeridianContents)
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
    keeping((0..<count).map { $0 * drawCount / count })
  }
}
