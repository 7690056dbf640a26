import Apportion

/// Tables of draws and of curves: whatever the bytes, they are read or refused.
func fuzzTables(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let path = file(bytes(start, count), as: "draws.csv")
  let model = ModelMapping(
    saturation: .all(ModelMapping.Curve(Hill.self, [.variable("beta"), .variable("kappa"), .variable("slope")])),
    carryover: .all(ModelMapping.Lags(Geometric.self, [.variable("alpha[1]")], window: .lags(4))))
  for format in ["auto", "cmdstan", "csv"] {
    do {
      _ = try PosteriorFile.read(path: path, format: format, model: model)
    } catch {}
    do {
      _ = try PosteriorFile.variables(paths: [path], format: format)
    } catch {}
  }
  do {
    _ = try PosteriorFile.read(path: path, format: "curves", curves: PointCurves(kind: .hillBottom))
  } catch {}
  return 0
}
