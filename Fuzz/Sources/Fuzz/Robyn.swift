import Apportion

/// Robyn's exports with their data in them: whatever the bytes, they are read or refused.
func fuzzRobyn(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let path = file(bytes(start, count), as: "RobynModel-1.json")
  do {
    _ = try PosteriorFile.read(path: path)
  } catch {}
  return 0
}
