import Planning
public import ResponseModel
public import Tables

extension MeridianContents {
  /// What is in the file, for a person: its dims, how well it was sampled, the parameters of the paid channels' curves, and the keys
  /// of a plan that give what it lacks. Ends in a newline.
  public func textReport(style: TextStyle = .plain) -> String {
    let facts = TextColumns(
      columns: [("", .left), ("", .left)],
      rows: dims.map(\.row) + notes.map { [printable($0.name).capitalizedFirst, printable($0.text)] })
    let sampling = SamplingReport(
      chainCount: chainCount, drawsPerChain: drawsPerChain, drawCount: chainCount * drawsPerChain,
      diagnostics: diagnostics)
    let isPointEstimate = chainCount * drawsPerChain == 1
    let parameters = TextColumns(
      columns: [("Parameter", .left)] + DrawSummary.columns(isPointEstimate: isPointEstimate),
      rows: parameters.map {
        [printable($0.name)] + DrawSummary($0.draws.span).columns(isPointEstimate: isPointEstimate)
      })
    var lines =
      [style.bold("\(printable(source)) (\(PosteriorChoice.Format.meridian.rawValue))"), ""] + facts.lines(style)
    lines += ["", style.bold("Sampling")] + sampling.lines(style)
    lines += ["", style.bold("Parameters")] + parameters.lines(style)
    lines += [
      "",
      style.bold(
        "What the file does not hold, to be put below posterior: in a plan, with names and settings of your own"),
    ]
    lines += model.yaml(indentation: 2).split(separator: "\n").map { printable(String($0)) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The same as JSON.
  public var jsonReport: String {
    JSONValue.object([
      ("source", .text(source)),
      ("format", .text(PosteriorChoice.Format.meridian.rawValue)),
      ("dims", .array(dims.map { .object([("name", .text($0.name)), ("labels", JSONValue($0.labels))]) })),
      ("draws_per_chain", .integer(drawsPerChain)),
      ("notes", .object(notes.map { ($0.name, .text($0.text)) })),
      ("diagnostics", diagnostics.json(chainCount: chainCount, drawCount: chainCount * drawsPerChain)),
      ("parameters", .object(parameters.map { ($0.name, DrawSummary($0.draws.span).json) })),
      ("missing", JSONValue(["posterior.data", "posterior.meridian"])),
      ("keys", .text(model.yaml(indentation: 0))),
    ]).document
  }

  /// The parameters, one a row: mean, standard deviation and quantiles over the draws.
  public var parameterTable: TextTable {
    TextTable(
      header: ["parameter"] + DrawSummary.header,
      records: parameters.map { [$0.name] + DrawSummary($0.draws.span).fields })
  }
}
