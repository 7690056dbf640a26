import Planning
public import ResponseModel
public import Tables

extension DrawVariables {
  /// What is in the file, for a person, and the block of a plan that says what it means. Ends in a newline.
  public func textReport(style: TextStyle = .plain) -> String {
    let chains = chainCount == 1 ? "1 chain" : "\(countText(chainCount)) chains"
    var sampling = [["Draws", "\(countText(chainCount * drawsPerChain)) (\(chains) of \(countText(drawsPerChain)))"]]
    sampling.append(["Divergences", divergences.map { countText($0) } ?? "the file does not say"])
    let lines =
      [style.bold("\(printable(source)) (\(format))"), ""]
      + TextColumns(columns: [("", .left), ("", .left)], rows: sampling).lines(style)
      + ["", style.bold("Variables, in each draw")] + table.lines(style) + [""] + suggestionLines(style)
    return lines.joined(separator: "\n") + "\n"
  }

  /// The same as JSON.
  public var jsonReport: String {
    JSONValue.object([
      ("source", .text(source)), ("format", .text(format)), ("chains", .integer(chainCount)),
      ("draws_per_chain", .integer(drawsPerChain)), ("divergences", JSONValue(divergences)),
      (
        "variables",
        .array(
          variables.map { variable in
            .object([
              ("name", .text(variable.name)),
              (
                "dims",
                .array(
                  variable.axes.map {
                    .object([("name", JSONValue($0.name)), ("labels", JSONValue($0.labels))])
                  })
              ),
            ])
          })
      ),
      ("model", JSONValue(suggestion.map { $0.yaml(indentation: 0) })),
    ]).document
  }

  /// One row a variable: its name, its dims and how many numbers it has in each draw.
  public var variableTable: TextTable {
    TextTable(
      header: ["variable", "dims", "elements"],
      records: variables.map {
        [$0.name, $0.axes.map(\.inWords).joined(separator: " x "), "\($0.elementCount)"]
      })
  }

  private var table: TextColumns {
    TextColumns(
      columns: [("Variable", .left), ("Numbers", .right), ("Dims", .left)],
      rows: variables.map { variable in
        [
          printable(variable.name), countText(variable.elementCount),
          printable(variable.axes.map(\.inWords).joined(separator: " x ")),
        ]
      })
  }

  private func suggestionLines(_ style: TextStyle) -> [String] {
    guard let suggestion else {
      return [
        "No curve is suggested by these names: say in posterior.model of a plan which variable feeds which parameter, such as",
        "",
        "  model:", "    saturation: {hill: {beta: NAME, kappa: NAME, slope: NAME}}",
        "    carryover: {geometric: {alpha: NAME}, window: 8}",
      ]
    }
    let block = suggestion.yaml(indentation: 2).split(separator: "\n").map { printable(String($0)) }
    return [
      style.bold("What the names suggest, to be put below posterior: in a plan"),
      "  Compare it with your model: families, window, order and scales are guesses.", "",
    ] + block
  }
}

extension DrawVariable.Axis {
  /// `channel (tv, search)`, or `3`
  fileprivate var inWords: String {
    let shown = labels.prefix(6).joined(separator: ", ") + (labels.count > 6 ? ", …" : "")
    switch (name, isNumbered) {
    case (let name?, true): return "\(name) (\(labels.count))"
    case (let name?, false): return "\(name) (\(shown))"
    case (nil, true): return "\(labels.count)"
    case (nil, false): return shown
    }
  }
}
