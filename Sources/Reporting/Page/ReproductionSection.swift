import Planning

// What everything rests on, and how to have it again.

extension ReportPage {
  var assumptionsSection: Section {
    let assumed =
      answer.asked.map { asked in
        CheckReport(
          plan: asked.plan, yaml: "", warnings: [], sharedDims: asked.sharedDims, hasCurrentPlan: hasCurrent
        ).assumptions
      } ?? []
    let warned: [HTML] =
      answer.warnings.isEmpty
      ? [] : [.element("h3", [.text("Warnings")]), list(answer.warnings.map { $0.asSentence })]
    return Section(
      id: "assumptions", title: "Assumptions and caveats",
      content: [.paragraph(Recommendation.caveat), list(assumed)] + warned)
  }

  var reproductionSection: Section {
    let record = answer.reproducibility
    var pairs: [(String, HTML)] = [
      ("Program", .text("Apportion \(record.version)")),
      ("Draws used", .text("\(countText(answer.drawCount)) of \(counted(answer.chainCount, "chain"))")),
      ("Seed", .text("\(record.seed)")),
    ]
    if let solver = answer.solver {
      let starts = counted(solver.starts.count, "start")
      pairs.append(
        (
          "Solver",
          .text(
            "\(solver.method.rawValue); \(countText(solver.evaluations, "evaluation")) from \(starts), the best from \(printable(solver.bestStart)); \(solver.endName.replacing("_", with: " "))"
          )
        ))
      pairs.append(("Gap asked for", .text("\(amountText(solver.requestedGap * 100)) %")))
    }
    pairs += record.inputs.map { input in
      (
        "Read",
        .all([
          .name(input.path),
          .element("div", class: "note", [.text("SHA-256 "), .element("code", [.text(input.sha256)])]),
        ])
      )
    }
    var content: [HTML] = [
      .element(
        "dl", class: "pairs", pairs.flatMap { [.element("dt", [.text($0.0)]), .element("dd", [$0.1])] })
    ]
    if answer.solver != nil {
      content.append(
        .paragraph(
          answer.certificate == nil
            ? "Nothing of the bound can be replayed. The same plan, files and seed give the same bytes, on any number of threads:"
            : "The bound is proved again from every draw, without the solver, by the first of these; the second makes the plan anew, in the same bytes, on any number of threads. FOLDER is this page's; both run from where the plan was made."
        ))
      let plan = record.inputs.first.map { Self.quoted($0.path) } ?? "plan.yaml"
      content.append(
        .element(
          "pre",
          [
            .lines(
              (answer.certificate == nil ? "" : "apportion verify FOLDER/certificate.json\n")
                + "apportion optimise \(plan)"
            )
          ]))
    }
    content.append(
      .element(
        "details",
        [
          .element("summary", [.text("The plan as it was read, every default made visible")]),
          .element("pre", [.lines(record.plan)]),
        ]))
    return Section(id: "reproduction", title: "How to have it again", content: content)
  }

  /// A path as a shell takes it.
  private static func quoted(_ path: String) -> String {
    let isPlain = path.unicodeScalars.allSatisfy { scalar in
      ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
        || "/._-+=,:@".unicodeScalars.contains(scalar)
    }
    return isPlain && !path.isEmpty ? path : "'" + path.replacing("'", with: "'\\''") + "'"
  }
}

extension String {
  /// With a capital and a full stop.
  fileprivate var asSentence: String {
    let text = capitalizedFirst
    return text.hasSuffix(".") || text.hasSuffix("?") || text.hasSuffix("!") ? text : text + "."
  }
}
