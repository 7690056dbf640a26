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
        Observed  3 periods, 2024-01-01 to 2024-01-15
        Adstock   geometric, 8 periods, normalised

      Sampling
        Draws                           5 (1 chain of 5)
        Largest R-hat                   1.004
        Smallest effective sample size  1,821
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
      posterior(rHat: 1.21).textReport().contains("\n  saturation_lam[tv]: R-hat 1.210, effective sample size 1,821\n"))
    let bare = posterior(rHat: nil, history: []).textReport()
    #expect(bare.contains("too few draws to say") && bare.contains("the file does not say"))
    #expect(bare.contains("no history in the file") && !bare.contains("Observed media"))
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
