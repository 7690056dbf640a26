import Foundation
import Testing

@testable import ApportionCommand

/// `report.html` as a browser shows it.
@Suite struct PageCommandTests {
  private static let hasBrowser = Chromium() != nil

  /// Channels that would run, load, break out or turn the text about them.
  private static let table = """
    channel,alpha,lam
    "<img src=x onerror=""document.documentElement.dataset.obeyed=1"">",50000,1.0e-5
    "<script>document.documentElement.dataset.obeyed=1;window.obeyed=1</script>",60000,8.0e-6
    "</style></svg></td>'&""quoted"" שלום\u{202E}",40000,1.2e-5

    """

  private func look(at folder: TemporaryFolder) throws -> (sights: [Chromium.Sight], console: [String]) {
    try #require(Chromium()).look(at: folder.url.appending(path: "out/report.html"), widths: [400, 1280])
  }

  private func expectWhole(
    _ seen: (sights: [Chromium.Sight], console: [String]), sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(seen.console == [], sourceLocation: sourceLocation)
    #expect(seen.sights.count == 2, sourceLocation: sourceLocation)
    for (sight, width) in zip(seen.sights, [400.0, 1280]) {
      #expect(sight.width <= width, "\(sight.width) at \(width)", sourceLocation: sourceLocation)
      #expect(sight.beyond == [], sourceLocation: sourceLocation)
      #expect(sight.foreign == 0 && !sight.obeyed && sight.requests == 0, sourceLocation: sourceLocation)
      #expect(sight.headings == 1, sourceLocation: sourceLocation)
    }
  }

  @Test(
    .enabled(if: hasBrowser, "no chromium is installed: pages are not looked at"),
    arguments: ["data/weekly/careful.yaml", "data/weekly/calendar.yaml"])
  func `a page is shown whole at any width, asks for nothing and has nothing to complain of`(plan: String) throws {
    let folder = try TemporaryFolder()
    try #require(
      try CommandRun(["optimise", plan, "-o", folder.path("out"), "-q", "--set", "posterior.draws=100"]).status == 0)
    let seen = try look(at: folder)
    expectWhole(seen)
    // Two of money and returns, six curves, two distributions and the waterfall, at least.
    if Gnuplot() != nil { #expect(seen.sights.allSatisfy { $0.pictures >= 11 }) }
    try #require(Chromium()).pdf(
      of: folder.url.appending(path: "out/report.html"), to: folder.path("page.pdf"))
    let paper = try Data(contentsOf: folder.url.appending(path: "page.pdf"))
    #expect(paper.prefix(5) == Data("%PDF-".utf8) && paper.count > 20_000)
  }

  @Test(.enabled(if: hasBrowser, "no chromium is installed: pages are not looked at"))
  func `names that are programs are shown, and not obeyed`() throws {
    let folder = try TemporaryFolder()
    try folder.write("curves.csv", Self.table)
    let run = try CommandRun(
      ["optimise", "curves.csv", "--curves", "sigmoid", "--budget", "100000", "-o", folder.path("out")], in: folder.url)
    #expect(run.status == 0, "\(run.errors)")
    expectWhole(try look(at: folder))
  }

  @Test func `the page is written by optimise and evaluate, the same bytes each time`() throws {
    let folder = try TemporaryFolder()
    let few = ["--set", "posterior.draws=40", "-q"]
    for name in ["a", "b"] {
      try #require(
        try CommandRun(["optimise", "data/weekly/plan.yaml", "-o", folder.path(name)] + few).status == 0)
    }
    let page = try folder.text("a/report.html")
    #expect(page == (try folder.text("b/report.html")))
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
    #expect(page.contains("<svg") == (Gnuplot() != nil))
    let scored = try CommandRun(
      ["evaluate", "data/weekly/plan.yaml", "--allocation", folder.path("a/allocation.csv"), "-o", folder.path("c")]
        + few)
    #expect(scored.status == 0, "\(scored.errors)")
    #expect(try folder.text("c/report.html").contains("A given budget plan, scored"))
  }
}
