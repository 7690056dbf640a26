import NumericKernel
import PosteriorFiles
import ResponseModel
import Testing

/// What reading says is wrong with a file, in one sentence; nil where it makes cells of numbers that they may have.
func failureToRead(_ path: String, _ name: String) -> String? {
  do {
    for cell in try PosteriorFile.read(path: path).cells {
      #expect(cell.mediaScale > 0 && cell.mediaScale.isFinite && cell.outcomeScale.isFinite, "\(name)")
      for (index, parameter) in cell.saturation.parameters.enumerated() {
        #expect(cell.saturationParameters.column(index).allSatisfy(parameter.domain.contains), "\(name)")
      }
      for (index, parameter) in cell.carryover.parameters.enumerated() {
        #expect(cell.carryoverParameters.column(index).allSatisfy(parameter.domain.contains), "\(name)")
      }
    }
    return nil
  } catch {
    #expect(error.message.count > 20 && !error.message.contains("\n"), "\(name): \(error)")
    return error.message
  }
}
