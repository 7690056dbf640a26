import ArgumentParser
import Foundation
import NumericKernel
import Planning

/// A command that says with --verbose how long it took.
protocol TimedCommand: ParsableCommand {
  var verbosity: VerbosityOptions { get }
}

/// Arguments to calls, errors to sentences and exit statuses.
@main
struct Root: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apportion",
    abstract: "Budget plans from the posterior draws of a marketing mix model.",
    discussion: """
      A first plan, from a model file to an answer:

        apportion inspect model.nc                what the model file holds
        apportion init model.nc --out plan.yaml   a plan that runs as it is
        apportion check plan.yaml                 what the plan means
        apportion optimise plan.yaml              the best plan found
        apportion verify results/certificate.json its proof, replayed

      Reports go to standard output, all else to standard error. Exit status: 0 solved; 2 solved, but the allocation \
      given breaks a limit, a larger gap than solver.gap is proved, or some of several budgets have no plan; 3 the limits cannot all be met; 64 wrong arguments; 65 wrong plan or data; 66 no such file; \
      70 internal; 73 cannot write; 74 reading or writing failed part-way; 130 interrupted by Ctrl-C, with what was found by then written.
      """,
    version: apportionVersion,
    subcommands: [
      Optimise.self, Scenarios.self, Ladder.self, Frontier.self, Utilities.self, Sensitivity.self, Evaluate.self,
      Compare.self, Verify.self,
      Inspect.self, Check.self,
      Init.self, Fit.self, Convert.self, Schema.self,
    ])

  static func main() {
    endBLASThreads()
    Foundation.exit(status(of: Array(CommandLine.arguments.dropFirst())))
  }

  /// Runs the command, says what went wrong, and returns the exit status.
  static func status(of arguments: [String]) -> Int32 {
    let start = ContinuousClock.now
    let variable = "APPORTION_INSTRUCTION_SET"
    if let asked = ProcessInfo.processInfo.environment[variable], asked != CurveKernel.instructionSet {
      Terminal.log("error: \(variable): expected baseline, avx2 or avx512, if this processor has it, found '\(asked)'")
      return 64
    }
    do {
      var command = try parseAsRoot(arguments)
      let progress = (command as? any TimedCommand)?.verbosity.progress
      progress?.startUp()
      defer { progress?.total(since: start) }
      try command.run()
      return Interruption.exitStatus ?? 0
    } catch {
      if let failure = Failure(error) {
        Terminal.log(failure.message)
        return failure.status.rawValue
      }
      // Help, version, wrong arguments, or a status that a command chose.
      let code = Interruption.exitStatus.map { ExitCode($0) } ?? exitCode(for: error)
      let message = fullMessage(for: error)
      if !message.isEmpty {
        if code.isSuccess { return printed(message) }
        Terminal.log(message)
      }
      return code.rawValue
    }
  }

  private static func printed(_ message: String) -> Int32 {
    do {
      try Terminal.show(message + "\n")
      return 0
    } catch {
      return error.status.rawValue
    }
  }
}
