import Foundation

/// A format that is not read: recognised, so that two lines can be given that make a file of it which is.
enum ForeignFormat: Equatable {
  case parquet, zarr, rds, pickle, arrow, compressed

  /// A directory, as zarr has it.
  init?(directory path: String) {
    do {
      let type = try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
      guard type == .typeDirectory else { return nil }
    } catch {
      // What is not there is told as such when it is opened.
      return nil
    }
    let marks = [".zgroup", ".zarray", ".zmetadata", "zarr.json"]
    guard
      path.lowercased().hasSuffix(".zarr") || path.lowercased().hasSuffix(".zarr/")
        || marks.contains(where: { FileManager.default.fileExists(atPath: path + "/" + $0) })
    else { return nil }
    self = .zarr
  }

  /// - Parameters:
  ///   - head: the first bytes.
  ///   - name: the path in lower case.
  init?(head: [UInt8], name: String) {
    func has(_ suffixes: String...) -> Bool { suffixes.contains { name.hasSuffix($0) } }
    if head.starts(with: Array("PAR1".utf8)) {
      self = .parquet
    } else if head.starts(with: Array("ARROW1".utf8)) || head.starts(with: Array("FEA1".utf8)) {
      self = .arrow
    } else if has(".zarr.zip") {
      self = .zarr
    } else if head.starts(with: Array("RDX".utf8)) || head.starts(with: [0x58, 0x0A, 0, 0, 0])
      || has(".rds", ".rda", ".rdata")
    {
      self = .rds
    } else if has(".pkl", ".pickle") || (head.first == 0x80 && (2...5).contains(head.dropFirst().first ?? 0)) {
      self = .pickle
    } else if head.starts(with: [0x1F, 0x8B]) || head.starts(with: Array("BZh".utf8)) || has(".gz", ".bz2", ".xz") {
      self = .compressed
    } else {
      return nil
    }
  }

  /// What it is, and the two lines.
  func refusal(of path: String) -> PosteriorFileError {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let (what, language, lines) = words(name)
    return PosteriorFileError(
      .unsupported, path,
      "is \(what), which is not read; two lines of \(language) make a file that is:\n"
        + lines.map { "  \($0)" }.joined(separator: "\n"))
  }

  private func words(_ name: String) -> (what: String, language: String, lines: [String]) {
    switch self {
    case .parquet:
      (
        "a Parquet file", "Python",
        ["import pandas", "pandas.read_parquet('\(name)').to_csv('draws.csv', index=False)"]
      )
    case .arrow:
      ("an Arrow file", "Python", ["import pandas", "pandas.read_feather('\(name)').to_csv('draws.csv', index=False)"])
    case .zarr:
      ("a zarr store", "Python", ["import arviz", "arviz.from_zarr('\(name)').to_netcdf('draws.nc')"])
    case .rds:
      (
        "an R data file", "R",
        [
          "draws <- posterior::as_draws_df(readRDS('\(name)'))",
          "write.csv(draws, 'draws.csv', row.names = FALSE)",
        ]
      )
    case .pickle:
      (
        "a Python pickle, which may run any program when it is opened", "Python",
        [
          "import pickle, numpy",
          "numpy.savez('draws.npz', **pickle.load(open('\(name)', 'rb')).get_samples(group_by_chain=True))",
        ]
      )
    case .compressed:
      ("a compressed file", "a shell", ["gunzip --keep '\(name)'", "# then name what it made in the plan"])
    }
  }
}
