import Foundation
import NumericKernel
import Reporting
import Synchronization

/// The program that draws the pictures, where there is one.
struct Gnuplot {
  /// A picture takes a fraction of a second.
  static let timeLimit = Duration.seconds(20)

  private let program: URL
  private let timeLimit: Duration

  /// What became of the pictures.
  struct Drawing {
    var files: [OutputFile] = []
    /// In sentences: pictures that there are not, and why.
    var warnings: [String] = []
  }

  /// Nil where no folder of a search path has it.
  init?(searching path: String? = ProcessInfo.processInfo.environment["PATH"], timeLimit: Duration = Gnuplot.timeLimit)
  {
    let places = (path ?? "").split(separator: ":").map { URL(fileURLWithPath: String($0)).appending(path: "gnuplot") }
    guard
      let found = places.first(where: {
        fileType($0.path) == .typeRegular && FileManager.default.isExecutableFile(atPath: $0.path)
      })
    else { return nil }
    program = found
    self.timeLimit = timeLimit
  }

  /// Draws in a folder of its own, which is gone afterwards; the pictures' paths begin with `folder`.
  func draw(_ figures: [Figure], in folder: String) -> Drawing {
    let deadline = ContinuousClock.now + timeLimit
    let results = Parallel.map(figures.count) { draw(figures[$0], in: folder, until: deadline) }
    return Drawing(files: results.flatMap(\.files), warnings: results.flatMap(\.warnings))
  }

  private func draw(_ figure: Figure, in folder: String, until deadline: ContinuousClock.Instant) -> Drawing {
    let scratch = FileManager.default.temporaryDirectory.appending(path: "apportion-\(UUID().uuidString)")
    defer { do { try FileManager.default.removeItem(at: scratch) } catch {} }
    do {
      let inner = scratch.appending(path: "figures")
      try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
      try Data(figure.script.utf8).write(to: inner.appending(path: "\(figure.name).gp"))
      try Data(figure.data.utf8).write(to: inner.appending(path: "\(figure.name).csv"))
      if let trouble = try run("\(figure.name).gp", in: inner, until: deadline) {
        return Drawing(warnings: ["warning: \(figure.name): not drawn: \(trouble)"])
      }
      return Drawing(
        files: try ["svg", "png"].map { kind in
          let name = "\(figure.name).\(kind)"
          return OutputFile(joined(folder, name), try Data(contentsOf: scratch.appending(path: name)))
        })
    } catch {
      return Drawing(warnings: ["warning: \(figure.name): not drawn: \(systemReason(error).sentence)"])
    }
  }

  /// What went wrong, or nil.
  private func run(_ script: String, in folder: URL, until deadline: ContinuousClock.Instant) throws -> String? {
    let process = Process()
    process.executableURL = program
    // Without the settings that a user keeps for himself, which would be in every picture.
    process.arguments = ["-d", script]
    process.currentDirectoryURL = folder
    let log = folder.appending(path: "log")
    try Data().write(to: log)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: log)
    let end = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in end.signal() }
    try process.run()
    let seconds = max(0, (deadline - ContinuousClock.now) / .seconds(1))
    if end.wait(timeout: .now() + seconds) == .timedOut {
      kill(process.processIdentifier, SIGKILL)
      end.wait()
      return "gnuplot took more than \(Int(timeLimit / .seconds(1))) s, and was ended"
    }
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      let said = String(decoding: try Data(contentsOf: log), as: UTF8.self)
        .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      let reason = said.last { !$0.isEmpty && $0 != "^" } ?? "it says nothing of why"
      return "gnuplot failed: \(reason.prefix(200))"
    }
    return nil
  }
}

extension Gnuplot.Drawing {
  /// The pictures, where gnuplot is installed, and what they are drawn from.
  init(_ figures: [Figure], in folder: String) {
    guard !figures.isEmpty else {
      self.init()
      return
    }
    self =
      Gnuplot()?.draw(figures, in: folder)
      ?? Gnuplot.Drawing(warnings: [
        "warning: pictures are not drawn: gnuplot is not installed (Debian: apt-get install gnuplot-nox); all else is written, "
          + "and \(joined(folder, "figures")) has the scripts to draw them with"
      ])
    files += figures.flatMap { figure in
      [("gp", figure.script), ("csv", figure.data)].map {
        OutputFile(joined(folder, "figures/\(figure.name).\($0)"), $1)
      }
    }
  }

  /// What pictures of these names may write, below the folder.
  static func paths(_ names: [String]) -> [String] {
    names.flatMap { ["figures/\($0).gp", "figures/\($0).csv", "\($0).svg", "\($0).png"] }
  }

  /// What was written, for a report.
  func names(in folder: String) -> [String] {
    files.map(\.path).filter { $0.hasSuffix(".svg") }.map { "\($0) and .png" }
      + (files.isEmpty ? [] : ["\(joined(folder, "figures")) (what pictures are drawn from)"])
  }
}
