/// Numbers addressed by the names of their dims, so that the order of the dims in the file does not matter.
struct NamedArray {
  /// Where in the file: `posterior/adstock_alpha`.
  let place: String
  let dims: [String]
  let shape: [Int]
  /// The last dim runs fastest.
  let values: [Double]

  /// The numbers of a variable whose dims are among `allowed`, each at most once.
  init(_ variable: NetCDFVariable, allowed: [String]) throws(PosteriorFileError) {
    for (index, dim) in variable.dims.enumerated() {
      guard allowed.contains(dim) else {
        throw PosteriorFileError(
          .unsupported, variable.file.path,
          "\(variable.place): expected dims among \(allowed.joined(separator: ", ")), found \(dim)")
      }
      guard !variable.dims[..<index].contains(dim) else {
        throw PosteriorFileError(.invalid, variable.file.path, "\(variable.place): the dim \(dim) appears twice")
      }
    }
    place = variable.place
    dims = variable.dims
    shape = variable.shape
    values = try variable.numbers()
  }

  /// Numbers from one coordinate of `dim` to the next; zero along a dim that the array does not have, for there it holds for
  /// every coordinate.
  func stride(along dim: String) -> Int {
    guard let position = dims.firstIndex(of: dim) else { return 0 }
    return shape[(position + 1)...].reduce(1, *)
  }

  /// Throws unless the array has so many coordinates along `dim`, or does not have the dim.
  func expect(_ length: Int, along dim: String, in path: String) throws(PosteriorFileError) {
    guard let position = dims.firstIndex(of: dim), shape[position] != length else { return }
    throw PosteriorFileError(
      .invalid, path, "\(place): expected \(length) numbers along \(dim), found \(shape[position])")
  }
}
