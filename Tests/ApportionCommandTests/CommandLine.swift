import Foundation
import Testing

/// The command as users run it: a process with arguments, two streams and an exit status.
struct CommandRun {
  var status: Int32
  var output: String
  var errors: String

  /// Runs the command that was built beside these tests, in a folder.
  ///
  /// - Parameters:
  ///   - searchPath: where programs are sought, in place of the tests' own `PATH`.
  ///   - program: what is run in the command's place.
  ///   - environment: variables beside the tests' own.
  init(
    _ arguments: [String], in folder: URL = packageRoot, searchPath: String? = nil, program: URL? = nil,
    environment: [String: String] = [:]
  ) throws {
    self = try RunningCommand(arguments, in: folder, searchPath: searchPath, program: program, environment: environment)
      .end()
  }

  fileprivate init(status: Int32, output: String, errors: String) {
    (self.status, self.output, self.errors) = (status, output, errors)
  }
}

/// The command while it runs.
final class RunningCommand {
  private let process = Process()
  private let scratch: TemporaryFolder

  init(
    _ arguments: [String], in folder: URL = packageRoot, searchPath: String? = nil, program: URL? = nil,
    environment: [String: String] = [:]
  ) throws {
    var own = environment
    if let searchPath { own["PATH"] = searchPath }
    if !own.isEmpty { process.environment = ProcessInfo.processInfo.environment.merging(own) { $1 } }
    let executable = try #require(Self.executable, "The command is built beside the tests.")
    process.executableURL = program ?? executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    // Files, not pipes: a pipe that nobody reads would stop a long report half-way.
    scratch = try TemporaryFolder()
    for name in ["out", "err"] { try Data().write(to: scratch.url.appendingPathComponent(name)) }
    process.standardOutput = try FileHandle(forWritingTo: scratch.url.appendingPathComponent("out"))
    process.standardError = try FileHandle(forWritingTo: scratch.url.appendingPathComponent("err"))
    try process.run()
  }

  /// Waits until it has said something on standard error, or has ended.
  func waitUntilItSays(_ text: String) throws {
    while process.isRunning, try !scratch.text("err").contains(text) { Thread.sleep(forTimeInterval: 0.02) }
  }

  /// The process's, as the system has it.
  var identifier: Int32 { process.processIdentifier }

  func send(_ signal: Int32) { kill(identifier, signal) }

  func end() throws -> CommandRun {
    process.waitUntilExit()
    return CommandRun(
      status: process.terminationStatus, output: try scratch.text("out"), errors: try scratch.text("err"))
  }

  /// The command that was built beside these tests.
  static var executable: URL? {
    let tests = [CommandLine.arguments[0]] + Bundle.allBundles.map(\.bundlePath)
    return tests.map { URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("apportion") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }
}

/// The folder that Package.swift is in.
let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// A folder of its own for one test, gone with it.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("apportion \(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { do { try FileManager.default.removeItem(at: url) } catch {} }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }
  func text(_ name: String) throws -> String {
    try String(contentsOf: url.appendingPathComponent(name), encoding: .utf8)
  }
  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: url.appendingPathComponent(name))
  }
  /// All that is in the folder, hidden files too.
  var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() } }
}
