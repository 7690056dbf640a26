import Apportion
import Foundation
import Testing

@Suite struct PlannedPosteriorTests {
  private let root = PeerResponseTests.root.path

  @Test func `a plan's posterior is read as the plan says`() throws {
    var choice = PosteriorChoice("\(root)/data/weekly/model.nc")
    choice.draws = Placed(100)
    let posterior = try choice.read()
    #expect(posterior.drawCount == 100)
    #expect(posterior.cells.map(\.name) == ["tv", "search", "social", "display", "radio", "print"])
    #expect(try choice.paths == ["\(root)/data/weekly/model.nc"])
  }

  @Test func `the table of a model of Meridian is among the files of its plan`() throws {
    let plan = try PlanFile.read(path: "\(root)/data/meridian/weekly/plan.yaml").plan
    let paths = try plan.posterior.paths
    #expect(paths.count == 2)
    #expect(paths.last == plan.posterior.meridian?.data.file)
    #expect(try plan.posterior.read().drawCount > 0)
  }

  @Test func `a file that is not there is told by its path`() {
    let error = #expect(throws: PosteriorFileError.self) { try PosteriorChoice("nowhere.nc").read() }
    #expect(error?.kind == .missing)
    #expect(error?.path == "nowhere.nc")
  }
}
