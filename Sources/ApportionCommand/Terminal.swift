import Foundation
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

  /// Writes a line to standard error. A terminal that has gone away is no reason to stop.
  static func log(_ line: String) {
    write(line + "\n")
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

  func stage<T>(_ name: String, _ body: () throws -> T) rethrows -> T {
    let showsProgress = Terminal.errorIsTerminal && !isQuiet && !isVerbose
    if showsProgress { Terminal.write("\(name) …") }
    defer { if showsProgress { Terminal.write("\r\u{1B}[K") } }
    let clock = ContinuousClock()
    let start = clock.now
    let result = try body()
    if isVerbose {
      let duration = start.duration(to: clock.now)
      Terminal.log("\(name): \(duration.formatted(.units(allowed: [.seconds, .milliseconds], width: .narrow)))")
    }
    return result
  }
}
