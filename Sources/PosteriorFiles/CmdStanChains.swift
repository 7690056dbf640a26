import NumericKernel
import ResponseModel
import Tables

/// The files of a CmdStan run, one a chain: `output_1.csv, output_2.csv, …`, of the same columns and as many draws each.
///
/// Columns that end in two underscores are the sampler's, not the model's; of them `divergent__` is counted. Saved warm-up is
/// dropped.
struct CmdStanChains: DrawSource {
  static let format = "cmdstan"

  let path: String
  let variables: [DrawVariable]
  private let files: [CmdStanFile]
  /// For each variable the column of each element.
  private let columns: [[Int]]
  private let divergent: Int?

  init(_ paths: [String], source: String) throws(PosteriorFileError) {
    path = source
    var files: [CmdStanFile] = []
    for path in paths {
      guard !files.contains(where: { $0.path == path }) else {
        throw PosteriorFileError(.invalid, path, "expected each chain's file once, found it twice")
      }
      files.append(try CmdStanFile(path))
    }
    let first = files[0]
    do {
      let names = try ElementNames(
        first.header.enumerated().filter { !$1.hasSuffix("__") }.map { (CmdStanChains.name($1), $0) })
      variables = names.variables
      columns = names.positions
    } catch {
      throw PosteriorFileError(
        .invalid, first.path, "wrong header, \(error.message)", at: TextPlace(line: first.headerLine, column: 1))
    }
    for file in files {
      guard CmdStanChains.methods.contains(file.method) else {
        throw PosteriorFileError(
          .unsupported, file.path,
          "expected draws of the methods \(CmdStanChains.methods.joined(separator: ", ")), found method = \(file.method)"
        )
      }
      try CmdStanChains.check(file, against: first)
    }
    self.files = files
    divergent = first.header.firstIndex(of: "divergent__")
  }

  private static let methods = ["sample", "variational", "pathfinder", "laplace", "generate_quantities", "optimize"]

  var notes: [(name: String, text: String)] {
    let settings = files[0].settings
    let version = ["stan_version_major", "stan_version_minor", "stan_version_patch"].compactMap { settings[$0] }
    return [("stan", version.joined(separator: ".")), ("model", settings["model"] ?? ""), ("method", files[0].method)]
      .filter { !$0.1.isEmpty }
  }

  /// `beta.1.2` of Stan, whose elements count from 1.
  private static func name(_ column: String) -> ElementNames.Name {
    let parts = column.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let labels = Array(parts.dropFirst().reversed().prefix { Int($0) != nil }.reversed())
    return ElementNames.Name(
      variable: parts.dropLast(labels.count).joined(separator: "."), labels: labels)
  }

  private static func check(_ file: CmdStanFile, against first: CmdStanFile) throws(PosteriorFileError) {
    guard file.header != first.header else { return }
    let place = TextPlace(line: file.headerLine, column: 1)
    let pair = zip(file.header, first.header).first { $0 != $1 }
    let found = pair.map { "\($0.0) where \($0.1) stands there" } ?? "\(file.header.count) and \(first.header.count)"
    throw PosteriorFileError(
      .invalid, file.path, "expected the columns of \(first.path), found \(found)", at: place)
  }

  func draws(of elements: [DrawElement]) throws(PosteriorFileError) -> DrawColumns {
    let asked = elements.map { columns[$0.variable][$0.position] }
    let read = Set(asked + [divergent].compactMap { $0 }).sorted()
    let results: [Result<CmdStanFile.Chain, PosteriorFileError>] = Parallel.map(files.count) { index in
      do throws(PosteriorFileError) {
        return .success(try files[index].draws(ofColumns: read))
      } catch {
        return .failure(error)
      }
    }
    var chains: [CmdStanFile.Chain] = []
    for result in results { chains.append(try result.get()) }
    let drawsPerChain = chains[0].lines.count
    for (file, chain) in zip(files, chains) where chain.lines.count != drawsPerChain {
      throw PosteriorFileError(
        .invalid, file.path,
        "expected as many draws as in \(files[0].path), \(drawsPerChain), found \(chain.lines.count)")
    }
    func column(_ number: Int) -> [Double] {
      guard let index = read.firstIndex(of: number) else { return [] }
      return chains.flatMap { $0.columns[index] }
    }
    let places = Dictionary(uniqueKeysWithValues: read.map { ($0, column($0)) })
    return DrawColumns(
      chainCount: files.count, drawsPerChain: drawsPerChain, columns: asked.map { places[$0] ?? [] },
      divergences: divergent.map { column($0).count { $0 != 0 } },
      places: DrawColumns.Places(paths: files.map(\.path), lines: chains.flatMap(\.lines)))
  }
}
