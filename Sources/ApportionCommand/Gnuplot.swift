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

  /// Draws small pictures, several by one process, as SVG by their names.
  func draw(cards: [Figure]) -> (pictures: [String: String], warnings: [String]) {
    guard !cards.isEmpty else { return ([:], []) }
    let deadline = ContinuousClock.now + timeLimit
    let size = (cards.count + Parallel.threadCount - 1) / Parallel.threadCount
    let groups = stride(from: 0, to: cards.count, by: size).map { Array(cards[$0..<min($0 + size, cards.count)]) }
    let results = Parallel.map(groups.count) { draw(cards: groups[$0], until: deadline) }
    let pictures = results.map(\.pictures).reduce(into: [:]) { $0.merge($1) { $1 } }
    return (pictures, results.compactMap(\.warning).prefix(1).map { $0 })
  }

  private func draw(
    cards: [Figure], until deadline: ContinuousClock.Instant
  ) -> (pictures: [String: String], warning: String?) {
    func missing(_ reason: String) -> (pictures: [String: String], warning: String?) {
      ([:], "warning: report.html: its pictures are not drawn: \(reason)")
    }
    do {
      return try inScratch { scratch, inner in
        for card in cards {
          try Data(card.script.utf8).write(to: inner.appending(path: "\(card.name).gp"))
          try Data(card.data.utf8).write(to: inner.appending(path: "\(card.name).csv"))
        }
        let all = cards.map { "load '\($0.name).gp'\n" }.joined()
        try Data(all.utf8).write(to: inner.appending(path: "all.gp"))
        if let trouble = try run("all.gp", in: inner, until: deadline) { return missing(trouble) }
        var pictures: [String: String] = [:]
        for card in cards {
          pictures[card.name] = String(decoding: try picture("\(card.name).svg", in: scratch), as: UTF8.self)
        }
        return (pictures, nil)
      }
    } catch {
      return missing(systemReason(error).sentence)
    }
  }

  /// Works in a folder of its own, which is gone afterwards, and in one within it.
  private func inScratch<Result>(_ work: (URL, URL) throws -> Result) throws -> Result {
    let scratch = FileManager.default.temporaryDirectory.appending(path: "apportion-\(UUID().uuidString)")
    defer { do { try FileManager.default.removeItem(at: scratch) } catch {} }
    let inner = scratch.appending(path: "figures")
    try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
    return try work(scratch, inner)
  }

  private func draw(_ figure: Figure, in folder: String, until deadline: ContinuousClock.Instant) -> Drawing {
    do {
      return try inScratch { scratch, inner in
        try Data(figure.script.utf8).write(to: inner.appending(path: "\(figure.name).gp"))
        try Data(figure.data.utf8).write(to: inner.appending(path: "\(figure.name).csv"))
        if let trouble = try run("\(figure.name).gp", in: inner, until: deadline) {
          return Drawing(warnings: ["warning: \(figure.name): not drawn: \(trouble)"])
        }
        var drawing = Drawing(
          files: try ["svg", "png"].map { kind in
            let name = "\(figure.name).\(kind)"
            return OutputFile(joined(folder, name), try picture(name, in: scratch))
          })
        let unknown = Fonts.uncovered(figure.script)
        guard !unknown.isEmpty else { return drawing }
        // Where no font has a letter, gnuplot's PNG is destroyed by it; an SVG finds its fonts where it is shown.
        let plain = String(
          String.UnicodeScalarView(figure.script.unicodeScalars.map { unknown.contains($0) ? "□" : $0 }))
        try Data("picture = 'png'\n\(plain)".utf8).write(to: inner.appending(path: "plain.gp"))
        if let trouble = try run("plain.gp", in: inner, until: deadline) {
          return Drawing(files: [drawing.files[0]], warnings: ["warning: \(figure.name).png: not drawn: \(trouble)"])
        }
        let name = "\(figure.name).png"
        drawing.files[1] = OutputFile(joined(folder, name), try picture(name, in: scratch))
        drawing.warnings.append(
          "warning: \(name): letters that no installed font has are shown as □: \(String(String.UnicodeScalarView(unknown.sorted())))"
        )
        return drawing
      }
    } catch {
      return Drawing(warnings: ["warning: \(figure.name): not drawn: \(systemReason(error).sentence)"])
    }
  }

  private struct NothingDrawn: LocalizedError {
    var errorDescription: String? { "gnuplot drew nothing" }
  }

  private func picture(_ name: String, in folder: URL) throws -> Data {
    let file = folder.appending(path: name)
    guard fileType(file.path) == .typeRegular else { throw NothingDrawn() }
    return try Data(contentsOf: file)
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
    switch try process.runs(until: deadline) {
    case .status(0): return nil
    case .deadline: return "gnuplot took more than \(Int(timeLimit / .seconds(1))) s, and was ended"
    case .status, .signal:
      let said = String(decoding: try Data(contentsOf: log), as: UTF8.self)
        .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      let reason = said.last { !$0.isEmpty && $0 != "^" } ?? "it says nothing of why"
      return "gnuplot failed: \(reason.prefix(200))"
    }
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
