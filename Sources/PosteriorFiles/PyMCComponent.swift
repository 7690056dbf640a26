import ResponseModel

/// A curve or a carryover: its family, and where the numbers of its parameters are.
struct PyMCComponent<Family> {
  /// The root attribute that tells of it: `adstock` or `saturation`.
  var attribute: String
  var family: Family
  var prefix: String
  var priors: [String: SerializedPrior]

  /// The variable that holds a parameter's draws.
  func variable(_ parameter: ModelParameter) -> String { "\(prefix)_\(parameter.name)" }

  /// Its parameters that are the same in every draw.
  func constants(of parameters: [ModelParameter]) -> [(variable: String, value: Double)] {
    parameters.compactMap { parameter in
      guard case .number(let value) = priors[parameter.name] else { return nil }
      return (variable(parameter), value)
    }
  }
}

/// What a parameter was given when the model was made. Only a distribution has draws.
enum SerializedPrior: Decodable {
  case number(Double)
  case array
  case distribution

  init(from decoder: any Decoder) throws {
    do {
      self = .number(try decoder.singleValueContainer().decode(Double.self))
    } catch DecodingError.typeMismatch {
      do {
        _ = try decoder.unkeyedContainer()
        self = .array
      } catch DecodingError.typeMismatch {
        self = .distribution
      }
    }
  }
}

/// A transformation as PyMC-Marketing serialises it.
struct SerializedComponent: Decodable {
  var type: String
  var prefix: String
  var priors: [String: SerializedPrior]?
  var window: Int?
  var isNormalized: Bool?
  var mode: String?
  var parametrization: String?

  enum CodingKeys: String, CodingKey {
    case type = "__type__"
    case prefix, priors, mode, parametrization
    case window = "l_max"
    case isNormalized = "normalize"
  }
}
