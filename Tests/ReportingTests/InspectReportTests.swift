import NumericKernel
import ResponseModel
import Tables
import Testing

@testable import Reporting

@Suite struct InspectReportTests {
  private func posterior(rHat: Double? = 1.004, history: [Double] = [100, 0, 300]) -> Posterior {
    let draws = [1.0, 2, 3, 4, 5]
    let cell = Cell(
      labels: ["tv"], saturation: Logistic.self,
      saturationParameters: DrawMatrix(columns: [draws, draws.map { $0 / 10 }], drawCount: 5),
      carryover: Geometric.self, carryoverParameters: DrawMatrix(columns: [draws.map { $0 / 8 }], drawCount: 5),
      window: 8, isNormalized: true, mediaScale: 1000, outcomeScale: 50, history: history)
    return Posterior(
      source: "model.nc", format: "pymc-marketing", dims: [.init(name: "channel", labels: ["tv"])], cells: [cell],
      chainCount: 1, drawsPerChain: 5, dates: history.isEmpty ? [] : ["2024-01-01", "2024-01-08", "2024-01-15"],
      isContiguous: true,
      diagnostics: PosteriorDiagnostics(
        parameters: [.init(name: "saturation_lam[tv]", rHat: rHat, effectiveSampleSize: rHat.map { _ in 1820.7 })],
        divergences: rHat.map { _ in 3 }),
      notes: [("adstock", "geometric, 8 periods, normalised")])
  }

  @Test func `a posterior file, whole`() {
    // Quantiles of 1...5 at 0.05 and 0.95 are 1 + 4 x 0.05 = 1.2 and 4.8.
    let expected = """
      model.nc (pymc-marketing)

        Channel   1: tv
        Observed  3 periods, 2024-01-01 to 2024-01-15, weekly
        Adstock   geometric, 8 periods, normalised

      Sampling
        Draws                           5 (1 chain of 5)
        Largest R-hat                   1.004
        Smallest effective sample size  1,820
        Divergences                     3

      Observed media, per period
        Channel    Mean  Smallest  Largest  Periods with none
        tv       133.33      0.00   300.00                  1

      Parameters
        Channel  Family     Parameter    Mean     90 % interval
        tv       geometric  alpha      0.3750  0.1500 to 0.6000
                 logistic   beta        3.000    1.200 to 4.800
                 logistic   lam        0.3000  0.1200 to 0.4800

      """
    #expect(posterior().textReport() == expected)
  }

  @Test func `a chain that has not converged is named, and what cannot be known is not made up`() {
    #expect(
      posterior(rHat: 1.21).textReport().contains("\n  saturation_lam[tv]: R-hat 1.210, effective sample size 1,820\n"))
    let bare = posterior(rHat: nil, history: []).textReport()
    #expect(bare.contains("too few draws to say") && bare.contains("the file does not say"))
    #expect(bare.contains("no history in the file") && !bare.contains("Observed media"))
  }

  @Test func `what was observed is told once, with the distance of its periods`() {
    func observed(_ dates: [String], isContiguous: Bool = true) -> String? {
      var posterior = posterior(history: dates.map { _ in 1 })
      (posterior.dates, posterior.isContiguous) = (dates, isContiguous)
      let lines = posterior.textReport().split(separator: "\n").filter { $0.hasPrefix("  Observed") }
      return lines.count == 1 ? String(lines[0].dropFirst(12)) : nil
    }
    #expect(observed(["2024-01-01"]) == "1 period, 2024-01-01 to 2024-01-01")
    #expect(observed(["2024-01-01", "2024-01-02"]) == "2 periods, 2024-01-01 to 2024-01-02, daily")
    #expect(observed(["2024-01-01", "2024-01-11"])?.hasSuffix(", every 10 days") ?? false)
    #expect(observed(["2024-01-31", "2024-02-29", "2024-03-31"])?.hasSuffix(", monthly") ?? false)
    #expect(
      observed(["2024-01-01", "2024-01-09", "2024-01-10"], isContiguous: false)?.hasSuffix(", with holes") ?? false)
  }

  @Test func `of many doubtful parameters a dozen are named, the worst first`() {
    var posterior = posterior()
    posterior.diagnostics.parameters = (1...20).map {
      .init(name: "b[\($0)]", rHat: 1 + Double($0) / 100, effectiveSampleSize: 500)
    }
    let report = posterior.textReport()
    #expect(report.contains("the file does not say") == false && report.contains("\n  b[20]: R-hat 1.200"))
    // b[1] is not above 1.01.
    #expect(report.contains("  b[9]: R-hat 1.090, effective sample size 500\n  and 7 more parameters\n"))
  }

  @Test func `cells without a response are named`() {
    var posterior = posterior()
    #expect(!posterior.textReport().contains("No response"))
    posterior.cells[0].outcomeScale = 0
    #expect(
      posterior.textReport().contains("  No response  tv: a scale is 0, as where the data have none of the channel\n"))
  }

  @Test func `draws that were kept are told from those of the file`() {
    var posterior = posterior()
    (posterior.chainCount, posterior.drawsPerChain) = (4, 500)
    #expect(posterior.textReport().contains("5 of 2,000 (4 chains of 500)\n"))
  }

  @Test func `a point estimate has values, and no sampler`() {
    let cell = Cell(
      labels: ["tv"], saturation: Logistic.self,
      saturationParameters: DrawMatrix(columns: [[3], [0.25]], drawCount: 1),
      carryover: NoCarryover.self, carryoverParameters: DrawMatrix(columns: [], drawCount: 1), window: 1,
      isNormalized: false, mediaScale: 1, outcomeScale: 1, history: [])
    let posterior = Posterior(
      source: "curves.csv", format: "curves", dims: [.init(name: "channel", labels: ["tv"])], cells: [cell],
      chainCount: 1, drawsPerChain: 1, dates: [], isContiguous: false,
      diagnostics: PosteriorDiagnostics(parameters: [], divergences: nil), notes: [])
    #expect(
      posterior.textReport() == """
        curves.csv (curves)

          Channel   1: tv
          Observed  no history in the file

        Sampling
          Draws  1: a point estimate

        Parameters
          Channel  Family    Parameter   Value
          tv       logistic  beta        3.000
                   logistic  lam        0.2500

        """)
  }

  @Test func `parameters as a table`() {
    let rows = posterior().parameterTable
    #expect(rows.header == ["channel", "family", "parameter", "mean", "sd", "q05", "q50", "q95"])
    #expect(rows.rows[1].fields == ["tv", "logistic", "beta", "3.0", "1.5811388300841898", "1.2", "3.0", "4.8"])
  }
}
