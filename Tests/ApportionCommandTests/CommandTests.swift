import Foundation
import Testing

@testable import ApportionCommand

/// The commands as users run them, on the model in data/weekly.
@Suite struct CommandTests {
  private let plan = "data/weekly/plan.yaml"
  private let model = "data/weekly/model.nc"
  /// Enough draws to solve with in a debug build.
  private let few = ["--set", "posterior.draws=40", "--set", "output.report=tables"]

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func `optimise writes its files and prints the verdict first`() throws {
    let folder = try TemporaryFolder()
    let out = folder.path("a/b")
    let run = try CommandRun(["optimise", plan, "--out", out, "--draws", out + "/draws.npy"] + few)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors == "")
    #expect(run.output.hasPrefix("This plan beats the current one in "))
    #expect(run.output.hasSuffix("\(out)/limits.csv, \(out)/certificate.json, \(out)/draws.npy\n"))
    #expect(!run.output.contains("\u{1B}"))
    let written = try FileManager.default.contentsOfDirectory(atPath: out).sorted()
    #expect(
      written == [
        "allocation.csv", "calendar.csv", "certificate.json", "draws.npy", "limits.csv", "recommendation.json",
      ])
    let answer = try object(try folder.text("a/b/recommendation.json"))
    #expect(answer["status"] as? String == "solved")
    let inputs = try #require((answer["reproducibility"] as? [String: Any])?["inputs"] as? [[String: String]])
    #expect(inputs.map { $0["path"] } == [plan, model])
    #expect(inputs.allSatisfy { $0["sha256"]?.count == 64 })
    // 128 bytes of header and 8 for each of 40 draws.
    #expect(try Data(contentsOf: URL(fileURLWithPath: out + "/draws.npy")).count == 128 + 8 * 40)
  }

  @Test func `optimize is optimise, and the same plan gives the same bytes`() throws {
    let folder = try TemporaryFolder()
    for (name, out) in [("optimise", "a"), ("optimize", "b")] {
      let run = try CommandRun([name, plan, "--out", folder.path(out), "--quiet"] + few)
      #expect(run.status == 0 && run.output == "" && run.errors == "")
    }
    for file in ["recommendation.json", "allocation.csv", "calendar.csv", "certificate.json"] {
      #expect(try folder.text("a/" + file) == folder.text("b/" + file))
    }
  }

  @Test func `json and csv on standard output are the files, also when quiet`() throws {
    let folder = try TemporaryFolder()
    let json = try CommandRun(["optimise", plan, "-o", folder.path("a"), "--format", "json"] + few)
    #expect(json.output == (try folder.text("a/recommendation.json")))
    let csv = try CommandRun(["optimise", plan, "-o", folder.path("a"), "--format", "csv", "-q"] + few)
    #expect(csv.output == (try folder.text("a/allocation.csv")))
  }

  @Test func `verbose says on standard error how long each stage took`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(["optimise", plan, "-o", folder.path("a"), "--verbose"] + few)
    let stages = run.errors.split(separator: "\n").map { String($0.prefix { $0 != ":" }) }
    #expect(
      stages == [
        "Start-up", "Reading \(plan)", "Reading \(model)", "Compiling the plan", "Taking digests", "Solving",
        "Making the reports", "Writing \(folder.path("a"))", "Total",
      ])
    #expect(run.errors.contains(" evaluations from 1 start, threads: "))
    #expect(run.errors.hasSuffix(" MB of memory at most\n"))
  }

  @Test(arguments: [["mean"], ["quantile", "--set", "bounds.default={relative: 0.5}"]])
  func `any number of threads writes the same bytes`(utility: [String]) throws {
    let folder = try TemporaryFolder()
    let rest = ["--set", "utility=" + utility[0]] + utility.dropFirst() + few
    for threads in ["1", "2", "8"] {
      let out = folder.path(threads)
      let run = try CommandRun(
        ["optimise", plan, "-q", "--threads", threads, "-o", out, "--draws", out + "/draws.csv"] + rest)
      #expect(run.status == 0, "\(run.errors)")
      let scored = try CommandRun(
        ["evaluate", plan, "-q", "--threads", threads, "-o", out + "/e", "-a", out + "/allocation.csv"] + rest)
      #expect(scored.status == 0, "\(scored.errors)")
    }
    for file in ["recommendation.json", "allocation.csv", "calendar.csv", "draws.csv"] {
      let one = try folder.text("1/" + file)
      #expect(try folder.text("2/" + file) == one)
      #expect(try folder.text("8/" + file) == one)
    }
    #expect(try folder.text("8/e/allocation.csv") == folder.text("1/e/allocation.csv"))
  }

  @Test func `without a folder files go to results where the command runs`() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      at: packageRoot.appendingPathComponent(model), to: folder.url.appendingPathComponent("model.nc"))
    let made = try CommandRun(["init", "model.nc", "--out", "plan.yaml"], in: folder.url)
    #expect(made.status == 0, "\(made.errors)")
    let solved = try CommandRun(["optimise", "plan.yaml"] + few, in: folder.url)
    #expect(solved.status == 0, "\(solved.errors)")
    let scored = try CommandRun(
      ["evaluate", "plan.yaml", "--allocation", "results/allocation.csv"] + few, in: folder.url)
    #expect(scored.status == 0, "\(scored.errors)")
    #expect(
      try FileManager.default.subpathsOfDirectory(atPath: folder.url.path).filter { $0.hasSuffix(".json") }.sorted()
        == [
          "results/certificate.json", "results/evaluation/recommendation.json", "results/recommendation.json",
        ])
  }

  @Test func `a certificate is replayed, and one that claims too much is refused`() throws {
    let folder = try TemporaryFolder()
    let tail = ["--set", "utility.expected_shortfall.tail=0.1"]
    try #require(try CommandRun(["optimise", plan, "-o", folder.path("a"), "-q"] + tail + few).status == 0)
    let path = folder.path("a/certificate.json")
    let run = try CommandRun(["verify", path])
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      run.output.hasPrefix(
        "Replayed over 40 draws: no plan within the limits scores above "))
    #expect(run.output.contains(" by expected_shortfall {tail: 0.1}.\n"))
    let text = try folder.text("a/certificate.json")
    func verify(_ old: String, _ new: String) throws -> CommandRun {
      #expect(text.contains(old))
      let forged = text.replacingOccurrences(of: old, with: new)
      try Data(forged.utf8).write(to: URL(fileURLWithPath: folder.path("forged.json")))
      return try CommandRun(["verify", folder.path("forged.json")])
    }
    let bound = try #require(try object(text)["upper_bound"] as? Double)
    let claims = try verify("\"upper_bound\": \(bound)", "\"upper_bound\": \(bound * (1 - 1e-9))")
    #expect(claims.status == 65)
    #expect(claims.errors.contains("it states a bound of "))
    let prices = try verify("\"prices\": [", "\"prices\": [9")
    #expect(prices.status == 65 && prices.errors.contains("but proves only "))
    let changed = try verify("\"sha256\": \"", "\"sha256\": \"0")
    #expect(changed.status == 65 && changed.errors.contains("has changed since: expected SHA-256 "))
    let spend = try #require(text.range(of: "\"spend\": [")?.upperBound)
    let outside = try verify(String(text[..<spend].suffix(10)), "\"spend\": [-1e6, ")
    #expect(outside.status == 65)
    let other = try verify("\"utility\": \"expected_shortfall {tail: 0.1}\"", "\"utility\": \"mean\"")
    #expect(other.status == 65 && other.errors.contains("expected the utility of its plan"))
    let unnamed = try verify("\"channels\"", "\"kanäle\"")
    #expect(unnamed.status == 65)
    #expect(
      unnamed.errors == "error: \(folder.path("forged.json")): not a certificate: expected channels, found none\n")
    let value = try verify("\"value\": ", "\"value\": 1")
    #expect(value.status == 65 && value.errors.contains("but its allocation scores "))
    let none = try CommandRun(["verify", folder.path("none.json")])
    #expect(none.status == 66)
  }

  @Test func `so is a proof by boxes`() throws {
    let folder = try TemporaryFolder()
    let spread = ["--set", "utility={mean_deviation: {lambda: 2}}"]
    let solved = try CommandRun(["optimise", plan, "-o", folder.path("a"), "-q"] + spread + few)
    #expect(solved.status == 0, "\(solved.errors)")
    let path = folder.path("a/certificate.json")
    let run = try CommandRun(["verify", path])
    #expect(run.status == 0, "\(run.errors)")
    let text = try folder.text("a/certificate.json")
    let bound = try #require(try object(text)["upper_bound"] as? Double)
    let gap =
      try #require(
        try object(try folder.text("a/recommendation.json"))["utility"] as? [String: Any])["gap"] as? Double
    #expect(try #require(gap) <= 1e-4)
    for forged in [
      text.replacingOccurrences(of: "\"upper_bound\": \(bound)", with: "\"upper_bound\": \(bound * (1 - 1e-9))"),
      text.replacingOccurrences(
        of: "\"tree\": [", with: "\"tree\": [{\"channel\": 0, \"at\": 1, \"below\": 0, \"above\": 0}, "),
      text.replacingOccurrences(of: "\"points\": [", with: "\"points\": [[0, 1], "),
    ] {
      #expect(forged != text)
      try Data(forged.utf8).write(to: URL(fileURLWithPath: folder.path("forged.json")))
      #expect(try CommandRun(["verify", folder.path("forged.json")]).status == 65)
    }
  }

  @Test func `an answer without a proof says so in its certificate`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(
      ["optimise", plan, "-o", folder.path("a"), "-q", "--set", "utility=mean_tightness"] + few)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try object(try folder.text("a/certificate.json"))["upper_bound"] is NSNull)
    let replay = try CommandRun(["verify", folder.path("a/certificate.json")])
    #expect(replay.status == 65)
    #expect(replay.errors.contains("it states no bound: nothing was proved of that answer"))
    // What a search has found without writing its boxes is stated, and not replayed.
    let searched = try folder.text("a/certificate.json").replacing(
      "\"searched_bound\": null", with: "\"searched_bound\": 12.5")
    try folder.write("searched.json", searched)
    let refusal = try CommandRun(["verify", folder.path("searched.json")])
    #expect(refusal.status == 65)
    #expect(
      refusal.errors.contains("the bound of 12.5 was found by a search of boxes or choices, which are not written"))
  }

  @Test func `a bound on single draws is replayed, and is called no certificate`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(
      ["optimise", plan, "-o", folder.path("a"), "--set", "utility={quantile: {level: 0.1}}"] + few)
    // However far it is: no gap is asked of such a bound.
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains("that bound may be loose"))
    let record = try object(try folder.text("a/recommendation.json"))
    #expect((record["utility"] as? [String: Any])?["bound"] as? String == "box")
    let replay = try CommandRun(["verify", folder.path("a/certificate.json")])
    #expect(replay.status == 0, "\(replay.errors)")
    #expect(replay.output.contains("each draw by its own best plan"))
  }

  @Test func `the Sharpe ratio is certified, and replayed`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(["optimise", plan, "-o", folder.path("a"), "-q", "--set", "utility=sharpe"] + few)
    #expect(run.status == 0, "\(run.errors)")
    let text = try folder.text("a/certificate.json")
    #expect(try object(text)["ratio"] as? Bool == true)
    #expect(try CommandRun(["verify", folder.path("a/certificate.json")]).status == 0)
    // Of a lower ratio it proves nothing.
    let bound = try #require(try object(text)["upper_bound"] as? Double)
    let forged = text.replacing(/"upper_bound": [0-9.]+/, with: "\"upper_bound\": \(bound * 0.9998)")
    #expect(forged != text)
    try Data(forged.utf8).write(to: URL(fileURLWithPath: folder.path("forged.json")))
    #expect(try CommandRun(["verify", folder.path("forged.json")]).status == 65)
  }

  @Test func `what optimise found, evaluate scores the same, from either table`() throws {
    let folder = try TemporaryFolder()
    try #require(try CommandRun(["optimise", plan, "-o", folder.path("a"), "-q"] + few).status == 0)
    let found =
      try #require(
        try object(try folder.text("a/recommendation.json"))["utility"] as? [String: Any])["value"] as? Double
    for table in ["allocation.csv", "calendar.csv"] {
      let run = try CommandRun(
        ["evaluate", plan, "--allocation", folder.path("a/" + table), "-o", folder.path("b"), "--format", "json"] + few)
      #expect(run.status == 0, "\(run.errors)")
      let answer = try object(run.output)
      #expect(answer["status"] as? String == "evaluated")
      let value = try #require((answer["utility"] as? [String: Any])?["value"] as? Double)
      // The sum of thirteen periods is the total to a few units in the last place, and so is the value.
      #expect(abs(value - (found ?? .nan)) <= 1e-12 * abs(value))
    }
  }

  @Test func `an allocation that breaks limits is scored all the same, with status 2`() throws {
    let folder = try TemporaryFolder()
    try folder.write("mine.csv", "channel,spend\ntv,1600000\nsearch,300000\n")
    let run = try CommandRun(["evaluate", plan, "--allocation", folder.path("mine.csv"), "-o", folder.path("a")] + few)
    #expect(run.status == 2)
    #expect(run.output.contains("Broken limit: tv, by 100,000 (1,600,000 against 1,500,000)"))
    #expect(try folder.text("a/recommendation.json").contains("\"status\": \"evaluated_outside_limits\""))
  }

  @Test func `inspect, check and schema print what they read`() throws {
    let inspect = try CommandRun(["inspect", model])
    #expect(inspect.status == 0 && inspect.output.contains("6: tv, search, social, display, radio, print"))
    let cells = try object(try CommandRun(["inspect", model, "--format", "json"]).output)["cells"] as? [Any]
    #expect(cells?.count == 6)
    // Six channels with three parameters each, and the header.
    let meridian = try CommandRun(["inspect", "data/meridian/weekly/plan.yaml"])
    #expect(meridian.status == 0 && meridian.output.contains("data/meridian/weekly/posterior.nc (meridian)"))
    let alone = try CommandRun(["inspect", "data/meridian/weekly/posterior.nc"])
    #expect(alone.status == 0 && alone.output.contains("meridian: {max_lag: 8"))
    #expect(try CommandRun(["inspect", model, "-f", "csv"]).output.split(separator: "\n").count == 19)
    let check = try CommandRun(["check", plan])
    #expect(check.status == 0 && check.output.hasPrefix("The plan is valid"))
    #expect(try object(try CommandRun(["check", plan, "--format", "json"]).output)["optimisable"] as? Bool == true)
    #expect(try object(try CommandRun(["schema"]).output)["type"] as? String == "object")
  }

  @Test func `init never overwrites, and names the model as the plan's folder sees it`() throws {
    let folder = try TemporaryFolder()
    try folder.write("plan.yaml", "mine")
    let run = try CommandRun(["init", model, "--out", folder.path("plan.yaml")])
    #expect(run.status == 73 && run.errors.contains("is not overwritten"))
    #expect(try folder.text("plan.yaml") == "mine")
    #expect(relativePath(of: "a/model.nc", fromFolderOf: "plan.yaml") == "a/model.nc")
    #expect(relativePath(of: "a/model.nc", fromFolderOf: "b/c/plan.yaml") == "../../a/model.nc")
    #expect(relativePath(of: "a/model.nc", fromFolderOf: "a/plan.yaml") == "model.nc")
    #expect(relativePath(of: "/a/model.nc", fromFolderOf: "b/plan.yaml") == "/a/model.nc")
  }

  @Test(arguments: [
    (["--version"], 0, ""),
    (["--help"], 0, ""),
    (["optimise", "--help"], 0, ""),
    (["optimise"], 64, "Missing expected argument '<plan>'"),
    (["frobnicate"], 64, "Unexpected argument 'frobnicate'"),
    (["optimise", "PLAN", "--threads", "0"], 64, "--threads: expected 1 or more, found 0"),
    (["evaluate", "PLAN", "-a", "x.csv", "--threads=-2"], 64, "--threads: expected 1 or more, found -2"),
    (["optimise", "PLAN", "--threads", "two"], 64, "'two' is invalid for '--threads <number>'"),
    (["optimise", "PLAN", "--format", "xml"], 64, "'text', 'json' or 'csv'"),
    (["optimise", "PLAN", "--draws", "draws.txt"], 64, "expected a file named .npy or .csv, found 'draws.txt'"),
    (["check", "PLAN", "--format", "csv"], 64, "a check is text or json"),
    (["optimise", "nowhere.yaml"], 66, "nowhere.yaml: no such file"),
    (["optimise", "PLAN", "--set", "posterior.file=nowhere.nc"], 66, "nowhere.nc"),
    (["inspect", "nowhere.nc"], 66, "nowhere.nc"),
    (["inspect", "Package.swift"], 65, "Package.swift"),
    (["inspect", "Sources"], 65, "Sources"),
    (
      ["evaluate", "PLAN", "--allocation", "nowhere.csv"], 66,
      "error: no such file, expected a CSV file, found nothing at nowhere.csv"
    ),
    (["optimise", "PLAN", "--set", "bugdet.total=1"], 65, "did you mean 'budget'?"),
    (["optimise", "PLAN", "--set", "utility=meen"], 65, "meen"),
    (["optimise", "PLAN", "--set", "bounds.tvv=[0, 1]"], 65, "did you mean tv?"),
    (["optimise", "PLAN", "--set", "budget.total=1000"], 3, "error: "),
    (["check", "PLAN", "--set", "budget.total=1000"], 3, "error: "),
    (["optimise", "PLAN", "--out", "Package.swift/results"], 73, "is not a folder"),
    (["optimise", "PLAN", "--draws", "Package.swift/draws.npy"], 73, "is not a folder"),
  ])
  func `a failure says why on standard error, and has its status`(
    arguments: [String], status: Int32, sentence: String
  ) throws {
    let folder = try TemporaryFolder()
    let arguments = arguments.map { $0 == "PLAN" ? plan : $0 }
    let needsFolder = arguments.first == "optimise" && !arguments.contains("--out") && arguments.contains(plan)
    let run = try CommandRun(arguments + (needsFolder ? ["--out", folder.path("out")] : []))
    #expect(run.status == status, "\(run.errors)")
    #expect(sentence.isEmpty ? run.errors.isEmpty : run.errors.contains(sentence), "\(run.errors)")
    if status != 0 { #expect(run.output == "") }
    // A run that failed leaves nothing.
    #expect(try folder.names == [])
  }

  @Test func `several mistakes are all reported, each with its place`() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "plan.yaml", "posterior: {file: m.nc}\nhorizon: {num_periods: 0}\nbudget: {totl: 5}\nutility: meen\n")
    let run = try CommandRun(["check", folder.path("plan.yaml")])
    #expect(run.status == 65)
    for place in ["plan.yaml:2:", "plan.yaml:3:", "plan.yaml:4:"] {
      #expect(run.errors.contains(place), "\(run.errors)")
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func `a report that cannot be printed is an error`() throws {
    let run = Process()
    run.executableURL = URL(fileURLWithPath: "/bin/sh")
    let tests = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    run.arguments = ["-c", "'\(tests.path)/apportion' schema > /dev/full 2> /dev/null"]
    try run.run()
    run.waitUntilExit()
    #expect(run.terminationStatus == 74)
  }
}
