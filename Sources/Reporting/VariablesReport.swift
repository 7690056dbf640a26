import Planning
public import ResponseModel
public import Tables

extension DrawVariables {
  /// What is in the file, for a person: its variables, the block of a plan that their names suggest, what no name tells, and the
  /// model that the file has by that block. Ends in a newline.
  ///
  /// - Parameter posterior: the file read by the suggestion, where that is complete; or why it cannot be.
  public func textReport<Refusal: Error>(
    posterior: Result<Posterior, Refusal>?, style: TextStyle = .plain
  ) -> String {
    var lines = [style.bold("\(printable(source)) (\(format))"), ""] + facts.lines(style)
    for (heading, isDrawn) in [
      (isTableOfCurves ? "Columns" : "Variables, in each draw", true), ("Variables, the same in every draw", false),
    ] {
      let table = table(of: variables.filter { $0.isDrawn == isDrawn })
      if !table.rows.isEmpty { lines += ["", style.bold(heading)] + table.lines(style) }
    }
    lines += ["", style.bold("What the names suggest, to be put below posterior: in a plan")]
    if let channelColumn {
      let curves = PointCurves(kind: nil, channelColumn: channelColumn)
      lines += ["  format: \(format)", "  curves: \(printable(curves.inYAML))"]
    }
    lines += suggestion.model.yaml(indentation: 2).split(separator: "\n").map { printable(String($0)) }
    lines += ["", style.bold("What no name tells, to be compared with your model")] + open.lines(style)
    if isTableOfCurves {
      let kinds = PointCurves.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      lines += ["", "A table as DeepCausalMMM or AMMM has it needs no model, but a kind: --curves, one of \(kinds)."]
    }
    switch posterior {
    case nil: break
    case .success(let posterior):
      lines += ["", style.bold("By this block"), ""] + posterior.mappedLines(style)
    case .failure(let refusal):
      lines += ["", style.warning("By this block the file is refused: \(printable("\(refusal)"))")]
    }
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
              ("name", .text(variable.name)), ("drawn", .bool(variable.isDrawn)),
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
      ("model", .text(suggestion.model.yaml(indentation: 0))),
      ("missing", JSONValue(suggestion.missing.map { "posterior.model.\($0)" })),
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

  private var isTableOfCurves: Bool { channelColumn != nil }

  private func table(of variables: [DrawVariable]) -> TextColumns {
    TextColumns(
      columns: [("Variable", .left), ("Numbers", .right), ("Dims", .left)],
      rows: variables.map { variable in
        [
          printable(variable.name), countText(variable.elementCount),
          printable(variable.axes.map(\.inWords).joined(separator: " x ")),
        ]
      })
  }

  private var facts: TextColumns {
    let draws = drawsText(chainCount * drawsPerChain, chainCount: chainCount, drawsPerChain: drawsPerChain)
    return TextColumns(
      columns: [("", .left), ("", .left)],
      rows: isTableOfCurves
        ? [["Draws", "1: a point estimate"]]
        : [["Draws", draws], ["Divergences", divergencesText(divergences)]])
  }

  /// The keys that a person has to look at, and what stands there now.
  private var open: TextColumns {
    let model = suggestion.model
    var rows = suggestion.missing.map { key in
      [key, key == "dims" ? "what the axes are of: channel, and further dims" : "a variable's name, or a number"]
    }
    if model.dims.count > 1, variables.contains(where: { $0.axes.contains { $0.name == nil } }) {
      rows.append(["dims", "which axis is of what: told by their lengths alone"])
    }
    for dim in model.labels {
      let key = dim.name == "channel" ? "channels" : "labels.\(dim.name)"
      rows.append([key, "the names of its \(countText(dim.labels.count)), in the file's order"])
    }
    if isTableOfCurves, case .all(let curve) = model.saturation, curve.family == MichaelisMenten.self {
      let isOther = "AMMM's sigmoid, {logistic: {beta: alpha, lam: lam}}, has columns of the same names"
      rows.append(["saturation", isOther])
    }
    if case .all(let lags) = model.carryover {
      rows.append(
        lags.family.parameters.isEmpty
          ? ["carryover", "no name suggests one"]
          : ["carryover.window", "how many lags the model has; normalize and order as there"])
    }
    if model.channelScale == .all(.number(1)) {
      rows.append(["channel_scale", "what media were divided by before the fit; now 1"])
    }
    if model.outcomeScale == .all(.number(1)) {
      rows.append(["outcome_scale", "what the outcome was divided by before the fit; now 1"])
    }
    return TextColumns(
      columns: [("", .left), ("", .left)], rows: rows.map { [printable("posterior.model.\($0[0])"), $0[1]] })
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
