import Foundation
import Testing

/// The same plan is the same bytes, however many threads worked on it; another instruction set changes the last digits.
@Suite struct DeterminismTests {
  private static let weekly = "data/weekly/plan.yaml"
  private static let calendar = "data/weekly/calendar.yaml"
  private static let tables = ["--set", "output.report=tables"]
  private static let few = ["--set", "posterior.draws=40"] + tables

  /// What is planned.
  enum Planned: String, CaseIterable, Sendable {
    case spread, quantile, byPeriod, steep, rounded

    func arguments(_ steep: SteepModel) -> [String] {
      switch self {
      case .spread: [weekly, "--set", "utility={expected_shortfall: {tail: 0.2}}"] + few
      case .quantile: [weekly, "--set", "utility=quantile", "--set", "bounds.default={relative: 0.5}"] + few
      case .byPeriod:
        [
          calendar, "--set", "horizon.num_periods=4", "--set", "budget.total=760000",
          "--set", "seasonality={}", "--set",
          "constraints=[{ramp: [search, social], up: {share: 0.2}, down: {share: 0.2}}]",
        ] + few
      case .steep: [steep.plan]
      case .rounded:
        [steep.plan, "--set", "rounding.unit=0.5", "--set", "constraints=[{off_or_at_least: tv, spend: 12}]"]
      }
    }
  }

  /// All files of an answer.
  private func files(
    _ planned: Planned, _ steep: SteepModel, threads: Int = 1, _ environment: [String: String] = [:]
  ) throws -> (run: CommandRun, files: [String: Data]) {
    let out = try TemporaryFolder()
    let run = try CommandRun(
      ["optimise"] + planned.arguments(steep) + [
        "-q", "--threads", "\(threads)", "-o", out.path("out"), "--draws", out.path("out") + "/draws.csv",
      ], environment: environment)
    guard run.status != 64 else { return (run, [:]) }
    #expect(run.status == 0 || run.status == 2, "\(planned): \(run.errors)")
    let folder = out.url.appendingPathComponent("out")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let files = try names.map { ($0, try Data(contentsOf: folder.appendingPathComponent($0))) }
    return (run, Dictionary(uniqueKeysWithValues: files))
  }

  @Test(arguments: Planned.allCases)
  func `every file is the same bytes on one, two and eight threads, and again`(planned: Planned) throws {
    let steep = try SteepModel(utility: "{expected_shortfall: {tail: 0.2}}", lines: "solver: {gap: 1e-3}")
    let first = try files(planned, steep).files
    #expect(
      ["recommendation.json", "certificate.json", "allocation.csv", "calendar.csv", "limits.csv", "draws.csv"]
        .allSatisfy { first[$0] != nil }, "\(first.keys.sorted())")
    for threads in [1, 2, 8] {
      let again = try files(planned, steep, threads: threads).files
      #expect(again.keys.sorted() == first.keys.sorted(), "\(planned)")
      for (name, bytes) in first { #expect(again[name] == bytes, "\(planned), \(name), threads: \(threads)") }
    }
  }

  /// Of a recommendation: the value, its bound, and the money of each channel or of each in each period.
  private struct Numbers {
    var value: Double
    var bound: Double
    var spend: [Double]

    init(_ files: [String: Data]) throws {
      let bytes = try #require(files["certificate.json"])
      let json = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
      value = try #require(json["value"] as? Double)
      let proved = json["upper_bound"] as? Double
      let searched = json["searched_bound"] as? Double
      bound = try #require(proved ?? searched)
      spend = try #require(json["allocation"] as? [Double])
    }
  }

  @Test(arguments: [Planned.spread, .byPeriod, .steep])
  func `instruction sets agree but for the last digits`(planned: Planned) throws {
    let steep = try SteepModel(utility: "mean", lines: "solver: {gap: 1e-4}")
    var found: [(set: String, numbers: Numbers)] = []
    for set in ["baseline", "avx2", "avx512"] {
      let (run, files) = try files(planned, steep, ["APPORTION_INSTRUCTION_SET": set])
      guard run.status != 64 else {
        #expect(set != "baseline" && run.errors.contains("if this processor has it"), "\(run.errors)")
        continue
      }
      #expect(try self.files(planned, steep, threads: 2, ["APPORTION_INSTRUCTION_SET": set]).files == files)
      found.append((set, try Numbers(files)))
    }
    let first = try #require(found.first?.numbers)
    let most = first.spend.reduce(0, +)
    for (set, numbers) in found {
      // Curves are good to a few parts in 1e15 on each set, and sums of draws to some more: 1e-12 has room for both. A search
      // that ends a step earlier or later leaves a value that is flat where it stands: 1e-9 of it.
      #expect(abs(numbers.value - first.value) <= 1e-9 * abs(first.value), "\(planned), \(set)")
      // A proof ends at its gap, which the last digits may cut elsewhere; both bounds are true.
      #expect(abs(numbers.bound - first.bound) <= 1e-3 * abs(first.bound), "\(planned), \(set)")
      #expect(numbers.bound >= first.value * (1 - 1e-11), "\(planned), \(set)")
      // Where the value is flat to 1e-9 of itself, money may move by its root.
      for (a, b) in zip(numbers.spend, first.spend) { #expect(abs(a - b) <= 3e-5 * most, "\(planned), \(set)") }
    }
  }

  @Test(arguments: ["baseline", "avx2", "avx512"])
  func `a plan given is scored by each instruction set to the last digits`(set: String) throws {
    let steep = try SteepModel(utility: "mean")
    try steep.folder.write("plan.csv", "channel,spend\ntv,15\nsearch,15\nradio,10\n")
    func value(_ environment: [String: String]) throws -> Double? {
      let run = try CommandRun(
        [
          "evaluate", steep.plan, "-a", steep.folder.path("plan.csv"), "--format", "json", "-o", steep.folder.path("e"),
        ],
        environment: environment)
      guard run.status == 0 else {
        #expect(run.status == 64 && run.errors.contains("if this processor has it"), "\(run.errors)")
        return nil
      }
      let json = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
      return try #require((json["utility"] as? [String: Any])?["value"] as? Double)
    }
    let widest = try #require(try value([:]))
    // Curves are good to a few parts in 1e15 on each set, and sums of draws to some more.
    if let own = try value(["APPORTION_INSTRUCTION_SET": set]) { #expect(abs(own - widest) <= 1e-12 * abs(widest)) }
  }
}
