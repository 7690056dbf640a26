import ResponseModel

/// The dims that spend is given by, the channel first, and with them the cells: one for each combination of labels, the last dim
/// running fastest.
struct CellGrid {
  let dims: [Posterior.Dim]

  var cellCount: Int { dims.reduce(1) { $0 * $1.labels.count } }

  /// The cell's label along each dim.
  func labels(of cell: Int) -> [String] {
    zip(dims, coordinates(of: cell)).map { dim, coordinate in dim.labels[coordinate] }
  }

  /// Where the cell's labels stand along each dim.
  func coordinates(of cell: Int) -> [Int] {
    var rest = cell
    return dims.reversed().map { dim in
      defer { rest /= dim.labels.count }
      return rest % dim.labels.count
    }.reversed()
  }
}

/// Where in an array the numbers of each cell begin.
///
/// An array has some of the grid's dims, in any order, and along the others it holds for every label: its columns are the
/// combinations of the labels that it has.
struct GridColumns {
  /// Each column's labels, in the order of the array's dims.
  let labels: [[String]]
  /// The place of each column's first number.
  let offsets: [Int]
  /// The column of each cell.
  let column: [Int]

  /// The array's labels are those of the coordinates in its group.
  init(_ array: NamedArray, in group: NetCDFGroup, of grid: CellGrid) throws(PosteriorFileError) {
    var labels: [[String]] = [[]]
    var offsets = [0]
    var column = [Int](repeating: 0, count: grid.cellCount)
    for (axis, name) in array.dims.enumerated() {
      guard let place = grid.dims.firstIndex(where: { $0.name == name }) else { continue }
      let dim = grid.dims[place]
      let positions = try group.positions(of: dim)
      guard array.shape[axis] == positions.count else {
        throw PosteriorFileError(
          .invalid, group.file.path,
          "\(array.place): expected \(positions.count) numbers along \(name), found \(array.shape[axis])")
      }
      let stride = array.stride(along: name)
      labels = labels.flatMap { known in dim.labels.map { known + [$0] } }
      offsets = offsets.flatMap { offset in positions.map { offset + $0 * stride } }
      for cell in column.indices {
        column[cell] = column[cell] * dim.labels.count + grid.coordinates(of: cell)[place]
      }
    }
    self.labels = labels
    self.offsets = offsets
    self.column = column
  }

  /// `adstock_alpha[tv]`, or the name alone where there is one column for all cells.
  func name(_ variable: String, column: Int) -> String {
    labels[column].isEmpty ? variable : "\(variable)[\(labels[column].joined(separator: ", "))]"
  }
}

extension NetCDFGroup {
  /// The labels of a dim: texts, or whole numbers written as such; nil where the group has no coordinate for it.
  func labels(of dim: String) throws(PosteriorFileError) -> [String]? {
    guard let coordinate = try variable(dim), coordinate.dims.first == dim else { return nil }
    let labels: [String]
    if coordinate.isText {
      labels = try coordinate.strings()
    } else {
      let numbers = try coordinate.numbers()
      labels = numbers.compactMap { Int(exactly: $0).map(String.init) }
      guard labels.count == numbers.count else {
        throw PosteriorFileError(
          .invalid, file.path, "\(coordinate.place): expected texts or whole numbers as labels, found other numbers")
      }
    }
    if let twice = labels.firstRepeated {
      throw PosteriorFileError(
        .invalid, file.path, "\(coordinate.place): expected each label once, found \(twice) twice")
    }
    return labels
  }

  /// Where each label stands along the group's coordinate, which must hold these labels and no others.
  func positions(of dim: Posterior.Dim) throws(PosteriorFileError) -> [Int] {
    guard let labels = try labels(of: dim.name) else {
      throw PosteriorFileError(
        .invalid, file.path, "\(path): expected a coordinate \(dim.name) with the labels along it, found none")
    }
    let places = Dictionary(uniqueKeysWithValues: zip(labels, labels.indices))
    let positions = dim.labels.compactMap { places[$0] }
    guard positions.count == labels.count, labels.count == dim.labels.count else {
      throw PosteriorFileError(
        .invalid, file.path,
        "\(place(of: dim.name)): expected the labels \(listed(dim.labels)), found \(listed(labels))")
    }
    return positions
  }
}

/// A dozen names at most.
func listed(_ names: [String]) -> String {
  names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
}
