import Foundation
import NumericKernel
import Planning
import Reporting

/// Standard output for reports, standard error for everything else.
enum Terminal {
  /// Writes a report to standard output.
  static func show(_ text: String) throws(Failure) {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      throw Failure(.inputOutput, "error: standard output cannot be written: \(systemReason(error).sentence)")
    }
  }

  /// Writes lines to standard error, what a file has in them of control characters replaced. A terminal that has gone away is no
  /// reason to stop.
  static func log(_ lines: String) {
    write(lines.split(separator: "\n", omittingEmptySubsequences: false).map { printable(String($0)) + "\n" }.joined())
  }

  /// Writes to standard error as it stands.
  static func write(_ text: String) {
    do { try FileHandle.standardError.write(contentsOf: Data(text.utf8)) } catch {}
  }

  static let outputIsTerminal = isatty(STDOUT_FILENO) == 1
  static let errorIsTerminal = isatty(STDERR_FILENO) == 1

  /// Bold and colour only on a terminal that can show them and whose user has not said NO_COLOR.
  static var style: TextStyle {
    guard outputIsTerminal else { return .plain }
    let environment = ProcessInfo.processInfo.environment
    let hasColor = (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    let width = environment["COLUMNS"].flatMap(Int.init).map { max(60, $0) } ?? 100
    return TextStyle(hasColor: hasColor, width: width)
  }
}

/// Says on standard error what is being done: while it is done, to a terminal; how long it took, when asked.
struct Progress {
  var isVerbose: Bool
  var isQuiet: Bool

  /// `detail` is what the result adds to the time it took.
  func stage<T>(_ name: String, detail: (T) -> String = { _ in "" }, _ body: () throws -> T) rethrows -> T {
    if showsStages { Terminal.write("\(name) …") }
    defer { if showsStages { Terminal.write("\r\u{1B}[K") } }
    let start = ContinuousClock.now
    let result = try body()
    if isVerbose { Terminal.log("\(name): \(milliseconds(ContinuousClock.now - start))\(detail(result))") }
    return result
  }

  /// A stage of searches, each of which is said as it begins; interrupted, they end with what they have.
  func search<T>(
    _ name: String, detail: (T) -> String = { _ in "" }, _ body: ((SearchStep) -> Void) throws -> T
  ) rethrows -> T {
    Interruption.listen()
    return try stage(name, detail: detail) {
      try body { step in
        guard showsStages else { return }
        let place = step.count.map { "\(step.number) of \($0)" } ?? String(step.number)
        Terminal.write("\r\u{1B}[K\(name), \(place): \(printable(step.name)) …")
      }
    }
  }

  private var showsStages: Bool { Terminal.errorIsTerminal && !isQuiet && !isVerbose }

  /// What the process cost before its first line of ours: loading the libraries, mostly.
  func startUp() {
    if isVerbose { Terminal.log("Start-up: \(milliseconds(ProcessCost().processorTime)) of CPU") }
  }

  func total(since start: ContinuousClock.Instant) {
    guard isVerbose else { return }
    let cost = ProcessCost()
    Terminal.log(
      "Total: \(milliseconds(ContinuousClock.now - start)) after start-up; with it "
        + "\(milliseconds(cost.processorTime)) of CPU and \(cost.peakMemory / 1_000_000) MB of memory at most")
  }

  private func milliseconds(_ duration: Duration) -> String {
    String(format: "%.1f ms", duration / .milliseconds(1))
  }
}
