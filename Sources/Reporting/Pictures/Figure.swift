import Tables

/// A picture before it is drawn: panels of layers over numbers, and the words round them, for gnuplot.
///
/// `script` and `data` are text, to be written as `NAME.gp` and `NAME.csv` in one folder; `gnuplot NAME.gp` in that folder then draws `NAME.svg` and
/// `NAME.png` in the folder above it. Names from plans and posteriors are quoted, so that whatever they hold is shown and nothing of it is obeyed.
public struct Figure: Sendable {
  /// Of its files, without their endings.
  public let name: String
  var title: String
  /// Lines under the title.
  var notes: [String] = []
  var legend: [LegendEntry] = []
  /// From left to right, then downwards.
  var panels: [Panel]
  /// Panels side by side: the width of each column as a share of a common unit.
  var columnWidths: [Double]
  /// Of all panels, where each has none of its own.
  var xLabel = ""
  var yLabel = ""
  /// Nil for a slide, as SVG and PNG.
  var card: Card? = nil

  /// A small picture, as SVG only, whose words stand beside it.
  struct Card: Sendable {
    /// In pixels.
    var width: Double
    var height: Double
    var letters = 15.0
  }

  /// What a colour stands for.
  struct LegendEntry: Sendable {
    enum Mark: String, Sendable {
      case box = "■"
      case dot = "●"
      case stroke = "▬"
    }
    var mark: Mark
    var ink: Ink
    var text: String

    init(_ mark: Mark, _ ink: Ink, _ text: String) { (self.mark, self.ink, self.text) = (mark, ink, text) }
  }

  /// One pair of axes.
  struct Panel: Sendable {
    var title = ""
    var x: Axis
    var y: Axis
    /// Columns of numbers of one length, by name; those that are not finite are left out of what is drawn.
    var columns: [(name: String, values: [Double])]
    /// From the back to the front.
    var layers: [Layer]
    /// Upright lines through the whole panel.
    var rules: [(x: Double, ink: Ink)] = []
    /// Words at points of the axes.
    var words: [Words] = []
    /// Room for words on the left of the panel, beside that for ticks, in pixels.
    var leftRoom = 0.0
    var rightRoom = 0.0
  }

  /// What an axis covers, and where it says so.
  struct Axis: Sendable {
    var label = ""
    var range: ClosedRange<Double>
    var ticks: [(at: Double, text: String)] = []
  }

  /// Something drawn from columns of a panel's numbers.
  struct Layer: Sendable {
    enum Shape: Sendable {
      case band(x: String, low: String, high: String)
      case line(x: String, y: String)
      case dots(x: String, y: String)
      /// From zero, where no low end is named.
      case boxes(left: String, right: String, low: String?, high: String)
      /// Level lines.
      case strokes(left: String, right: String, y: String)
    }
    var shape: Shape
    var ink: Ink
    var opacity = 1.0
    /// Of lines, in pixels.
    var width = 3.0

    init(_ shape: Shape, _ ink: Ink, opacity: Double = 1, width: Double = 3) {
      (self.shape, self.ink, self.opacity, self.width) = (shape, ink, opacity, width)
    }
  }

  /// A text beside a point.
  struct Words: Sendable {
    enum Side: String { case left, right, center }
    var text: String
    var x: Double
    var y: Double
    /// Whether `x` and `y` are shares of the panel's width and height.
    var isXOfPanel = false
    var isYOfPanel = false
    /// The side of the point at which the text ends: `right` for one that stands left of it.
    var alignment = Side.left
    var ink = Ink.ink
  }

  /// Colours by what they mean, of the palette of Okabe and Ito, which those who do not tell red from green can tell apart.
  enum Ink: String, CaseIterable, Sendable {
    case ink, faint, grid, recommended, current, carried, interval, allowed, limit, observed

    var color: String {
      switch self {
      case .ink: "#222222"
      case .faint: "#666666"
      case .grid: "#DDDDDD"
      case .recommended: "#0072B2"
      case .current: "#D55E00"
      case .carried: "#56B4E9"
      case .interval: "#222222"
      case .allowed: "#E6E6E6"
      case .limit: "#9A9A9A"
      case .observed: "#EFE6BE"
      }
    }
  }

  /// Above the other notes where something speaks against the model.
  static let exploratoryNote = "EXPLORATORY: the model's checks are weak or absent"

  /// Of all pictures that there are.
  public static let names = [
    "allocation", "calendar", "response_by_period", "response_curves", "outcome", "lift_by_channel",
  ]

  /// The numbers that are drawn: one table, its panels set apart by two empty lines, as gnuplot has it; the last column says which panel a row is of.
  public var data: String {
    let header = columnNames + ["panel"]
    let blocks = panels.map { panel in
      let count = panel.columns.map(\.values.count).max() ?? 0
      let columns = columnNames.map { name in panel.columns.first { $0.name == name }?.values }
      return TextTable(
        header: header,
        records: (0..<count).map { row in
          columns.map { field($0.flatMap { $0.indices.contains(row) ? $0[row] : nil }) } + [shown(panel.title)]
        }
      ).csv.dropFirst(header.joined(separator: ",").count + 1)
    }
    return header.joined(separator: ",") + "\n" + blocks.joined(separator: "\n\n")
  }

  /// Of all panels, each once.
  var columnNames: [String] {
    var seen: Set<String> = []
    return panels.flatMap { $0.columns.map(\.name) }.filter { seen.insert($0).inserted }
  }
}

/// A name as a picture may show it: nothing that moves the rest of its line.
func shown(_ text: String) -> String {
  var scalars = String.UnicodeScalarView()
  for scalar in text.unicodeScalars where !turns.contains(where: { $0.contains(scalar) }) { scalars.append(scalar) }
  return printable(String(scalars))
}
