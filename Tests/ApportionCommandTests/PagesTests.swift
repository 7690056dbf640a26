import Foundation
import Testing

/// What the pages show is what happens.
@Suite struct PagesTests {
  /// Lines that these tests do not run, all of them, each with the reason and where it is run instead.
  private static let elsewhere = [
    "scripts/test": "these tests",
    "scripts/check-walls": ".ci/run runs it, and tests of the whole take minutes",
    ".ci/run": "all of it",
    "scripts/mutate --work /tmp/mutants --suites NumericKernel,ResponseModel,Optimisation": "half an hour",
    "scripts/mutate --work /tmp/mutants --only survivors --out mutants.md": "hours",
    "scripts/sanitize --help": "the script is no part of the copy that pages are run in",
    "scripts/sanitize thread --only NumericKernelTests": "a build of its own, of 1 GB",
    "scripts/fuzz 600 tables": "ten minutes: .ci/run runs ten seconds of each target",
    "scripts/check-aarch64": "an emulator of arm64: .ci/run runs it with --native",
    "Examples/run": "builds a package in release: .ci/run runs it",
    "swift run -c release --package-path Examples Quarter my-model.nc": "Examples/run runs it, on data/weekly/model.nc",
    "swift run -c release --package-path Examples OwnUtility": "Examples/run runs it",
    "python3 Examples/plan.py": "Examples/run runs it, and compares what it prints with Quarter's",
    "python3 Examples/plan.py .build/release/apportion": "the same, of a command that is built",
    "Benchmarks/peers/run": "ten minutes, and Python packages of peers",
    "Benchmarks/peers/families": "fifteen minutes, and Python packages of peers",
    "Benchmarks/peers/families --large": "twenty-five minutes, and Python packages of peers",
    "Benchmarks/peers/periods": "ten minutes, and SciPy",
    "Benchmarks/peers/readers": "Python packages of peers",
    "Benchmarks/run": "minutes; timings are not tested",
    "Benchmarks/attack": "minutes; a small one is a test",
    "Benchmarks/verify.py data/weekly/results/certificate.json": "Python packages; a test replays certificates with it",
    "Benchmarks/large": "minutes; timings are not tested",
  ]

  /// A line without its comment.
  private func command(_ line: String) -> String {
    (line.split(separator: "#", omittingEmptySubsequences: false).first ?? "").trimmingCharacters(in: .whitespaces)
  }

  private func lines(_ page: Page) -> [String] {
    page.blocks.filter { $0.language == "sh" }.flatMap(\.lines).map(command).filter { !$0.isEmpty }
  }

  @Test func `every shell command of the pages runs, and prints what is shown`() throws {
    for page in try Page.all() where !lines(page).isEmpty {
      let sandbox = try PageSandbox()
      // What a reader has: a model, of few draws to be quick, and somebody's proposal.
      let model = try sandbox.run(
        "apportion convert data/weekly/model.nc --set posterior.draws=100 --out model.nc --quiet")
      #expect(model.status == 0, "\(model.errors)")
      try sandbox.write(
        "proposal.csv",
        "channel,spend\ntv,700000\nsearch,800000\nsocial,500000\ndisplay,228278\nradio,220000\nprint,40000\n")
      for block in page.blocks where block.language == "sh" {
        var printed = ""
        for line in block.lines.map(command) where !line.isEmpty && Self.elsewhere[line] == nil {
          let run = try sandbox.run(line)
          // Solved with a gap, or a limit broken, is solved: which of it a model and a proposal have is no matter of the page.
          let isSolved = run.status == 0 || run.status == 2
          let isRefused = block.output?.first?.hasPrefix("error:") ?? false
          #expect(isSolved != isRefused, "\(page.path): \(line): \(run.status), \(run.errors.prefix(600))")
          printed += isRefused ? run.errors : run.output
        }
        if let output = block.output {
          let difference = ShownText(output.joined(separator: " ")).firstDifference(from: printed)
          #expect(difference == nil, "\(page.path): \(block.lines): \(difference ?? "")")
        }
      }
    }
  }

  @Test func `what is not run here stands on a page, and no block is of an unknown language`() throws {
    let pages = try Page.all()
    let all = Set(pages.flatMap(lines))
    for (line, reason) in Self.elsewhere { #expect(all.contains(line), "\(line): \(reason)") }
    for page in pages {
      for block in page.blocks {
        #expect(["sh", "swift", "yaml", ""].contains(block.language), "\(page.path): \(block.language)")
      }
    }
  }

  @Test func `every option that a page names is one of the command or of a script`() throws {
    let help = try CommandRun(["--experimental-dump-help"])
    let known = Set(help.output.matches(of: /"name" : "([a-z-]+)"/).map { String($0.1) })
    let others: Set = [
      "configuration", "package-path", "large", "generate-completion-script", "work", "suites", "only", "seed",
    ]
    for page in try Page.all() {
      let text = try String(contentsOf: packageRoot.appendingPathComponent(page.path), encoding: .utf8)
      for match in text.matches(of: /[ `(]--([a-z][a-z-]+)/) {
        let name = String(match.1)
        #expect(known.contains(name) || others.contains(name), "\(page.path): --\(name)")
      }
    }
  }

  @Test func `the commands of the examples' page give the numbers beside them`() throws {
    let sandbox = try PageSandbox()
    let path = "data/examples/README.md"
    let page = try sandbox.text(path)
    let rows = page.split(separator: "\n").filter { $0.contains("`scripts/run ") }
    #expect(rows.count == 14)
    for row in rows {
      let cells = row.split(separator: "|").map(String.init)
      let line = try #require(cells[1].split(separator: "`").first { $0.hasPrefix("scripts/run ") }.map(String.init))
      let run = try sandbox.run(line)
      #expect(run.status == 0, "\(line): \(run.errors)")
      // Numbers with decimals are those of the answer, which JSON and tables have in full.
      let shown = ShownText(cells[2]).numbers.filter { $0.unit < 1 }
      if shown.isEmpty { continue }
      let full = try sandbox.run("\(line) --format json && \(line) --format csv").output
      let numbers = full.matches(of: /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/).compactMap { Double($0.output) }
      for (value, unit) in shown {
        #expect(numbers.contains { abs($0 - value) <= unit }, "\(line) does not give \(value)")
      }
    }
    #expect(try sandbox.text("fitted/prepared.csv").split(separator: "\n").count == 1 + 3 * 59)
  }
}
