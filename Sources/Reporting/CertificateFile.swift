public import Foundation
import Optimisation
public import Planning

/// `certificate.json`: what proves an answer's bound, and what it was proved for, to be replayed without the solver.
///
/// In money over the horizon and in the utility's own unit. For any spend x within the limits, with w the supports' weights
/// times the utility's supergradients at `R + J step` (R the outcome draws at `spend`, J their derivatives in each channel's
/// money), the utility is at most `Σ weight (U − ⟨supergradient, R + J step⟩) + ⟨w, R⟩ + g · (x − spend)`, `g = Jᵀ w`; and the
/// greatest that this can be is at most `g · (x − spend)` with `price × (budget − Σ x)` added, each channel at the end of its
/// limits that is worth more.
public struct CertificateFile: Codable, Sendable {
  /// As in the plan file, with its options.
  public var utility: String
  /// Of the answer's allocation, in the utility's own unit.
  public var value: Double
  /// No plan within the limits scores above it; nil where nothing is proved.
  public var upperBound: Double?
  /// The channels, in the order of the numbers below.
  public var channels: [String]
  /// Where responses are replaced by their tangents: money over the horizon by channel.
  public var spend: [Double]
  /// What the budget's last unit of money is taken to be worth; nil where nothing is proved.
  public var budgetPrice: Double?
  /// Where the utility is replaced by its supergradients; none where nothing is proved.
  public var supports: [Support]
  /// The files that were read, each with its SHA-256.
  public var inputs: [Input]
  /// The plan as read, every default made visible, as YAML.
  public var plan: String

  public struct Support: Codable, Sendable {
    /// Their sum is one.
    public var weight: Double
    /// Money by channel, from `spend`.
    public var step: [Double]
  }

  public struct Input: Codable, Sendable {
    /// As the user gave it.
    public var path: String
    /// In hexadecimal.
    public var sha256: String
  }

  private enum CodingKeys: String, CodingKey {
    case utility, value, channels, spend, supports, inputs, plan
    case upperBound = "upper_bound"
    case budgetPrice = "budget_price"
  }

  /// Of an answer, proved or not.
  public init(_ answer: Recommendation) {
    utility = answer.utility.description
    value = answer.utility.value
    upperBound = answer.certificate?.upperBound
    channels = answer.cells.map(\.name)
    spend = answer.certificate?.spend ?? answer.cells.map(\.total)
    budgetPrice = answer.certificate?.budgetPrice
    supports = answer.certificate?.supports.map { Support(weight: $0.weight, step: $0.step) } ?? []
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
    guard spend.count == count, supports.allSatisfy({ $0.step.count == count }) else {
      throw CertificateFileError(message: "expected \(count) numbers in spend and in each step, one a channel")
    }
  }

  /// What the file proves, for a plan compiled from it; nil where it proves nothing.
  public var certificate: Certificate? {
    guard let upperBound, let budgetPrice, !supports.isEmpty else { return nil }
    return Certificate(
      spend: spend, supports: supports.map { TangentBound.Support(step: $0.step, weight: $0.weight) },
      budgetPrice: budgetPrice, upperBound: upperBound)
  }

  /// The document, in the order of the fields.
  public var json: String {
    JSONValue.object([
      ("utility", .text(utility)),
      ("value", .number(value)),
      ("upper_bound", JSONValue(upperBound)),
      ("channels", JSONValue(channels)),
      ("spend", JSONValue(spend)),
      ("budget_price", JSONValue(budgetPrice)),
      (
        "supports", .array(supports.map { .object([("weight", .number($0.weight)), ("step", JSONValue($0.step))]) })
      ),
      ("inputs", .array(inputs.map { .object([("path", .text($0.path)), ("sha256", .text($0.sha256))]) })),
      ("plan", .text(plan)),
    ]).document
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
