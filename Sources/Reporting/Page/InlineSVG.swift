/// A picture of gnuplot's to stand within a page: only shapes and words, nothing that has a name, loads or runs.
///
/// Names would be those of other pictures on the page, so that what is drawn by reference, the dots, is drawn as what it refers to.
struct InlineSVG: Sendable, Equatable {
  let source: String

  /// Nil for what is no such picture.
  ///
  /// - Parameter label: what it shows, for those who cannot see it.
  init?(_ svg: String, label: String) {
    var parser = SVGParser(svg)
    guard let root = parser.document(), root.name == "svg", let box = root.attribute("viewBox") else { return nil }
    guard let content = InlineSVG.contents(of: root) else { return nil }
    source =
      "<svg role=\"img\" aria-label=\"\(escaped(shown(label)))\" viewBox=\"\(escaped(box))\">\(content)</svg>"
  }

  private static let elements: Set = ["g", "path", "rect", "circle", "text", "polygon", "polyline"]
  private static let attributes: Set = [
    "transform", "fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-linecap",
    "stroke-linejoin", "stroke-dasharray", "color", "font-size", "text-anchor", "d", "x", "y", "width", "height",
    "points", "cx", "cy", "r",
  ]
  /// Of gnuplot: what picture it is, what made it, and shapes to refer to.
  private static let dropped: Set = ["title", "desc", "defs"]
  /// Point type 7, the only one that pictures use.
  private static let dot = "#gpPt6"

  private static func contents(of element: SVGElement) -> String? {
    var result = ""
    for child in element.children {
      guard let text = source(of: child) else { return nil }
      result += text
    }
    return result
  }

  /// Empty for what shows nothing; nil for what may not stand in a page.
  private static func source(of element: SVGElement) -> String? {
    if dropped.contains(element.name) { return "" }
    if element.name == "use" {
      guard element.attribute("xlink:href") == dot, let transform = element.attribute("transform"),
        isPlain(transform)
      else { return nil }
      let color = element.attribute("color") ?? "currentColor"
      guard isPlain(color) else { return nil }
      return "<circle r=\"1\" stroke=\"none\" fill=\"\(escaped(color))\" transform=\"\(escaped(transform))\"/>"
    }
    guard elements.contains(element.name) else { return nil }
    var words = ""
    for (name, value) in element.attributes where attributes.contains(name) {
      guard isPlain(value) else { return nil }
      words += " \(name)=\"\(escaped(shown(value)))\""
    }
    guard let inner = contents(of: element) else { return nil }
    let content = element.name == "text" ? escaped(shown(element.text)) : inner
    if content.isEmpty && (element.name == "g" || element.name == "text") { return "" }
    return content.isEmpty ? "<\(element.name)\(words)/>" : "<\(element.name)\(words)>\(content)</\(element.name)>"
  }

  /// Whether it refers to nothing.
  private static func isPlain(_ value: String) -> Bool {
    let lower = value.lowercased()
    return !["url", "script", "data:", "http", "//"].contains { lower.contains($0) }
  }
}

private struct SVGElement {
  var name: String
  var attributes: [(name: String, value: String)]
  var children: [SVGElement] = []
  /// All of its own words, taken together.
  var text = ""

  func attribute(_ name: String) -> String? { attributes.first { $0.name == name }?.value }
}

/// Reads as much of XML as gnuplot writes.
private struct SVGParser {
  private let bytes: [UInt8]
  private var place = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  mutating func document() -> SVGElement? {
    skipSpace()
    while starts(with: "<?") || starts(with: "<!") {
      guard skip(past: ">") else { return nil }
      skipSpace()
    }
    return element(depth: 0)
  }

  private mutating func element(depth: Int) -> SVGElement? {
    guard depth < 32, take("<"), let name = word() else { return nil }
    var element = SVGElement(name: name, attributes: [])
    while true {
      skipSpace()
      if take("/>") { return element }
      if take(">") { break }
      guard let name = word() else { return nil }
      skipSpace()
      guard take("=") else { return nil }
      skipSpace()
      guard let quote = next, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
      place += 1
      guard let end = bytes[place...].firstIndex(of: quote) else { return nil }
      element.attributes.append((name, decoded(place..<end)))
      place = end + 1
    }
    while true {
      let start = place
      guard let tag = bytes[place...].firstIndex(of: UInt8(ascii: "<")) else { return nil }
      element.text += decoded(start..<tag)
      place = tag
      if take("</") {
        guard word() == element.name else { return nil }
        skipSpace()
        return take(">") ? element : nil
      }
      guard let child = self.element(depth: depth + 1) else { return nil }
      element.children.append(child)
    }
  }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private func starts(with text: String) -> Bool { bytes[place...].starts(with: text.utf8) }

  private mutating func take(_ text: String) -> Bool {
    guard starts(with: text) else { return false }
    place += text.utf8.count
    return true
  }

  private mutating func skip(past text: Character) -> Bool {
    guard let end = bytes[place...].firstIndex(of: text.asciiValue ?? 0) else { return false }
    place = end + 1
    return true
  }

  private mutating func skipSpace() {
    while let next, [0x20, 0x09, 0x0A, 0x0D].contains(next) { place += 1 }
  }

  private mutating func word() -> String? {
    let start = place
    while let next, next > 0x20, !"=/><'\"&".utf8.contains(next) { place += 1 }
    return place > start ? String(decoding: bytes[start..<place], as: UTF8.self) : nil
  }

  /// References as what they stand for, ends of lines as spaces.
  private func decoded(_ range: Range<Int>) -> String {
    String(decoding: bytes[range].map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self).replacing("&lt;", with: "<").replacing(
      "&gt;", with: ">"
    )
    .replacing("&quot;", with: "\"").replacing("&apos;", with: "'").replacing("&amp;", with: "&")
  }
}
