import ResponseModel

/// The dims that the axes of a model's variables suggest: what the file names them, else how many coordinates they have.
struct SuggestedAxes {
  /// What makes two axes of different variables the same.
  private enum Key: Hashable {
    case named(String)
    case labelled([String])
    case counted(Int)

    init(_ axis: DrawVariable.Axis) {
      // ArviZ calls an axis without a name beta_dim_0.
      if let name = axis.name, name.firstMatch(of: /_dim_\d+$/) == nil {
        self = .named(name)
      } else {
        self = axis.isNumbered ? .counted(axis.labels.count) : .labelled(axis.labels)
      }
    }
  }

  let dims: [String]
  /// Placeholders for those that the file has only numbers for.
  let labels: [Posterior.Dim]
  private let keys: [Key]

  /// Names that the axis of the channels goes by.
  private static let channelNames: Set = [
    "channel", "channels", "media", "medium", "media_channel", "media_channels", "paid_media", "channel_name",
  ]
  /// Names that it never goes by.
  private static let otherNames: Set = [
    "geo", "geos", "region", "regions", "country", "market", "brand", "product", "store", "date", "time", "week",
  ]

  /// Nil for axes that do not tell which is the channels'.
  init?(of variables: [DrawVariable]) {
    let axes = variables.flatMap(\.axes)
    guard !axes.isEmpty else {
      (dims, keys, labels) = (["channel"], [], [SuggestedAxes.placeholders("channel", count: 1)])
      return
    }
    let byVariable = variables.map { $0.axes.map { Key($0) } }
    // Axes that look alike do not tell themselves apart.
    guard byVariable.allSatisfy({ Set($0).count == $0.count }), let channel = SuggestedAxes.channel(of: byVariable)
    else { return nil }
    var keys = [channel]
    for key in byVariable.joined() where !keys.contains(key) { keys.append(key) }
    var dims = ["channel"]
    for (index, key) in keys.enumerated().dropFirst() {
      if case .named(let name) = key { dims.append(name) } else { dims.append(index == 1 ? "geo" : "dim_\(index + 1)") }
    }
    guard Set(dims).count == dims.count else { return nil }
    (self.dims, self.keys) = (dims, keys)
    labels = zip(dims, keys).compactMap { dim, key in
      guard let axis = axes.first(where: { Key($0) == key }), axis.isNumbered else { return nil }
      return SuggestedAxes.placeholders(dim, count: axis.labels.count)
    }
  }

  /// Whether every axis of a variable is one of these dims'.
  func hold(_ variable: DrawVariable) -> Bool { variable.axes.allSatisfy { keys.contains(Key($0)) } }

  /// The axis of the channels: by its name, else the only one that may be, else that of most variables, of equals the first.
  private static func channel(of variables: [[Key]]) -> Key? {
    var counts: [Key: Int] = [:]
    var order: [Key] = []
    for key in variables.joined() {
      if counts[key] == nil { order.append(key) }
      counts[key, default: 0] += 1
    }
    func name(_ key: Key) -> String? { if case .named(let name) = key { name.lowercased() } else { nil } }
    if let named = order.first(where: { name($0).map(channelNames.contains) ?? false }) { return named }
    let candidates = order.filter { !(name($0).map(otherNames.contains) ?? false) }
    if candidates.count == 1 { return candidates[0] }
    guard candidates.allSatisfy({ name($0) == nil }) else { return nil }
    let most = candidates.map { counts[$0] ?? 0 }.max()
    return candidates.first { counts[$0] == most }
  }

  private static func placeholders(_ dim: String, count: Int) -> Posterior.Dim {
    Posterior.Dim(name: dim, labels: (0..<count).map { "\(dim)_\($0 + 1)" })
  }
}
