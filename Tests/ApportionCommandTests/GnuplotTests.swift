import Foundation
import Testing

@testable import ApportionCommand
@testable import Reporting

@Suite struct GnuplotTests {
  private static func figure(_ title: String) -> Figure {
    Figure(
      name: "outcome", title: title,
      panels: [
        Figure.Panel(
          title: title, x: .amounts(title, [3]), y: .amounts("", [2]), columns: [("x", [0, 1, 2]), ("y", [2, 1, 2])],
          layers: [Figure.Layer(.line(x: "x", y: "y"), .recommended)],
          words: [Figure.Words(text: title, x: 1, y: 1)])
      ], columnWidths: [1])
  }

  /// A folder with a program of that name, which does what a shell is told.
  private static func folder(gnuplot commands: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("gnuplot", "#!/bin/sh\n\(commands)\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path("gnuplot"))
    return folder
  }

  @Test(.enabled(if: Gnuplot() != nil, "gnuplot is installed"))
  func `a picture is drawn in both formats, and its words are obeyed nowhere`() throws {
    let marker = FileManager.default.temporaryDirectory.appending(path: "apportion-\(UUID().uuidString)").path
    let title =
      "it's `touch \(marker)` $(touch \(marker)) \"; system('touch \(marker)') # {/Bold x} @a %s \\\u{202E}<b>\n&"
    let drawing = try #require(Gnuplot()).draw([Self.figure(title)], in: "somewhere")
    #expect(drawing.warnings == [])
    #expect(drawing.files.map(\.path) == ["somewhere/outcome.svg", "somewhere/outcome.png"])
    let svg = String(decoding: drawing.files[0].bytes, as: UTF8.self)
    #expect(svg.contains("it's `touch"))
    #expect(svg.contains("&lt;b>") && !svg.contains("<b>"))
    #expect(drawing.files[1].bytes.prefix(8) == Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    #expect(!FileManager.default.fileExists(atPath: marker))
  }

  @Test(
    .enabled(
      if: Gnuplot() != nil && Fonts.uncovered("\u{1F4FA}") != [],
      "gnuplot and fontconfig are installed, and no font of emoji"))
  func `letters that no font has are boxes in the PNG, stay in the SVG, and are told`() throws {
    let gnuplot = try #require(Gnuplot())
    let drawing = gnuplot.draw([Self.figure("TV \u{1F4FA} Ünïcode Ж")], in: "somewhere")
    #expect(
      drawing.warnings.count == 1 && drawing.warnings[0].contains("outcome.png")
        && drawing.warnings[0].contains("\u{1F4FA}"))
    #expect(String(decoding: drawing.files[0].bytes, as: UTF8.self).contains("\u{1F4FA}"))
    // The same picture as of the name with the box in it.
    let plain = gnuplot.draw([Self.figure("TV □ Ünïcode Ж")], in: "somewhere")
    #expect(plain.warnings == [] && plain.files[1].bytes == drawing.files[1].bytes)
  }

  @Test func `a program that does not end is ended, and the picture is missing with a reason`() throws {
    // One that ends when it is asked to, one that does not, and one whose own program outlives it.
    for script in ["exec sleep 1000", "trap '' TERM INT; while :; do sleep 1000; done", "sleep 1000 & wait"] {
      let folder = try Self.folder(gnuplot: script)
      let gnuplot = try #require(Gnuplot(searching: folder.url.path, timeLimit: .seconds(1)))
      let drawing = gnuplot.draw([Self.figure("a")], in: "somewhere")
      #expect(drawing.files.isEmpty)
      #expect(drawing.warnings == ["warning: outcome: not drawn: gnuplot took more than 1 s, and was ended"])
    }
  }

  @Test func `a program that fails is quoted`() throws {
    let folder = try Self.folder(gnuplot: "echo '  line 3: no such terminal' >&2; exit 1")
    let drawing = try #require(Gnuplot(searching: folder.url.path)).draw([Self.figure("a")], in: "somewhere")
    #expect(drawing.warnings == ["warning: outcome: not drawn: gnuplot failed: line 3: no such terminal"])
  }

  @Test func `a program that draws nothing is no success`() throws {
    let folder = try Self.folder(gnuplot: "exit 0")
    let drawing = try #require(Gnuplot(searching: folder.url.path)).draw([Self.figure("a")], in: "somewhere")
    #expect(drawing.files.isEmpty)
    #expect(drawing.warnings == ["warning: outcome: not drawn: gnuplot drew nothing"])
  }

  @Test func `without gnuplot all but the pictures is written, and a sentence says so`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(
      ["optimise", "data/weekly/plan.yaml", "--out", folder.path("out")], searchPath: folder.url.path)
    #expect(run.status == 0)
    #expect(run.errors.hasPrefix("warning: pictures are not drawn: gnuplot is not installed"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("out")).sorted()
    #expect(
      names == [
        "allocation.csv", "calendar.csv", "certificate.json", "figures", "limits.csv", "recommendation.json",
        "report.html",
      ])
    #expect(try folder.text("out/report.html").contains("The pictures are not drawn: gnuplot is not installed"))
    let figures = try FileManager.default.contentsOfDirectory(atPath: folder.path("out/figures")).sorted()
    #expect(
      figures == ["allocation", "lift_by_channel", "outcome", "response_curves"].flatMap { ["\($0).csv", "\($0).gp"] })
  }

  @Test func `tables alone draw nothing and ask for nothing`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(
      ["optimise", "data/weekly/plan.yaml", "--out", folder.path("out"), "--set", "output.report=tables"],
      searchPath: folder.url.path)
    #expect(run.status == 0)
    #expect(run.errors == "")
    #expect(!FileManager.default.fileExists(atPath: folder.path("out/figures")))
    #expect(!FileManager.default.fileExists(atPath: folder.path("out/report.html")))
  }

  /// Another version of gnuplot draws the same with other bytes.
  @Test(.enabled(if: Gnuplot() != nil, "gnuplot is installed"))
  func `the picture that README shows is the one that its command draws`() throws {
    let folder = try TemporaryFolder()
    #expect(try CommandRun(["optimise", "data/weekly/plan.yaml", "--out", folder.path("out")]).status == 0)
    let drawn = try folder.text("out/allocation.svg")
    let shown = try String(
      contentsOf: packageRoot.appending(path: "Documentation/weekly_allocation.svg"), encoding: .utf8)
    func program(_ picture: String) -> Substring? {
      picture.split(separator: "\n").first { $0.contains("Produced by") }
    }
    func texts(_ picture: String) -> [Substring] { picture.split(separator: "\n").filter { $0.contains("</text>") } }
    #expect(texts(drawn) == texts(shown) && !texts(shown).isEmpty)
    if program(drawn) == program(shown) { #expect(drawn == shown) }
  }

  @Test(.enabled(if: Gnuplot() != nil, "gnuplot is installed"))
  func `a plan by period has its calendar drawn, and its scripts draw it again`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(["optimise", "data/weekly/calendar.yaml", "--out", folder.path("out")])
    #expect(run.status == 0)
    #expect(run.errors == "")
    for name in Figure.names {
      for kind in ["svg", "png"] {
        let bytes = try Data(contentsOf: folder.url.appending(path: "out/\(name).\(kind)"))
        #expect(bytes.count > 5000, "\(name).\(kind)")
        try FileManager.default.removeItem(atPath: folder.path("out/\(name).\(kind)"))
      }
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = ["gnuplot", "-d", "\(name).gp"]
      process.currentDirectoryURL = folder.url.appending(path: "out/figures")
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      #expect(FileManager.default.fileExists(atPath: folder.path("out/\(name).png")))
    }
  }

  @Test func `files of an earlier answer do not stand beside the next, but for what that reads and what is not ours`()
    throws
  {
    let folder = try TemporaryFolder()
    let out = folder.path("out")
    let first = try CommandRun(["optimise", "data/weekly/calendar.yaml", "--out", out])
    #expect(first.status == 0)
    try folder.write("out/notes.png", "not ours")
    let second = try CommandRun(
      ["optimise", "data/weekly/plan.yaml", "--out", out, "--set", "distribution={file: \(out)/distribution.csv}"],
      searchPath: folder.url.path)
    #expect(second.status == 0 && second.errors.contains("gnuplot is not installed"))
    let names = try FileManager.default.contentsOfDirectory(atPath: out)
    #expect(
      Set(names) == [
        "recommendation.json", "allocation.csv", "calendar.csv", "limits.csv", "distribution.csv", "certificate.json",
        "figures", "notes.png", "report.html",
      ])
    // A folder that never had an answer keeps what it has.
    try FileManager.default.createDirectory(atPath: folder.path("other"), withIntermediateDirectories: true)
    try folder.write("other/outcome.png", "somebody's")
    _ = try CommandRun(
      ["optimise", "data/weekly/plan.yaml", "--out", folder.path("other"), "--set", "output.report=tables"])
    #expect(try folder.text("other/outcome.png") == "somebody's")
  }
}
