import Foundation
import Testing

@testable import ApportionCommand

/// A browser without a window, where there is one, that shows pages and says what it made of them.
struct Chromium {
  private let program: URL

  init?() {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    let places = ["chromium", "chromium-browser", "google-chrome"].flatMap { name in folders.map { "\($0)/\(name)" } }
    guard let found = places.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else { return nil }
    program = URL(fileURLWithPath: found)
  }

  /// What a page is on a screen of some width.
  struct Sight: Decodable {
    /// Of everything that does not move within a box of its own, in pixels.
    var width: Double
    /// Elements that reach beyond the screen, but for those in such boxes.
    var beyond: [String]
    /// Elements that run or load something.
    var foreign: Int
    /// Whether some text of the page was carried out.
    var obeyed: Bool
    /// Files that the page asked for.
    var requests: Int
    var headings: Int
    var pictures: Int
  }

  /// Shows a page at several widths at once.
  ///
  /// - Returns: what was seen, and what the browser's console was told, a line each.
  func look(at page: URL, widths: [Int]) throws -> (sights: [Sight], console: [String]) {
    let folder = try TemporaryFolder()
    let frames = widths.map { "<iframe src='\(page.absoluteString)' width='\($0)' height='2000'></iframe>" }.joined()
    try folder.write("frames.html", "<!DOCTYPE html><html><body>\(frames)<script>\(Self.script)</script></body></html>")
    let (output, errors) = try run([
      "--dump-dom", "--virtual-time-budget=10000", "--window-size=1400,2000",
      folder.url.appending(path: "frames.html").absoluteString,
    ])
    let result = try #require(output.firstMatch(of: /data-sights="([^"]*)"/)?.1, "\(errors)")
    let json = result.replacing("&quot;", with: "\"").replacing("&amp;", with: "&")
    return (
      try JSONDecoder().decode([Sight].self, from: Data(json.utf8)),
      errors.split(separator: "\n").filter { $0.contains("CONSOLE") }.map(String.init)
    )
  }

  /// As it would be printed.
  func pdf(of page: URL, to path: String) throws {
    _ = try run(["--no-pdf-header-footer", "--print-to-pdf=\(path)", page.absoluteString])
  }

  private static let script = """
    addEventListener('load', () => {
      const sights = [...document.querySelectorAll('iframe')].map(frame => {
        const page = frame.contentDocument, width = frame.clientWidth;
        const outside = [...page.body.querySelectorAll('*')].filter(e =>
          !e.closest('.table') && !e.closest('details') && e.getBoundingClientRect().right > width + 0.5);
        return {
          width: page.documentElement.scrollWidth, beyond: outside.map(e => e.tagName + '.' + e.getAttribute('class')),
          foreign: page.querySelectorAll('script, img, iframe, object, embed, link, foreignObject').length,
          obeyed: 'obeyed' in page.documentElement.dataset || 'obeyed' in frame.contentWindow,
          requests: frame.contentWindow.performance.getEntriesByType('resource').length,
          headings: page.querySelectorAll('h1').length, pictures: page.querySelectorAll('figure svg').length,
        };
      });
      document.body.dataset.sights = JSON.stringify(sights);
    });
    """

  private func run(_ arguments: [String]) throws -> (output: String, errors: String) {
    let folder = try TemporaryFolder()
    for name in ["out", "err"] { try folder.write(name, "") }
    let process = Process()
    process.executableURL = program
    process.arguments =
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run",
        "--allow-file-access-from-files", "--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr",
        "--user-data-dir=\(folder.path("profile"))",
      ] + arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: folder.url.appending(path: "out"))
    process.standardError = try FileHandle(forWritingTo: folder.url.appending(path: "err"))
    let end = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in end.signal() }
    try process.run()
    // A browser that hangs is no reason for the tests to.
    if end.wait(timeout: .now() + 120) == .timedOut {
      kill(process.processIdentifier, SIGKILL)
      end.wait()
    }
    return (try folder.text("out"), try folder.text("err"))
  }
}
