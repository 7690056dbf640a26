public import Foundation
import Optimisation
public import Planning

/// `certificate.json`: what proves an answer's bound, and what it was proved for, to be replayed without the solver.
///
/// In money over the horizon and in the utility's own unit. R are the outcome draws, w a supergradient of the utility U: U is nowhere
/// above `U(R₀) + ⟨w, R − R₀⟩`, whatever R₀. A proof by tangents takes R₀ where the responses' tangents at `spend`
/// are a `step` further; a proof by boxes at mixtures of single responses. Cuts are combined with weights that sum to one; the
/// responses are bounded by their tangents, or between `points` by chords and what they may be above them; and what is left is
/// a sum over channels, each at its best, with `price × (budget − spend)` added.
public struct CertificateFile: Codable, Sendable {
  /// As in the plan file, with its options.
  public var utility: String
  /// Of the answer's allocation, in the utility's own unit.
  public var value: Double
  /// No plan within the limits scores above it; nil where nothing is proved.
  public var upperBound: Double?
  /// What can be replayed: `tangents`, `boxes`, `draws`, or `none`.
  public var proof: String?
  /// A bound that is as good as the search of boxes, or of choices, that found it, and cannot be replayed, for these are not written; nil
  /// where there is none such.
  public var searchedBound: Double?
  /// The channels, in the order of the numbers below; where periods are decided, each channel in each period.
  public var channels: [String]
  /// The answer: money over the horizon by channel, or in the period.
  public var allocation: [Double]
  /// With a target or limits of risk, what missing a unit of each costs, in their order: what is bounded is the utility less that, or,
  /// where the least money is sought, the money with its sign turned.
  public var penalties: [Double]?
  /// Whether the utility is a ratio, and what is proved that no plan exceeds the upper bound.
  public var isRatio: Bool?
  /// A proof by tangents.
  public var tangents: Tangents?
  /// A proof by boxes.
  public var boxes: Boxes?
  /// No proof of how good the answer is, but a bound: by channel, amounts of money between which each draw's own best plan is
  /// bounded.
  public var draws: [[Double]]?
  /// The files that were read, each with its SHA-256.
  public var inputs: [Input]
  /// The plan as read, every default made visible, as YAML.
  public var plan: String

  public struct Tangents: Codable, Sendable {
    /// Where responses are replaced by their tangents: money over the horizon by channel.
    public var spend: [Double]
    /// What the budget's last unit of money is taken to be worth, and further limits' units after it.
    public var prices: [Double]
    /// Where the utility is replaced by its supergradients.
    public var supports: [Support]
  }

  public struct Support: Codable, Sendable {
    /// Their sum is one.
    public var weight: Double
    /// Money by channel, from `spend`.
    public var step: [Double]
    /// Over which the utility's kinks are rounded off; nil, or 0, for a supergradient that touches.
    public var smoothing: Double?
  }

  public struct Boxes: Codable, Sendable {
    /// By channel: rising amounts of its money, between which the response is bounded by chords.
    public var points: [[Double]]
    /// By cut, then by channel: amounts of its money and their shares, two numbers each.
    public var cuts: [[[[Double]]]]
    /// The whole first; each box is split into two later ones, or is bounded.
    public var tree: [Box]
  }

  public struct Box: Codable, Sendable {
    /// Of a box that is split: the channel, counted from 0, at how much of its money, and the two boxes.
    public var channel: Int?
    public var at: Double?
    public var below: Int?
    public var above: Int?
    /// Of a box that is bounded: the cuts' weights, the first cut first, and the prices.
    public var weights: [Double]?
    public var prices: [Double]?
  }

  public struct Input: Codable, Sendable {
    /// As the user gave it.
    public var path: String
    /// In hexadecimal.
    public var sha256: String
  }

  private enum CodingKeys: String, CodingKey {
    case utility, value, channels, allocation, penalties, tangents, boxes, draws, inputs, plan, proof
    case upperBound = "upper_bound"
    case searchedBound = "searched_bound"
    case isRatio = "ratio"
  }

  /// Of an answer, proved or not.
  public init(_ answer: Recommendation) {
    utility = answer.utility.description
    value = answer.utility.value
    upperBound = answer.certificate?.upperBound
    channels = answer.amountNames
    allocation = answer.cells.flatMap { $0.periods?.map(\.spend) ?? [$0.total] }
    switch answer.certificate?.proof {
    case .tangents(let bound):
      proof = "tangents"
      tangents = Tangents(
        spend: bound.point, prices: bound.rowMultipliers,
        supports: bound.supports.map { Support(weight: $0.weight, step: $0.step, smoothing: $0.smoothing) })
    case .boxes(let own):
      proof = "boxes"
      boxes = Boxes(own)
    case .draws(let points):
      proof = "draws"
      draws = points
    case nil:
      proof = "none"
      searchedBound = answer.utility.upperBound
    }
    isRatio = answer.certificate.map(\.isRatio)
    penalties = answer.certificate.flatMap { $0.penalties.isEmpty ? nil : $0.penalties }
    inputs = answer.reproducibility.inputs.map { Input(path: $0.path, sha256: $0.sha256) }
    plan = answer.reproducibility.plan
  }

  /// Reads a certificate; throws what is wrong with the text, in words.
  public init(json: Data) throws(CertificateFileError) {
    do {
      self = try JSONDecoder().decode(CertificateFile.self, from: json)
    } catch let DecodingError.keyNotFound(key, _) {
      throw CertificateFileError(message: "expected \(key.stringValue), found none")
    } catch let DecodingError.typeMismatch(type, context) where !context.codingPath.isEmpty {
      throw CertificateFileError(message: "wrong value of \(context.path), expected \(inWords(type))")
    } catch let DecodingError.valueNotFound(type, context) where !context.codingPath.isEmpty {
      throw CertificateFileError(message: "wrong value of \(context.path), expected \(inWords(type)), found null")
    } catch {
      throw CertificateFileError(message: "expected JSON as optimise writes it, found something else")
    }
    let count = channels.count
    let lengths = [allocation.count] + (tangents.map { [$0.spend.count] + $0.supports.map(\.step.count) } ?? [])
    guard lengths.allSatisfy({ $0 == count }) else {
      throw CertificateFileError(message: "expected \(count) numbers in allocation, spend and each step, one a channel")
    }
    guard boxes?.gridProof != nil || boxes == nil else {
      throw CertificateFileError(message: "expected boxes that are split or bounded, found one that is neither")
    }
  }

  /// What the file proves, for a plan compiled from it; nil where it proves nothing.
  public var certificate: Certificate? {
    replayable.map { proof in
      var own = proof
      own.penalties = penalties ?? []
      return own
    }
  }

  private var replayable: Certificate? {
    guard let upperBound else { return nil }
    if let tangents {
      let bound = TangentBound(
        point: tangents.spend,
        supports: tangents.supports.map {
          TangentBound.Support(step: $0.step, weight: $0.weight, smoothing: $0.smoothing ?? 0)
        },
        rowMultipliers: tangents.prices)
      return Certificate(proof: .tangents(bound), upperBound: upperBound, isRatio: isRatio ?? false)
    }
    if let draws { return Certificate(proof: .draws(draws), upperBound: upperBound) }
    return boxes?.gridProof.map { Certificate(proof: .boxes($0), upperBound: upperBound, isRatio: isRatio ?? false) }
  }

  /// The document, in the order of the fields.
  public var json: String {
    JSONValue.object([
      ("utility", .text(utility)),
      ("value", .number(value)),
      ("upper_bound", JSONValue(upperBound)),
      ("proof", JSONValue(proof)),
      ("searched_bound", JSONValue(searchedBound)),
      ("channels", JSONValue(channels)),
      ("allocation", JSONValue(allocation)),
      ("penalties", penalties.map { JSONValue($0) } ?? .null),
      ("ratio", isRatio.map { .bool($0) } ?? .null),
      ("tangents", tangents?.json ?? .null),
      ("boxes", boxes?.json ?? .null),
      ("draws", draws.map { .array($0.map { JSONValue($0) }) } ?? .null),
      ("inputs", .array(inputs.map { .object([("path", .text($0.path)), ("sha256", .text($0.sha256))]) })),
      ("plan", .text(plan)),
    ]).document
  }
}

extension CertificateFile.Tangents {
  fileprivate var json: JSONValue {
    .object([
      ("spend", JSONValue(spend)),
      ("prices", JSONValue(prices)),
      (
        "supports",
        .array(
          supports.map {
            .object([
              ("weight", .number($0.weight)), ("step", JSONValue($0.step)), ("smoothing", .number($0.smoothing ?? 0)),
            ])
          })
      ),
    ])
  }
}

extension CertificateFile.Boxes {
  fileprivate init(_ proof: GridProof) {
    points = proof.points
    cuts = proof.cuts.map { $0.shares.map { $0.map { [$0.x, $0.share] } } }
    tree = proof.tree.map { node in
      switch node {
      case .split(let variable, let at, let below, let above):
        CertificateFile.Box(channel: variable, at: at, below: below, above: above)
      case .leaf(let cuts, let rows): CertificateFile.Box(weights: cuts, prices: rows)
      }
    }
  }

  /// Nil where a box is neither split nor bounded, or a share is not two numbers.
  fileprivate var gridProof: GridProof? {
    var nodes: [GridProof.Node] = []
    for box in tree {
      if let channel = box.channel, let at = box.at, let below = box.below, let above = box.above {
        nodes.append(.split(variable: channel, at: at, below: below, above: above))
      } else if let weights = box.weights, let prices = box.prices {
        nodes.append(.leaf(cuts: weights, rows: prices))
      } else {
        return nil
      }
    }
    guard cuts.allSatisfy({ $0.allSatisfy { $0.allSatisfy { $0.count == 2 } } }) else { return nil }
    return GridProof(
      points: points, cuts: cuts.map { Mixture($0.map { $0.map { Mixture.Share(x: $0[0], share: $0[1]) } }) },
      tree: nodes)
  }

  fileprivate var json: JSONValue {
    .object([
      ("points", .array(points.map { JSONValue($0) })),
      ("cuts", .array(cuts.map { .array($0.map { .array($0.map { JSONValue($0) }) }) })),
      (
        "tree",
        .array(
          tree.map { box in
            if let channel = box.channel {
              return .object([
                ("channel", .integer(channel)), ("at", JSONValue(box.at)), ("below", JSONValue(box.below)),
                ("above", JSONValue(box.above)),
              ])
            }
            return .object([("weights", JSONValue(box.weights ?? [])), ("prices", JSONValue(box.prices ?? []))])
          })
      ),
    ])
  }
}

/// Why a file is no certificate.
public struct CertificateFileError: Error, Sendable, Equatable {
  /// A phrase: what was expected, and what was found.
  public var message: String
}

extension DecodingError.Context {
  fileprivate var path: String {
    codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
  }
}

private func inWords(_ type: Any.Type) -> String {
  switch type {
  case is Double.Type: "a number"
  case is String.Type: "text"
  case is any Collection.Type: "a list"
  default: "an object"
  }
}
