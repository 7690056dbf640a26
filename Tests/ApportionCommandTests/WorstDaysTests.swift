import ArgumentParser
import Foundation
import Testing

@testable import ApportionCommand

/// Days on which what can go wrong does: what was there stays, nothing is half-written, and the next run is fine.
@Suite struct WorstDaysTests {
  private static let plan = ["data/weekly/plan.yaml", "--set", "posterior.draws=100", "--set", "output.report=tables"]
  /// A search that takes minutes.
  private static let hard = [
    "data/weekly/plan.yaml", "--verbose", "--set", "output.report=tables", "--set", "solver.time_limit=600", "--set",
    "utility={quantile: {level: 0.1}}", "--set", "solver.gap=1e-9",
  ]

  private func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private func spent(_ folder: TemporaryFolder, _ name: String) throws -> Double {
    let budget = try json(folder.text("\(name)/recommendation.json"))["budget"] as? [String: Any]
    return try #require(budget?["spent"] as? Double)
  }

  private func files(_ folder: TemporaryFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path("out")).sorted()
  }

  // MARK: Files

  @Test func `a killed run leaves the answer that was there, and the next one is fine`() throws {
    let folder = try TemporaryFolder()
    let out = ["--out", folder.path("out")]
    #expect(try CommandRun(["optimise"] + Self.plan + out).status == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("out")).sorted()
    let before = try folder.text("out/recommendation.json")
    let run = try RunningCommand(["optimise"] + Self.hard + out)
    try run.waitUntilItSays("Taking digests")
    run.send(SIGKILL)
    #expect(try run.end().status == SIGKILL)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("out")).sorted() == names)
    #expect(try folder.text("out/recommendation.json") == before)
    #expect(try CommandRun(["optimise"] + Self.plan + out).status == 0)
    #expect(try folder.text("out/recommendation.json") == before)
  }

  @Test
  func `a run killed while it writes leaves no part of a file under its name, and the next one removes what is beside`()
    throws
  {
    let folder = try TemporaryFolder()
    let arguments = ["optimise"] + Self.plan + ["--set", "output.report=tables", "--out", folder.path("out")]
    #expect(try CommandRun(arguments).status == 0)
    let (names, before) = (try files(folder), try folder.text("out/recommendation.json"))
    // What is left by a process that is no more, and by one that is at work.
    let dead = try RunningCommand(["--version"])
    _ = try dead.end()
    try folder.write("out/.recommendation.json.\(dead.identifier).partial", "{")
    let own = ".recommendation.json.\(ProcessInfo.processInfo.processIdentifier).partial"
    try folder.write("out/\(own)", "{")
    for _ in 0..<5 {
      let run = try RunningCommand(arguments + ["--verbose"])
      try run.waitUntilItSays("Making the reports")
      run.send(SIGKILL)
      _ = try run.end()
      #expect(try json(folder.text("out/recommendation.json")).isEmpty == false)
    }
    #expect(try CommandRun(arguments).status == 0)
    #expect(try files(folder) == (names + [own]).sorted())
    #expect(try folder.text("out/recommendation.json") == before)
  }

  @Test func `two runs at once into one folder leave the files of one of them`() throws {
    let folder = try TemporaryFolder()
    for _ in 0..<4 {
      let runs = try [900_000, 1_000_000].map { budget in
        try RunningCommand(
          ["optimise"] + Self.plan + [
            "--set", "bounds={}", "--set", "budget.total=\(budget)", "--out", folder.path("out"),
          ])
      }
      for run in runs { #expect(try run.end().status == 0) }
      let total = try spent(folder, "out")
      #expect(try folder.text("out/limits.csv").contains("budget,\(total),"))
      let proved = try json(folder.text("out/certificate.json"))["allocation"] as? [Double]
      #expect(abs(try #require(proved).reduce(0, +) - total) <= 1e-9 * total)
    }
  }

  /// Only who may mount can make a disk of 64 kB.
  @Test func `a full disk is an error, and nothing is on it afterwards`() throws {
    let folder = try TemporaryFolder()
    let disk = folder.path("disk")
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    func shell(_ program: String, _ arguments: [String]) throws -> Bool {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = [program] + arguments
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      return process.terminationStatus == 0
    }
    guard try shell("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", disk]) else { return }
    defer { do { _ = try shell("umount", [disk]) } catch {} }
    let run = try CommandRun(["optimise"] + Self.plan + ["--out", disk + "/out"])
    #expect(run.status == 74 && run.errors.contains("no space left"), "\(run.status) \(run.errors)")
    #expect(run.output.isEmpty)
    let left = try #require(FileManager.default.enumerator(atPath: disk)).compactMap { $0 as? String }
      .filter { fileSize(disk + "/" + $0) != nil }
    #expect(left.isEmpty, "\(left)")
  }

  private func fileSize(_ path: String) -> Int? {
    do {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      return attributes[.type] as? FileAttributeType == .typeRegular ? attributes[.size] as? Int : nil
    } catch {
      return nil
    }
  }

  @Test func `a file system that cannot be written to is seen before any work`() throws {
    let run = try CommandRun(["optimise"] + Self.plan + ["--out", "/proc/apportion"])
    #expect(run.status == 73 && run.errors.contains("/proc"), "\(run.status) \(run.errors)")
    #expect(run.output.isEmpty)
  }

  @Test func `an input that is replaced or changed while it is read is an error`() throws {
    let folder = try TemporaryFolder()
    for name in ["same.csv", "changed.csv", "replaced.csv"] { try folder.write(name, "a,b\n1,2\n") }
    var stamps = InputStamps()
    stamps.take([folder.path("same.csv"), "/dev/null", folder.path("not there")])
    try stamps.check()
    for name in ["changed.csv", "replaced.csv"] {
      var own = stamps
      own.take([folder.path(name)])
      try own.check()
      if name == "replaced.csv" { try FileManager.default.removeItem(atPath: folder.path(name)) }
      try folder.write(name, "a,b\n1,2\n3,4\n")
      #expect { try own.check() } throws: {
        let failure = $0 as? Failure
        return failure?.status == .inputOutput && failure?.message.contains("\(name) changed while it was read") == true
      }
    }
  }

  @Test func `a table of the plan that is replaced before the posterior is read is an error`() throws {
    let folder = try TemporaryFolder()
    try folder.write("curves.csv", "channel,alpha,lam\ntv,10,5\n")
    try folder.write("current.csv", "channel,spend\ntv,7\n")
    try folder.write("allocation.csv", "channel,spend\ntv,7\n")
    try folder.write(
      "plan.yaml",
      "posterior: {file: curves.csv, format: curves, curves: {kind: sigmoid}}\nhorizon: {num_periods: 1}\n"
        + "budget: {total: 10}\ncurrent: {file: current.csv}\n")
    let options = try PlanOptions.parse([folder.path("plan.yaml")])
    let further = [folder.path("allocation.csv")]
    _ = try Job(options, further: further).record()
    for name in ["current.csv", "allocation.csv", "plan.yaml"] {
      let job = try Job(options, further: further) { _ in
        try folder.write(name, try folder.text(name) + "\n")
      }
      #expect { _ = try job.record() } throws: {
        ($0 as? Failure)?.message.contains("\(name) changed while it was read") == true
      }
    }
  }

  // MARK: Names

  private static let hostile = [
    "<script>alert(1)</script>", "it's \"quoted\"", "`touch pwned`", "$(touch pwned)", "{/Bold x}_a^2 %d @x",
    "\u{202E}turned \u{2066}back", "../../../etc/passwd", "=HYPERLINK(\"x\")", "'; system('touch pwned'); '",
    "שלום عليكم", "a\\nb", "-n --out /tmp/x", "#comment: {a: [b", "%s%n&amp;",
    "'90s radio", "O''Neil", "'`touch pwned`' \"", "ends in \\",
  ]

  @Test func `hostile names run nothing, break nothing, and are told as they are`() throws {
    let folder = try TemporaryFolder()
    func field(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }
    let rows = Self.hostile.enumerated().map { "\(field($1)),\(40000 + 1000 * $0),\(1e-5)" }
    try folder.write("curves.csv", (["channel,alpha,lam"] + rows).joined(separator: "\n") + "\n")
    let run = try CommandRun(
      ["scenarios", "curves.csv", "--curves", "sigmoid", "--budget", "100000", "--out", "out"], in: folder.url)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try folder.names == ["curves.csv", "out"])
    #expect(!run.output.contains("\u{202E}"))
    #expect(!run.errors.contains("not drawn"), "\(run.errors)")
    let page = try folder.text("out/70_optimisation/report.html")
    #expect(!page.contains("<script>alert") && !page.contains("\u{202E}"))
    let allocation = try json(folder.text("out/70_optimisation/recommendation.json"))["allocation"] as? [[String: Any]]
    #expect(allocation?.compactMap { $0["channel"] as? String } == Self.hostile)
  }

  // MARK: Numbers

  @Test(arguments: [1e-9, 1e15]) func `budgets of next to nothing and of more than there is are planned`(
    budget: Double
  ) throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(
      ["optimise"] + Self.plan + [
        "--set", "budget.total=\(budget)", "--set", "bounds={default: {share: [0, 1]}}", "--out", folder.path("out"),
      ])
    // What no proof reaches within rounding is said with the status of a wide gap.
    #expect([0, 2].contains(run.status), "\(run.errors)")
    #expect(abs(try spent(folder, "out") - budget) <= 1e-9 * budget)
    for word in ["nan", "inf", "-0 "] { #expect(!run.output.lowercased().contains(" \(word)"), "\(run.output)") }
  }

  @Test func `one draw is a plan`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(["optimise"] + Self.plan + ["--set", "posterior.draws=1", "--out", folder.path("out")])
    #expect(run.status == 0, "\(run.errors)")
    #expect(try spent(folder, "out") > 0 && !run.output.contains("nan"))
  }
}
