import Foundation

/// The bytes that libFuzzer made up.
func bytes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
  [UInt8](UnsafeBufferPointer(start: start, count: count))
}

/// The path of a file with these bytes, the same one each time.
func file(_ bytes: [UInt8], as name: String) -> String {
  let path =
    "\(FileManager.default.temporaryDirectory.path)/apportion-fuzz-\(ProcessInfo.processInfo.processIdentifier)-\(name)"
  guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else {
    preconditionFailure("\(path) cannot be written.")
  }
  return path
}
