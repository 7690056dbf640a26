import ArgumentParser
import Planning

struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the JSON Schema of plan files, for editors.",
    discussion: """
      Editors that know YAML schemas complete and check a plan that begins with

        # yaml-language-server: $schema=plan.schema.json

      after: apportion schema > plan.schema.json
      """)

  func run() throws {
    let text = PlanSchema.text
    try Terminal.show(text.hasSuffix("\n") ? text : text + "\n")
  }
}
