import CNetCDF
import CNetCDFReader
import Foundation
import Synchronization

private let netCDFLock = Mutex(())

/// Runs calls of libnetcdf, alone in the process: it and HDF5 below it keep state that threads share. A body that comes back
/// here would wait for itself.
func withNetCDF<Result: Sendable, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
  try netCDFLock.withLock { (_) throws(Failure) in
    netcdf_silence_hdf5()
    return try body()
  }
}

/// What is asked of a file; `CNetCDFReader` says what the answers are.
struct NetCDFQuestion {
  var kind: netcdf_question_kind
  var group: Int32
  var variable = NC_GLOBAL
  var name = ""
  /// The elements that a variable has, or that an attribute has at most.
  var count = 0
}

/// What the library says to a question.
struct NetCDFAnswer {
  enum Elements {
    case numbers([Double])
    /// Characters, or texts that end in a zero each.
    case bytes([UInt8])
  }

  var code: Int32
  var type: nc_type
  var number: Int
  var elements: Elements

  /// None where the answer brings no numbers.
  var numbers: [Double] { if case .numbers(let numbers) = elements { numbers } else { [] } }
  /// None where the answer brings numbers.
  var bytes: [UInt8] { if case .bytes(let bytes) = elements { bytes } else { [] } }
  var texts: [String] {
    bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map { String(decoding: $0, as: UTF8.self) }
  }
}

/// A process of its own that has a file open, and answers questions about it: what a damaged file does to HDF5 it does there.
final class NetCDFProcess {
  private let path: String
  private var reader = netcdf_reader()
  private var isRunning = false
  /// What the library said when it opened the file.
  private(set) var openingCode = NC_NOERR
  /// The root group.
  private(set) var root: Int32 = 0

  /// - Parameter name: the path as the library takes it.
  init(reading path: String, as name: String) throws(PosteriorFileError) {
    self.path = path
    let (code, reader) = withNetCDF { () -> (Int32, netcdf_reader) in
      var reader = netcdf_reader()
      return (unsafe netcdf_reader_start(&reader, name), reader)
    }
    guard code == 0 else {
      throw PosteriorFileError(.unreadable, path, "no process can be begun that reads it: \(systemSentence(code))")
    }
    self.reader = reader
    isRunning = true
    var answer = netcdf_answer()
    guard unsafe netcdf_reader_ask(&self.reader, nil, &answer) == 1 else { throw ended("its structure") }
    (openingCode, root) = (answer.code, Int32(truncatingIfNeeded: answer.number))
  }

  deinit { if isRunning { _ = unsafe netcdf_reader_finish(&reader) } }

  /// - Parameter place: what the question is about.
  func ask(_ question: NetCDFQuestion, at place: String) throws(PosteriorFileError) -> NetCDFAnswer {
    guard isRunning else { preconditionFailure("A process that has ended is not asked again.") }
    var answer = netcdf_answer()
    let isAnswered = unsafe question.name.withCString { name in
      var asked = unsafe netcdf_question(
        kind: question.kind, group: question.group, variable: question.variable, count: Int64(question.count),
        name: name)
      return unsafe netcdf_reader_ask(&reader, &asked, &answer) == 1
    }
    guard isAnswered else { throw ended(place) }
    let hasNumbers =
      [netcdf_attribute, netcdf_values].contains(question.kind) && answer.type != NC_CHAR && answer.type != NC_STRING
    let byteCount = Int(answer.byte_count)
    return NetCDFAnswer(
      code: answer.code, type: answer.type, number: Int(answer.number),
      elements: hasNumbers
        ? .numbers(try receive(byteCount / MemoryLayout<Double>.size, filler: 0, place))
        : .bytes(try receive(byteCount, filler: 0, place)))
  }

  private func receive<Element: BitwiseCopyable>(
    _ count: Int, filler: Element, _ place: String
  ) throws(PosteriorFileError) -> [Element] {
    var elements = [Element](repeating: filler, count: count)
    let isWhole = unsafe elements.withUnsafeMutableBytes { bytes in
      unsafe netcdf_reader_receive(&reader, bytes.baseAddress, bytes.count) == 1
    }
    guard isWhole else { throw ended(place) }
    return elements
  }

  /// What is said of a process that ended over its file.
  private func ended(_ place: String) -> PosteriorFileError {
    isRunning = false
    let how =
      switch unsafe netcdf_reader_finish(&reader) {
      case netcdf_reader_ran_out: "took more time or memory than any file may"
      default: "crashed"
      }
    return PosteriorFileError(.unreadable, path, "is damaged: HDF5, the library that reads it, \(how) over \(place)")
  }
}
