import Apportion

/// Arrays of numpy and archives of them: whatever the bytes, they are read or refused.
func fuzzNumpy(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let path = file(bytes(start, count), as: "beta.npy")
  let model = ModelMapping(
    labels: [Posterior.Dim(name: "channel", labels: ["tv", "search", "radio"])],
    saturation: .all(ModelMapping.Curve(Linear.self, [.variable("beta")])))
  do {
    _ = try PosteriorFile.read(path: path, format: "npz", model: model)
  } catch {}
  do {
    _ = try PosteriorFile.variables(paths: [path], format: "npz")
  } catch {}
  return 0
}
