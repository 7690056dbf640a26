import Foundation

/// What `robyn_write` exports: `RobynModel-1_2_3.json`, or `RobynModel-inputs.json` without a model. Every value is a list, that of
/// a single value of one.
///
/// Source: Robyn 3.10, R/R/json.R (`robyn_write`), and checks.R for what is required of the inputs.
struct RobynExport: Sendable {
  let path: String
  /// `geometric`, `weibull_cdf` or `weibull_pdf`.
  let adstock: Adstock
  /// The paid media, by the columns of their spend.
  let channels: [String]
  let dateColumn: String
  /// The first and the last row of the data that the model was fitted to, counted from 1.
  let window: ClosedRange<Int>
  /// The day of the first row of the window, where the file has it.
  let windowStart: String?
  /// The exported model; nil in an export of inputs alone.
  let model: Model?
  /// The data of `add_data = TRUE`, a row a period; nil where they were not exported.
  let data: [JSONTree]?

  enum Adstock: String, CaseIterable, Sendable {
    case geometric
    case weibullCDF = "weibull_cdf"
    case weibullPDF = "weibull_pdf"

    /// The hyperparameters of a channel that say how it is carried over.
    var hyperparameters: [String] {
      switch self {
      case .geometric: ["thetas"]
      case .weibullCDF, .weibullPDF: ["shapes", "scales"]
      }
    }
  }

  struct Model: Sendable {
    var name: String
    /// By `tv_S_alphas`.
    var hyperparameters: [String: Double]
    /// By channel: the coefficient, and the response to it over the window, where the file has that.
    var coefficients: [String: (value: Double, response: Double?)]
    /// Whether its numbers have four decimals at most, as R's jsonlite writes them by default.
    var isRounded: Bool
  }

  private static let largestSize = 64_000_000

  init(_ path: String) throws(PosteriorFileError) {
    self.path = path
    let file = try InputFile(path: path)
    guard file.byteCount <= RobynExport.largestSize else {
      throw PosteriorFileError(
        .unreadable, path, "expected an export of at most \(RobynExport.largestSize) bytes, found \(file.byteCount)")
    }
    let tree: JSONTree
    do {
      tree = try JSONDecoder().decode(JSONTree.self, from: Data(file.read(at: 0, count: file.byteCount)))
    } catch let error as PosteriorFileError {
      throw error
    } catch {
      throw PosteriorFileError(.unreadable, path, "expected JSON as Robyn's robyn_write exports it, found other text")
    }
    guard let inputs = tree["InputCollect"] else {
      throw PosteriorFileError(
        .unsupported, path, "expected InputCollect, as Robyn's robyn_write exports it, found none")
    }
    let reader = Reader(path: path, inputs: inputs)
    adstock = try reader.adstock()
    let model = try tree["ExportedModel"].map { model throws(PosteriorFileError) in try reader.model(model) }
    self.model = model
    channels = try reader.channels(model)
    dateColumn = try reader.text("date_var")
    window = try reader.window()
    windowStart = inputs["window_start"]?.text.map { String($0.prefix(10)) }
    data = tree["Extras"]?["raw_data"]?.list
  }

  /// Reads one part after another, each with its place.
  private struct Reader {
    let path: String
    let inputs: JSONTree

    func wrong(_ place: String, _ expected: String, _ found: JSONTree?) -> PosteriorFileError {
      PosteriorFileError(.invalid, path, "\(place): expected \(expected), found \(found.inWords)")
    }

    func text(_ key: String) throws(PosteriorFileError) -> String {
      guard let text = inputs[key]?.text, !text.isEmpty else {
        throw wrong("InputCollect.\(key)", "a text", inputs[key])
      }
      return text
    }

    func adstock() throws(PosteriorFileError) -> Adstock {
      let name = try text("adstock")
      guard let adstock = Adstock(rawValue: name) else {
        let names = Adstock.allCases.map(\.rawValue).joined(separator: ", ")
        throw PosteriorFileError(
          .unsupported, path, "InputCollect.adstock: expected one of \(names), found \(name)")
      }
      return adstock
    }

    func window() throws(PosteriorFileError) -> ClosedRange<Int> {
      var bounds: [Int] = []
      for key in ["rollingWindowStartWhich", "rollingWindowEndWhich"] {
        guard let row = inputs[key]?.number.flatMap({ Int(exactly: $0) }), row >= 1 else {
          throw wrong("InputCollect.\(key)", "a row of the data, counted from 1", inputs[key])
        }
        bounds.append(row)
      }
      guard bounds[0] < bounds[1] else {
        throw PosteriorFileError(
          .invalid, path,
          "InputCollect.rollingWindowEndWhich: expected a row after \(bounds[0]), found \(bounds[1])")
      }
      return bounds[0]...bounds[1]
    }

    /// Paid media that are modelled by their spend. One that is modelled by its exposure has hyperparameters of that name.
    func channels(_ model: Model?) throws(PosteriorFileError) -> [String] {
      guard let spends = inputs["paid_media_spends"]?.texts, !spends.isEmpty else {
        throw wrong("InputCollect.paid_media_spends", "the columns of spend", inputs["paid_media_spends"])
      }
      if let twice = spends.firstRepeated {
        throw PosteriorFileError(
          .invalid, path, "InputCollect.paid_media_spends: expected each column once, found \(twice) twice")
      }
      let exposures = inputs["paid_media_vars"]?.texts ?? spends
      let known = Set(model?.hyperparameters.keys.map { $0 } ?? [])
      for (spend, exposure) in zip(spends, exposures)
      where spend != exposure && !known.contains("\(spend)_alphas") && known.contains("\(exposure)_alphas") {
        throw PosteriorFileError(
          .unsupported, path,
          "\(spend) is modelled by its exposure \(exposure), which says nothing of money: expected paid media modelled by their spend"
        )
      }
      return spends
    }

    func model(_ model: JSONTree) throws(PosteriorFileError) -> Model {
      var hyperparameters: [String: Double] = [:]
      var isRounded = true
      guard case .object(let values)? = model["hyper_values"] else {
        throw wrong("ExportedModel.hyper_values", "hyperparameters by name", model["hyper_values"])
      }
      for (name, value) in values {
        guard let number = value.number else { continue }
        hyperparameters[name] = number
        isRounded = isRounded && abs(number * 1e4 - (number * 1e4).rounded()) < 1e-6
      }
      var coefficients: [String: (Double, Double?)] = [:]
      for (index, row) in (model["summary"]?.list ?? []).enumerated() {
        let place = "ExportedModel.summary[\(index)]"
        guard let variable = row["variable"]?.text else { throw wrong("\(place).variable", "a text", row["variable"]) }
        guard coefficients[variable] == nil else {
          throw PosteriorFileError(.invalid, path, "\(place): expected each variable once, found \(variable) twice")
        }
        guard let value = row["coef"]?.number else { throw wrong("\(place).coef", "a number", row["coef"]) }
        coefficients[variable] = (value, row["decompAgg"]?.number)
      }
      // A refreshed model's response is that of the periods added, not of the window.
      if inputs["refreshSourceID"]?.text != nil {
        coefficients = coefficients.mapValues { ($0.0, nil) }
      }
      return Model(
        name: model["select_model"]?.text ?? "", hyperparameters: hyperparameters, coefficients: coefficients,
        isRounded: isRounded)
    }
  }
}

extension JSONTree? {
  /// What stands there, in a few words.
  var inWords: String {
    switch self {
    case nil, .null?: "none"
    case .flag(let flag)?: "\(flag)"
    case .number(let number)?: "\(number)"
    case .text(let text)?: "'\(text.prefix(40))'"
    case .list(let list)?: list.count == 1 ? Optional(list[0]).inWords : "a list of \(list.count)"
    case .object?: "an object"
    }
  }
}
