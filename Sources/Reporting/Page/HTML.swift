/// A piece of a page, well-formed as XML too: whatever a text holds is shown in it, and nothing of it is obeyed.
struct HTML: Sendable, Equatable {
  private(set) var source: String

  /// Nothing.
  static let none = HTML(source: "")

  /// Words as they are, but for what moves the rest of a line.
  static func text(_ text: String) -> HTML { HTML(source: escaped(shown(text))) }

  /// A name from a plan or a posterior: whichever way it is written, the words about it keep theirs.
  static func name(_ text: String) -> HTML { element("bdi", [.text(text)]) }

  /// Several lines as they are.
  static func lines(_ text: String) -> HTML {
    HTML(
      source: text.split(separator: "\n", omittingEmptySubsequences: false).map { escaped(shown(String($0))) }
        .joined(separator: "\n"))
  }

  /// One of our own elements; what stands in attributes is escaped.
  static func element(_ tag: String, _ attributes: [(String, String)] = [], _ content: [HTML]) -> HTML {
    let attributes = attributes.map { " \($0)=\"\(escaped(shown($1)))\"" }.joined()
    return HTML(source: "<\(tag)\(attributes)>" + content.map(\.source).joined() + "</\(tag)>")
  }

  static func element(_ tag: String, class name: String, _ content: [HTML]) -> HTML {
    element(tag, [("class", name)], content)
  }

  static func element(_ tag: String, _ content: [HTML]) -> HTML { element(tag, [], content) }

  static func paragraph(_ text: String) -> HTML { element("p", [.text(text)]) }
  static func note(_ text: String) -> HTML { element("p", class: "note", [.text(text)]) }

  /// A picture that `InlineSVG` has let through.
  static func picture(_ svg: InlineSVG) -> HTML { HTML(source: svg.source) }

  /// Pieces one after the other, each on a line of its own.
  static func all(_ pieces: [HTML]) -> HTML {
    HTML(source: pieces.map(\.source).filter { !$0.isEmpty }.joined(separator: "\n"))
  }

  var isEmpty: Bool { source.isEmpty }

  /// The page round it: no script, and nothing from elsewhere.
  func document(title: String, style: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
    <title>\(HTML.text(title).source)</title>
    <style>
    \(style)
    </style>
    </head>
    <body>
    \(source)
    </body>
    </html>

    """
  }
}

/// The five characters that mean something in a page as references, and what XML has no word for as a replacement character.
func escaped(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    case _ where scalar.value & 0xFFFE == 0xFFFE: result += "\u{FFFD}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
