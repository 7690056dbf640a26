import Planning
import ResponseModel

// Whether the model's numbers can be trusted.

extension ReportPage {
  var diagnosticsSection: Section {
    let found = answer.diagnostics
    var content: [HTML] = []
    if !answer.explorations.isEmpty {
      content.append(
        .element("p", class: "weak", [.text("Exploratory: \(answer.explorations.joined(separator: "; ")).")]))
    }
    if isPoint {
      content.append(.paragraph("There is one draw, a point estimate, and nothing of a sampler to check."))
    } else if let caveat = found.caveat {
      content.append(.paragraph(caveat.capitalizedFirst + (caveat.hasSuffix(".") ? "" : ".")))
    }
    content.append(table)
    content.append(.note(gate))
    return Section(id: "diagnostics", title: "Checks of the model", content: content)
  }

  private enum Finding: String {
    case passes
    case weak
    case unknown = "not known"
  }

  private func finding(_ passes: Bool?) -> Finding { passes.map { $0 ? .passes : .weak } ?? .unknown }

  private var table: HTML {
    let found = answer.diagnostics
    var rows: [(name: String, found: String, wanted: String, Finding)] = []
    if !isPoint, found.caveat == nil {
      rows = [
        (
          "Largest R-hat",
          found.largestRHat.map { NumberScale(exponent: 0, decimals: 3).digits($0) } ?? "too few draws to say",
          "1.01 or less", finding(found.largestRHat.map { $0 <= 1.01 })
        ),
        (
          "Smallest effective sample size",
          found.smallestEffectiveSampleSize.map { countText(Int($0.rounded(.down))) } ?? "too few draws to say",
          "400 or more", finding(found.smallestEffectiveSampleSize.map { $0 >= 400 })
        ),
        ("Divergences", divergencesText(found.divergences), "0", finding(found.divergences.map { $0 == 0 })),
      ]
    }
    for report in answer.asked?.plan.diagnosticsReports?.reports ?? [] {
      rows.append(
        (
          report.file,
          report.exists ? report.passes.map { "\(report.field): \($0)" } ?? "no \(report.field)" : "not there",
          "\(report.field): true", report.passes.map { $0 ? .passes : .weak } ?? .weak
        ))
    }
    guard !rows.isEmpty else { return .none }
    return PageTable(
      columns: [.init("Check", .name), .init("Found"), .init("Wanted"), .init("", .words)],
      rows: rows.map { row in
        [
          .name(row.name), PageTable.number(row.found), PageTable.number(row.wanted),
          .element("span", class: row.3 == .weak ? "weak" : "finding", [.text(row.3.rawValue)]),
        ]
      }
    ).html
  }

  /// What weak checks lead to.
  private var gate: String {
    let draws =
      isPoint
      ? ""
      : "\(countText(answer.drawCount, "draw")) of \(counted(answer.chainCount, "chain")) were used. "
    guard let plan = answer.asked?.plan else { return draws }
    let consequence =
      switch plan.diagnostics {
      case .strict: "the gate is strict: a plan is refused where a check is weak"
      case .warn: "the gate warns: weak checks are told, and stop nothing"
      case .off: "the gate is off: weak checks are not told"
      }
    let folder =
      plan.diagnosticsReports.map { " Reports of \(printable($0.folder)) are among them." }
      ?? " The plan names no folder of the model's own reports (diagnostics.folder)."
    return draws + consequence.capitalizedFirst + "." + folder
  }
}
