import Foundation
import Testing

/// A copy of the repository as a page's reader has it, with the command that was built beside these tests: `apportion` and
/// `scripts/run` are both it.
final class PageSandbox {
  private let folder: TemporaryFolder

  /// - Parameter copied: what the copy has of the repository, whole.
  init(copying copied: [String] = ["data"]) throws {
    folder = try TemporaryFolder()
    let files = FileManager.default
    for name in copied {
      let place = folder.url.appendingPathComponent(name)
      try files.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      try files.copyItem(at: packageRoot.appendingPathComponent(name), to: place)
    }
    // Answers of runs by hand are no part of the repository.
    for name in try files.contentsOfDirectory(atPath: folder.path("data/weekly")) where name.hasPrefix("results") {
      try files.removeItem(atPath: folder.path("data/weekly/\(name)"))
    }
    let executable = try #require(RunningCommand.executable, "The command is built beside the tests.")
    for name in ["bin/apportion", "scripts/run"] {
      let place = folder.url.appendingPathComponent(name)
      try files.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      try files.createSymbolicLink(at: place, withDestinationURL: executable)
    }
  }

  /// Runs a line, or several, as a shell does.
  func run(_ line: String) throws -> CommandRun {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return try CommandRun(
      ["-c", line], in: folder.url, searchPath: "\(folder.path("bin")):\(path)",
      program: URL(fileURLWithPath: "/bin/sh"))
  }

  func write(_ name: String, _ text: String) throws { try folder.write(name, text) }
  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder.path(name)) }
  func remove(_ name: String) throws { if has(name) { try FileManager.default.removeItem(atPath: folder.path(name)) } }
  func text(_ name: String) throws -> String { try folder.text(name) }
}
