import ResponseModel

/// Files of draws without a model: which reader takes which format.
enum DrawFiles {
  /// As plan files spell them.
  static let formats = [CmdStanChains.format, DrawTable.format, NumpyFiles.format, GenericNetCDF.format]

  static func posterior(
    _ files: [String], source: String, format: String, model: ModelMapping
  ) throws(PosteriorFileError) -> Posterior {
    try posterior(of: open(files, source: source, format: format), by: model)
  }

  static func variables(
    _ files: [String], source: String, format: String
  ) throws(PosteriorFileError) -> DrawVariables {
    try variables(of: open(files, source: source, format: format))
  }

  private static func open(
    _ files: [String], source: String, format: String
  ) throws(PosteriorFileError) -> any DrawSource {
    switch format {
    case CmdStanChains.format:
      try check(files, "chain of CmdStan") { kind in
        switch kind {
        case .cmdStan, .drawTable, .table, .unknown: true
        case .netCDF, .numpyArray, .numpyArchive, .foreign: false
        }
      }
      return try CmdStanChains(files, source: source)
    case NumpyFiles.format:
      try check(files, "array of numpy's") { [.numpyArray, .numpyArchive].contains($0) }
      return try NumpyFiles(files, source: source)
    case DrawTable.format: return try DrawTable.open(single(files, source: source))
    case GenericNetCDF.format: return try GenericNetCDF(single(files, source: source))
    default: preconditionFailure("A format of draws has a reader.")
    }
  }

  /// Several files are of one kind.
  private static func check(
    _ files: [String], _ what: String, _ isRight: (FileKind) -> Bool
  ) throws(PosteriorFileError) {
    for path in files.dropFirst() {
      let kind = try FileKind(path)
      guard !isRight(kind) else { continue }
      throw PosteriorFileError(.invalid, path, "expected another \(what), as \(files[0]) is one, found \(kind.inWords)")
    }
  }

  /// The only file of a format that has one for all.
  static func single(_ files: [String], source: String) throws(PosteriorFileError) -> String {
    guard files.count == 1 else {
      throw PosteriorFileError(
        .unsupported, source,
        "expected one file, or several of one kind: chains of CmdStan or arrays of numpy, found \(files.count), the first of which is "
          + "\(try FileKind(files[0]).inWords)")
    }
    return files[0]
  }

  private static func posterior<Source: DrawSource>(
    of source: Source, by model: ModelMapping
  ) throws(PosteriorFileError) -> Posterior {
    try ModelMapper.posterior(of: source, by: model)
  }

  static func variables<Source: DrawSource>(of source: Source) throws(PosteriorFileError) -> DrawVariables {
    let draws = try source.draws(of: [])
    return DrawVariables(
      source: source.path, format: Source.format, chainCount: draws.chainCount, drawsPerChain: draws.drawsPerChain,
      divergences: draws.divergences, variables: source.variables,
      suggestion: ModelSuggestion.model(of: source.variables))
  }
}
