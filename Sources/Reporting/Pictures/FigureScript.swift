extension Figure {
  /// What gnuplot 5.4 or later is told. It is read twice, the second time for the other format.
  public var script: String {
    let layout = Layout(self)
    var lines = [
      "# Draws ../\(name).svg and ../\(name).png from \(name).csv: gnuplot \(name).gp in this folder.",
      "reset",
      card == nil ? "if (!exists('picture')) picture = 'svg'" : "picture = 'svg'",
      "set encoding utf8",
      "# Sizes are in pixels; of letters the PNG counts points.",
      "pixel = picture eq 'png' ? 0.75 : 1",
      "if (picture eq 'svg') set terminal svg noenhanced size \(layout.size) font 'sans-serif,\(layout.letters)' background '#FFFFFF'",
      "if (picture eq 'png') set terminal pngcairo noenhanced size \(layout.size) font sprintf('Sans,%g', \(layout.letters) * pixel) background '#FFFFFF'",
      "set output '../\(name).'.picture",
      "set datafile separator comma",
      "set datafile commentschars ''",
      "title = sprintf(',%g', \(Layout.titleLetters) * pixel)",
      "small = sprintf(',%g', \(layout.smallLetters) * pixel)",
    ]
    lines += Ink.allCases.map { "\($0.rawValue) = '\($0.color)'" }
    lines += [
      "unset key", "unset border", "unset colorbox", "set style fill solid 1 noborder",
      "set grid ytics back lt 1 lw 1 lc rgb grid",
      "set xzeroaxis lt 1 lw 1 lc rgb faint",
      "set multiplot",
    ]
    lines += header(layout)
    for (index, panel) in panels.enumerated() { lines += self.lines(of: panel, index, layout) }
    lines += ["unset multiplot", "set output"]
    if card == nil { lines.append("if (picture eq 'svg') picture = 'png'; load '\(name).gp'") }
    return lines.joined(separator: "\n") + "\n"
  }

  private func header(_ layout: Layout) -> [String] {
    guard card == nil else { return [] }
    func label(_ text: String, _ x: Double, _ y: Double, _ rest: String) -> String {
      "set label \(quoted(text)) at screen \(layout.across(x)), screen \(layout.down(y)) \(rest)"
    }
    var lines = [label(title, Layout.edge, 44, "font title tc rgb ink")]
    for (index, note) in notes.enumerated() {
      lines.append(
        label(
          note, Layout.edge, 44 + 32 * Double(index + 1),
          "tc rgb \(note == Figure.exploratoryNote ? "current" : "faint")"))
    }
    var x = Layout.edge
    for entry in legend {
      let y = layout.legendAt
      lines.append(label(entry.mark.rawValue, x, y, "tc rgb \(entry.ink.rawValue)"))
      x += 1.25 * layout.letters
      lines.append(label(entry.text, x, y, "tc rgb ink"))
      x += Layout.width(of: entry.text, layout.letters) + 28
    }
    if !xLabel.isEmpty {
      lines.append(label(xLabel, layout.width / 2, layout.height - 16, "center tc rgb faint"))
    }
    if !yLabel.isEmpty {
      lines.append(label(yLabel, 20, (layout.top + layout.height) / 2, "center rotate by 90 tc rgb faint"))
    }
    return lines
  }

  private func lines(of panel: Panel, _ index: Int, _ layout: Layout) -> [String] {
    let place = layout.place(of: index)
    var lines = [
      "# \(shown(panel.title))",
      "set lmargin at screen \(layout.across(place.left))", "set rmargin at screen \(layout.across(place.right))",
      "set tmargin at screen \(layout.down(place.top))", "set bmargin at screen \(layout.down(place.bottom))",
      "set xrange [\(panel.x.range.lowerBound):\(panel.x.range.upperBound)]",
      "set yrange [\(panel.y.range.lowerBound):\(panel.y.range.upperBound)]",
      ticks("x", panel.x), ticks("y", panel.y),
    ]
    if !panel.title.isEmpty {
      let text = cutInTheMiddle(
        shown(panel.title), to: Int((place.right - place.left) / Layout.width(of: "n", layout.letters)))
      lines.append("set label \(quoted(text)) at graph 0, graph 1 offset 0, char 0.8 tc rgb ink")
    }
    if !panel.x.label.isEmpty {
      lines.append(
        "set label \(quoted(panel.x.label)) at screen \(layout.across((place.left + place.right) / 2)), "
          + "screen \(layout.down(place.bottom + 2.9 * layout.letters)) center tc rgb faint")
    }
    lines += panel.words.map { words in
      "set label \(quoted(words.text)) at \(words.isXOfPanel ? "graph" : "first") \(words.x), "
        + "\(words.isYOfPanel ? "graph" : "first") \(words.y) \(words.alignment.rawValue) front font small tc rgb \(words.ink.rawValue)"
    }
    lines += panel.rules.map {
      "set arrow from first \($0.x), graph 0 to first \($0.x), graph 1 nohead lw \(card == nil ? 2 : 1.2) dt 2 lc rgb \($0.ink.rawValue)"
    }
    let plots = panel.layers.map { plot($0, index) }
    lines.append("plot " + plots.joined(separator: ", \\\n  "))
    return lines + ["unset label", "unset arrow"]
  }

  private func ticks(_ axis: String, _ values: Axis) -> String {
    guard !values.ticks.isEmpty else { return "unset \(axis)tics" }
    // In the words of a tick a per cent sign begins a format.
    let ticks = values.ticks.map { "\(quoted($0.text.replacing("%", with: "%%"))) \($0.at)" }
    return "set \(axis)tics (\(ticks.joined(separator: ", "))) nomirror scale 0 font small tc rgb faint"
  }

  /// Of a card's lines two thirds.
  private func lineWidth(_ layer: Layer) -> Double { card == nil ? layer.width : (layer.width * 2 / 3) }

  private func plot(_ layer: Layer, _ index: Int) -> String {
    func column(_ name: String) -> Int {
      guard let place = columnNames.firstIndex(of: name) else {
        preconditionFailure("A layer is drawn of a column that its panel has not: \(name).")
      }
      return place + 1
    }
    let ink = layer.ink.rawValue
    let fill = "fc rgb \(ink) fs transparent solid \(layer.opacity) noborder"
    let (using, with): (String, String) =
      switch layer.shape {
      case .band(let x, let low, let high):
        ("\(column(x)):\(column(low)):\(column(high))", "filledcurves \(fill)")
      case .line(let x, let y): ("\(column(x)):\(column(y))", "lines lt 1 lw \(lineWidth(layer)) lc rgb \(ink)")
      case .dots(let x, let y):
        ("\(column(x)):\(column(y))", "points pt 7 ps \(card == nil ? 1.6 : 0.75) lc rgb \(ink)")
      case .boxes(let left, let right, let low, let high):
        (
          { left, right, low, high in
            "((\(left)+\(right))/2):((\(low)+\(high))/2):(\(left)):(\(right)):(\(low)):(\(high))"
          }("$\(column(left))", "$\(column(right))", low.map { "$\(column($0))" } ?? "0", "$\(column(high))"),
          "boxxyerror \(fill)"
        )
      case .strokes(let left, let right, let y):
        (
          "\(column(left)):\(column(y)):($\(column(right))-$\(column(left))):(0)",
          "vectors nohead lt 1 lw \(lineWidth(layer)) lc rgb \(ink)"
        )
      }
    return "'\(name).csv' skip 1 index \(index) using \(using) with \(with)"
  }

  /// A text that gnuplot takes as it stands. Between single quotes nothing is carried out, and no single quote can be written (twice, as its
  /// manual has it, it fails at the beginning and beside another one); between double quotes there is none of what means more than itself.
  private func quoted(_ text: String) -> String {
    let text = shown(text)
    guard text.contains("'") else { return "'\(text)'" }
    let plain = [("\\", "134"), ("\"", "042"), ("`", "140")].reduce(text) { $0.replacing($1.0, with: "\\" + $1.1) }
    return "\"\(plain)\""
  }
}

/// Where everything stands, in pixels from the top left corner.
private struct Layout {
  static let edge = 24.0
  static let titleLetters = 28.0
  /// A slide's.
  private static let slide = (width: 1600.0, height: 900.0)
  static let wordLetters = 18.0

  let width: Double
  let height: Double
  let letters: Double
  let legendAt: Double
  /// Under the title, notes and legend.
  let top: Double
  private let figure: Figure
  private let rowHeight: Double

  var smallLetters: Double { letters * 0.9 }
  var size: String { "\(Int(width)),\(Int(height))" }

  init(_ figure: Figure) {
    self.figure = figure
    let columns = figure.columnWidths.count
    if let card = figure.card {
      (width, height, letters) = (card.width, card.height, card.letters)
      (legendAt, top, rowHeight) = (0, 0, card.height)
      return
    }
    width = Layout.slide.width
    letters = columns <= 2 ? 20 : columns <= 4 ? 18 : 16
    legendAt = 44 + 32 * Double(figure.notes.count + 1) + 4
    top = 44 + 32 * Double(figure.notes.count) + (figure.legend.isEmpty ? 20 : 56)
    let rows = (figure.panels.count + columns - 1) / max(columns, 1)
    let bottom = figure.xLabel.isEmpty ? 8.0 : 36.0
    height = max(Layout.slide.height, top + bottom + Double(rows) * 11 * letters).rounded()
    rowHeight = (height - top - bottom) / Double(max(rows, 1))
  }

  func place(of index: Int) -> (left: Double, right: Double, top: Double, bottom: Double) {
    let columns = figure.columnWidths.count
    let (row, column) = (index / columns, index % columns)
    let isCard = figure.card != nil
    let start = isCard ? 0.0 : figure.yLabel.isEmpty ? 8.0 : 36.0
    let unit = (width - start - (isCard ? 0 : Layout.edge)) / figure.columnWidths.reduce(0, +)
    // Room for words is told for the letters of slides.
    let scale = isCard ? letters / Layout.wordLetters : 1
    let left = start + unit * figure.columnWidths[..<column].reduce(0, +)
    let panel = figure.panels[index]
    // Ticks of one column stand in one line.
    let mates = stride(from: column, to: figure.panels.count, by: columns).map { figure.panels[$0] }
    let tickRoom = mates.flatMap(\.y.ticks).map { Layout.width(of: $0.text, smallLetters) }.max() ?? 0
    let titleRoom = figure.panels.contains { !$0.title.isEmpty } ? 1.9 * letters : 0.8 * letters
    let labelRoom = figure.panels.contains { !$0.x.label.isEmpty } ? 1.7 * letters : 0
    return (
      left + tickRoom + scale * panel.leftRoom + (isCard ? 12 : 16),
      left + unit * figure.columnWidths[column] - scale * panel.rightRoom - (isCard ? 20 : 12),
      top + rowHeight * Double(row) + titleRoom, top + rowHeight * Double(row + 1) - 2 * letters - labelRoom
    )
  }

  func across(_ x: Double) -> Double { (x / width * 1e5).rounded() / 1e5 }
  func down(_ y: Double) -> Double { ((1 - y / height) * 1e5).rounded() / 1e5 }

  /// About, in the letters of DejaVu Sans, which is a wide one.
  static func width(of text: String, _ letters: Double) -> Double {
    text.reduce(0) { width, letter in
      let own: Double =
        switch letter {
        case " ", "i", "j", "l", ".", ",", "'", "|", "I", "f", "t", "r", "(", ")": 0.36
        case "m", "w", "M", "W", "%": 0.95
        case _ where letter.isUppercase: 0.74
        default: 0.63 * Double(displayWidth(String(letter)))
        }
      return width + own * letters
    }
  }
}

extension Figure {
  /// The pixels that a text takes on the side of a panel, about, where so many columns of panels stand side by side.
  static func room(for texts: [String]) -> Double {
    (texts.map { Layout.width(of: shown($0), Layout.wordLetters) }.max() ?? 0) + 8
  }

  /// As many columns as make so many panels about as wide as a slide.
  static func grid(of count: Int) -> [Double] {
    let columns = count <= 1 ? 1 : count <= 4 ? 2 : count <= 9 ? 3 : count <= 16 ? 4 : count <= 25 ? 5 : 6
    return [Double](repeating: 1, count: columns)
  }

  /// Panels that a picture has at most; of more the first are drawn.
  static let mostPanels = 36
}
