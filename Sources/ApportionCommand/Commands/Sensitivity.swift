import ArgumentParser
import Planning
import Reporting
import ResponseModel
import Tables

struct Sensitivity: TimedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find what would change the plan most, and what keeping it would cost then.",
    discussion: """
      Solves the plan again with each channel's curve 10 % lower in every draw (--worse), and with the draws weighted by what tests \
      say of a channel's return (--evidence): a draw counts as much as the evidence is likely under it. Beside each new plan it says what \
      the present one would lose. The plan's own reweight holds in all cases.

      Writes sensitivity.csv (a row a case), sensitivity.json (everything) and the picture sensitivity into the output folder.

      Examples:

        apportion sensitivity plan.yaml
        apportion sensitivity plan.yaml --worse 25
        apportion sensitivity plan.yaml --evidence "tv: {roi: 1.8, sd: 0.3}" --evidence "search: {roi: 3, sd: 0.5}"
      """)

  @OptionGroup var plan: PlanOptions

  @Option(
    help: ArgumentHelp("How much worse each channel is supposed to be, in per cent; 0 for none.", valueName: "number"))
  var worse: Double = 100 * SensitivityAnalysis.usualShare

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "What a test says of a channel: its return per unit of money, and the standard error of that; to be repeated.",
      discussion: "\"tv: {roi: 1.8, sd: 0.3}\": at the money that the current plan spends on the channel.",
      valueName: "evidence"))
  var evidence: [String] = []

  @OptionGroup var folder: FolderOptions

  @OptionGroup var work: WorkOptions

  var verbosity: VerbosityOptions { plan.verbosity }

  private static let files = ["sensitivity.csv", "sensitivity.json"]

  func validate() throws {
    if !(worse >= 0 && worse <= 100) {
      throw ValidationError("--worse: expected per cent from 0 to 100, found \(worse)")
    }
    if worse == 0 && evidence.isEmpty {
      throw ValidationError("expected a case: --worse above 0, or --evidence, found neither")
    }
  }

  func run() throws {
    work.apply()
    let progress = verbosity.progress
    let evidence = try evidence.map { try read($0) }
    func delivery(_ plan: Plan) -> Delivery { Delivery(plan, folder, verbosity) }
    let job = try Job(plan) { try delivery($0).check(only: Self.files, figures: SensitivityAnalysis.figureNames) }
    let record = try progress.stage("Taking digests") { try job.record() }
    let analysis = try progress.search("Solving") { said in
      try SensitivityAnalysis(
        job.plan, job.posterior, worse: worse == 0 ? nil : worse / 100, evidence: evidence, record: record,
        progress: said)
    }
    try delivery(job.plan).deliver(
      [], [(Self.files[0], analysis.table.csv), (Self.files[1], analysis.jsonReport)], figures: analysis.figures
    ) { format, written in
      switch format {
      case .json: analysis.jsonReport
      case .csv: analysis.table.csv
      case .text: analysis.textReport(style: Terminal.style, filesWritten: written)
      }
    }
    if !analysis.reachesGap { throw ExitCode(ExitStatus.limitsMissed.rawValue) }
  }

  /// As the plan would read it in `reweight`: its mistakes are the plan's.
  private func read(_ text: String) throws -> ReturnEvidence {
    guard
      let parts = try /\s*(.+?)\s*:\s*\{\s*roi\s*:\s*([^,{}]+?)\s*,\s*sd\s*:\s*([^,{}]+?)\s*\}\s*/.wholeMatch(in: text),
      let own = try plan.read([
        OptionSetting(
          option: "--evidence", key: "reweight",
          value: "[{channel: \(parts.1), roi: {mean: \(parts.2), sd: \(parts.3)}}]")
      ]).plan.reweight.first
    else {
      throw ValidationError("--evidence: expected \"channel: {roi: number, sd: number}\", found '\(text)'")
    }
    return own.value
  }
}
