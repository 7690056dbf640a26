import CLibFuzzer
import Foundation

// Fuzz tables|numpy|plans, then libFuzzer's own arguments.
let targets: [String: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt] = [
  "tables": fuzzTables, "numpy": fuzzNumpy, "plans": fuzzPlans, "robyn": fuzzRobyn,
]
guard CommandLine.arguments.count > 1, let target = targets[CommandLine.arguments[1]] else {
  fatalError("usage: Fuzz \(targets.keys.sorted().joined(separator: "|")) [libFuzzer's arguments]")
}
// libFuzzer starts itself again by the first argument where it works in several processes.
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + 1
var count = CommandLine.argc - 1
exit(LLVMFuzzerRunDriver(&count, &arguments, target))
