public import ResponseModel
public import Testing

/// Fails the test unless a curve keeps the promises of `Saturation` at each of the parameter rows: finite at zero, never
/// falling (rising or flat; a curve with a negative ceiling is not tested here), slope and curvature as differences find
/// them, convex below the inflection and concave above it, and a number far out.
public func expectSaturation(
  _ family: any Saturation.Type, parameters rows: [[Double]], sourceLocation: SourceLocation = #_sourceLocation
) {
  func expect(_ condition: Bool, _ row: [Double], _ complaint: @autoclosure () -> String) {
    guard !condition else { return }
    let complaint = complaint()
    Issue.record("\(family.name) \(row): \(complaint)", sourceLocation: sourceLocation)
  }
  for row in rows {
    expect(row.count == family.parameters.count, row, "it has \(family.parameters.count) parameters")
    for (value, parameter) in zip(row, family.parameters) {
      expect(parameter.domain.contains(value), row, "\(parameter.name) is not \(parameter.domain.description)")
    }
    let inflection = family.inflection(row.span)
    expect(inflection >= 0 && inflection.isFinite, row, "the inflection is at \(inflection)")

    let origin = family.point(at: 0, row.span)
    expect(origin.value.isFinite, row, "at no media the response is \(origin.value)")
    var last = origin.value
    var steepest = 0.0
    for media in [1e-12, 1e-6, 1e-3, 0.05, 0.3, 1, 2, 5, 30, 1e3, 1e9] {
      let point = family.point(at: media, row.span)
      expect(point.value >= last && point.value.isFinite, row, "it falls from \(last) to \(point.value) at \(media)")
      expect(point.slope >= 0 && point.slope.isFinite, row, "the slope at \(media) is \(point.slope)")
      expect(point.curvature.isFinite, row, "the curvature at \(media) is \(point.curvature)")
      last = point.value
      steepest = max(steepest, point.slope)
      if media < inflection { expect(point.curvature >= 0, row, "below its inflection it bends down at \(media)") }
      if media > inflection { expect(point.curvature <= 0, row, "above its inflection it bends up at \(media)") }

      // A step of 1e-5 of the media: rounding 1e-16 / 1e-5 of the value, or of the steepest slope, curvature 1e-10.
      let step = 1e-5 * media
      let ahead = family.point(at: media + step, row.span)
      let behind = family.point(at: media - step, row.span)
      let slope = (ahead.value - behind.value) / (2 * step)
      let bend = (ahead.slope - behind.slope) / (2 * step)
      expect(
        abs(slope - point.slope) <= 1e-6 * abs(slope) + 1e-10 * abs(point.value) / media, row,
        "the slope at \(media) is \(point.slope), by differences \(slope)")
      expect(
        abs(bend - point.curvature) <= 1e-6 * abs(bend) + 1e-10 * steepest / media, row,
        "the curvature at \(media) is \(point.curvature), by differences \(bend)")
    }
  }
}
