import ResponseModel

/// The amounts of money that a plan decides: one for each combination of labels of the decided dims.
///
/// Each is spent in the model's cells that have those labels: in one, or, where a dim of the model is not decided, in one for
/// each of that dim's labels.
struct SpendCells: Sendable {
  /// One amount.
  struct Cell: Sendable {
    /// Along each decided dim.
    var labels: [String]
    /// The model's cells that it is spent in.
    var members: [Int]
    /// As messages and plans name it: its labels with a slash between.
    var name: String { labels.joined(separator: "/") }
  }

  /// The decided dims, in the model's order.
  let dims: [String]
  /// In the order of the model's cells.
  let cells: [Cell]

  /// - Parameter dims: of the model.
  init(of posterior: Posterior, by dims: Set<String>) {
    let places = posterior.dims.indices.filter { dims.contains(posterior.dims[$0].name) }
    self.dims = places.map { posterior.dims[$0].name }
    var cells: [Cell] = []
    var found: [[String]: Int] = [:]
    for (member, cell) in posterior.cells.enumerated() {
      let labels = places.map { cell.labels[$0] }
      if let index = found[labels] {
        cells[index].members.append(member)
      } else {
        found[labels] = cells.count
        cells.append(Cell(labels: labels, members: [member]))
      }
    }
    self.cells = cells
  }

  var names: [String] { cells.map(\.name) }
}
