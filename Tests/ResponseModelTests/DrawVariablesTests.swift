import NumericKernel
import ResponseModel
import Testing

@Suite struct DrawVariablesTests {
  @Test func `elements are named in the file's order, the last axis running fastest`() {
    let beta = DrawVariable(
      name: "beta",
      axes: [.init(name: "channel", labels: ["tv", "radio"]), .init(name: "geo", labels: ["north", "south", "east"])])
    #expect(beta.elementCount == 6)
    #expect(
      (0..<6).map(beta.name(ofElement:)) == [
        "beta[tv,north]", "beta[tv,south]", "beta[tv,east]", "beta[radio,north]", "beta[radio,south]",
        "beta[radio,east]",
      ])
    let sigma = DrawVariable(name: "sigma")
    #expect(sigma.elementCount == 1 && sigma.name(ofElement: 0) == "sigma" && sigma.isDrawn)
  }

  @Test func `coordinates without labels are numbered from 1`() {
    #expect(DrawVariable.Axis(count: 3).labels == ["1", "2", "3"] && DrawVariable.Axis(count: 3).isNumbered)
    #expect(!DrawVariable.Axis(labels: ["1", "3"]).isNumbered)
  }

  @Test func `what holds for a channel is its own part, or that of all`() {
    let each = ModelMapping.ByChannel<Int>.each([.init("tv", 3), .init("radio", 5)])
    #expect(each.part(for: "radio") == 5 && each.part(for: "tv") == 3 && each.part(for: "print") == nil)
    #expect(each.channels == ["tv", "radio"])
    #expect(
      ModelMapping.ByChannel<Int>.all(7).part(for: "print") == 7 && ModelMapping.ByChannel<Int>.all(7).channels == [])
  }

  @Test func `carryovers are the same where family, feeds, window, scale and order are`() {
    let lags = ModelMapping.Lags(Geometric.self, [.variable("alpha")], window: .lags(8))
    var others = [ModelMapping.Lags](repeating: lags, count: 5)
    #expect(others.allSatisfy { $0 == lags })
    others[0].family = Binomial.self
    others[1].feeds = [.number(0.5)]
    others[2].window = .unbounded
    others[3].isNormalized = false
    others[4].order = .saturationFirst
    #expect(others.allSatisfy { $0 != lags })
  }

  @Test func `a posterior without cells has no draws and no channels`() {
    let empty = Posterior(
      source: "", format: "", dims: [], cells: [], chainCount: 1, drawsPerChain: 0, dates: [], isContiguous: true,
      diagnostics: PosteriorDiagnostics(parameters: [], divergences: nil), notes: [])
    #expect(empty.drawCount == 0 && empty.channels.isEmpty)
  }

  @Test func `a dim has the labels that the plan gives it`() {
    let model = ModelMapping(
      dims: ["channel", "geo"],
      labels: [.init(name: "channel", labels: ["tv"]), .init(name: "geo", labels: ["north", "south"])],
      saturation: .all(.init(Linear.self, [.number(1)])))
    #expect(model.labels(of: "geo") == ["north", "south"] && model.labels(of: "channel") == ["tv"])
    #expect(model.labels(of: "segment") == nil)
  }
}
