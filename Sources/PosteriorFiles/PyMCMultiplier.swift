import NumericKernel
import ResponseModel

/// The multiplier by which PyMC-Marketing lets the effect of media vary in time, where a model has one.
///
/// Its draws are the coefficients of a softplus Hilbert-space process and the process's own mean; the basis is told by the root
/// attributes: `time_varying_media` is true, and `model_config` says how wide the process lives, or it is the process itself.
enum PyMCMultiplier {
  /// What `time_varying_media` says.
  struct Process {
    /// j of the first basis function.
    var firstFunction: Int
    /// Basis functions from j = 1.
    var functionCount: Int
    /// L; nil for the span of the observed periods.
    var halfWidth: Double?
    /// Nil for the middle of the observed periods.
    var middle: Double?
  }

  private static let name = "media_temporal_latent_multiplier"
  private static let processClass = "pymc_marketing.mmm.hsgp.SoftPlusHSGP"
  private static let configClass = "pymc_marketing.hsgp_kwargs.HSGPKwargs"

  /// Nil for a model whose media work alike at all times.
  static func process(_ root: NetCDFGroup) throws(PosteriorFileError) -> Process? {
    let attribute = "time_varying_media"
    switch try root.text(attribute) ?? "false" {
    case "false": return nil
    case "true":
      let config = try root.decode(ModelConfig.self, "model_config").process
      guard let config, config.type == configClass, let count = config.count, count >= 1 else {
        throw root.unsupported(
          "model_config", "media_tvp_config of the class \(config?.type ?? "none")",
          "\(configClass) with m of at least 1")
      }
      return Process(firstFunction: 1, functionCount: count, halfWidth: config.halfWidth, middle: nil)
    default:
      let config = try root.decode(Config.self, attribute)
      guard config.type == processClass else {
        throw root.unsupported(attribute, "the class \(config.type ?? "none")", processClass)
      }
      guard config.transform == nil, config.isDemeaned != true else {
        throw root.unsupported(
          attribute, "a process with a transform or a demeaned basis", "transform null and demeaned_basis false")
      }
      guard let count = config.count, count >= 1, config.halfWidth != nil, config.middle != nil else {
        throw root.wrong(attribute, "expected m of at least 1, L and X_mid")
      }
      return Process(
        firstFunction: config.dropsFirst == true ? 2 : 1, functionCount: count, halfWidth: config.halfWidth,
        middle: config.middle)
    }
  }

  /// One multiplier for each cell; none for a model without.
  static func read(
    _ process: Process?, from root: NetCDFGroup, draws: PyMCDraws, constants: PyMCConstants, grid: CellGrid
  ) throws(PosteriorFileError) -> [HilbertMultiplier] {
    guard let process else { return [] }
    guard let time = constants.time, time.isContiguous, time.dates.count >= 2 else {
      throw PosteriorFileError(
        .unsupported, root.file.path,
        "constant_data: a multiplier that varies in time needs observed periods at one distance in days, found others")
    }
    let span = Double(time.dates.count - 1)
    let (middle, halfWidth) = (process.middle ?? span / 2, process.halfWidth ?? span)
    guard halfWidth > 0, halfWidth.isFinite, middle.isFinite else {
      throw root.wrong("time_varying_media", "expected L above 0, found \(halfWidth)")
    }
    let count = process.functionCount - process.firstFunction + 1
    let posterior = try root.posterior
    let functions = "\(name)_raw_m"
    let coefficients = try draws.parameters(
      "\(name)_raw_hsgp_coefs", along: functions, count: count, from: posterior, grid)
    let means = try draws.parameters("\(name)_f_mean", along: nil, count: 1, from: posterior, grid)
    let drawCount = draws.chainCount * draws.drawsPerChain
    return (0..<grid.cellCount).map { cell in
      HilbertMultiplier(
        coefficients: DrawMatrix(
          columns: coefficients.map { $0.columns[$0.column[cell]] }, drawCount: drawCount),
        firstFunction: process.firstFunction, means: means[0].columns[means[0].column[cell]], middle: middle,
        halfWidth: halfWidth)
    }
  }

  /// The part of `model_config` that counts here.
  private struct ModelConfig: Decodable {
    var process: Config?
    enum CodingKeys: String, CodingKey { case process = "media_tvp_config" }
  }

  private struct Config: Decodable {
    var type: String?
    var count: Int?
    var halfWidth: Double?
    var middle: Double?
    var dropsFirst: Bool?
    var isDemeaned: Bool?
    var transform: String?

    enum CodingKeys: String, CodingKey {
      case type = "__type__"
      case count = "m"
      case halfWidth = "L"
      case middle = "X_mid"
      case dropsFirst = "drop_first"
      case isDemeaned = "demeaned_basis"
      case transform
    }
  }
}
