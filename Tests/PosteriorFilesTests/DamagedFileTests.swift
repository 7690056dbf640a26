import CNetCDFReader
import Foundation
import ResponseModel
import TestSupport
import Testing

@testable import PosteriorFiles

/// Files with wrong bytes in them: HDF5 crashes over many. What it does then, it does in a process of its own.
@Suite struct DamagedFileTests {
  private static let panel = PyMCResponseTests.folder.appending(path: "geo_hill_1.nc")

  /// A byte's place, and what stands there.
  typealias Damage = [Int: UInt8]

  /// Those over which HDF5 1.10.8 frees what it never allocated, or reads where nothing is.
  private static let crashes: [Damage] = [
    [41833: 16], [14275: 193], [14246: 1], [42104: 255, 42105: 255], [7533: 1, 13504: 255, 39381: 16, 41298: 128],
    [4376: 255, 4377: 104], [5908: 44, 5909: 255], [5837: 255, 5838: 127, 5839: 142, 5840: 73],
    [3169: 0, 3170: 255, 3171: 255, 3172: 255],
  ]

  /// Some bytes of a file replaced, in one place or in several.
  private static func damages(of count: Int, turns: Int) -> [Damage] {
    var random = Xorshift(seed: 5)
    return (0..<turns).map { turn in
      var damage: Damage = [:]
      for _ in 0..<[1, 1, 4, 32][turn % 4] {
        damage[Int(random.next() % UInt64(count))] = UInt8(truncatingIfNeeded: random.next())
      }
      return damage
    }
  }

  /// The sentence of each that is refused; every sentence is one, and names the file.
  private func refusals(
    _ damages: [Damage], of whole: URL, meridian: MeridianModel? = nil
  ) throws -> [PosteriorFileError] {
    let folder = try TemporaryFolder()
    let bytes = try Data(contentsOf: whole)
    return try damages.compactMap { damage -> PosteriorFileError? in
      var damaged = bytes
      for (place, byte) in damage { damaged[place] = byte }
      let path = try folder.write(damaged, as: "damaged.nc")
      do throws(PosteriorFileError) {
        _ = try PosteriorFile.read(path: path, meridian: meridian)
        return nil
      } catch {
        #expect(error.path == path && !error.message.isEmpty && !error.message.contains("\n"), "\(damage): \(error)")
        return error
      }
    }
  }

  @Test func `a file over which the library crashes is refused in a sentence`() throws {
    let refusals = try refusals(Self.crashes, of: Self.panel)
    // What another version of HDF5 finds in time it says itself.
    #expect(
      refusals.count == Self.crashes.count && refusals.allSatisfy { $0.kind == .unreadable || $0.kind == .invalid })
    for refusal in refusals where refusal.message.contains("crashed") {
      #expect(refusal.message.hasPrefix("is damaged: HDF5, the library that reads it, crashed over "), "\(refusal)")
    }
  }

  /// Some seconds of the processor, as many as an answer may take.
  @Test func `a file over which the library does not come to an end is refused in a sentence`() throws {
    let zeros: Damage = Dictionary(uniqueKeysWithValues: (5211..<5723).map { ($0, 0) })
    let refusal = try #require(try refusals([zeros], of: Self.panel).first)
    // Another version of HDF5 may come to an end.
    #expect(refusal.kind == .unreadable || refusal.kind == .invalid)
    if refusal.message.contains("HDF5, the library") {
      #expect(
        refusal.message.hasPrefix(
          "is damaged: HDF5, the library that reads it, took more time or memory than any file may over "))
    }
  }

  @Test func `damages anywhere are refused, or do no harm`() throws {
    let panel = try Data(contentsOf: Self.panel)
    #expect(try refusals(Self.damages(of: panel.count, turns: 80), of: Self.panel).count > 20)
    let meridian = URL(filePath: MeridianResponseTests.path("by_channel_1", "nc"))
    let damages = Self.damages(of: try Data(contentsOf: meridian).count, turns: 80)
    let model = MeridianResponseTests.model("by_channel", seed: 1)
    #expect(try refusals(damages, of: meridian, meridian: model).count > 20)
  }

  @Test func `a process that ends under way is told from one that was stopped`() throws {
    var readers = [netcdf_reader(), netcdf_reader()]
    for (index, signal) in [SIGSEGV, SIGXCPU].enumerated() {
      withNetCDF { unsafe #expect(netcdf_reader_start(&readers[index], Self.panel.path) == 0) }
      var answer = netcdf_answer()
      unsafe #expect(netcdf_reader_ask(&readers[index], nil, &answer) == 1 && answer.code == 0)
      kill(readers[index].process, signal)
      var question = unsafe netcdf_question()
      unsafe question.kind = netcdf_variable_names
      unsafe question.group = Int32(answer.number)
      // It may have been asked before the signal came.
      while unsafe netcdf_reader_ask(&readers[index], &question, &answer) == 1 {
        var bytes = [UInt8](repeating: 0, count: Int(answer.byte_count))
        unsafe #expect(netcdf_reader_receive(&readers[index], &bytes, bytes.count) == 1)
      }
      #expect(
        unsafe netcdf_reader_finish(&readers[index])
          == (signal == SIGXCPU ? netcdf_reader_ran_out : netcdf_reader_crashed))
    }
  }

  @Test func `a process that reads keeps nothing of its parent's open`() throws {
    let pipe = Pipe()
    let process = try NetCDFProcess(reading: Self.panel.path, as: Self.panel.path)
    try pipe.fileHandleForWriting.close()
    // Were the end for writing open in the process, this would wait for it.
    #expect(pipe.fileHandleForReading.availableData.isEmpty && process.openingCode == 0)
  }

  @Test func `a file that is being written is refused as such`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Data(contentsOf: Self.panel), as: "model.nc")
    let descriptor = unsafe open(path, O_RDONLY)
    defer { close(descriptor) }
    #expect(flock(descriptor, LOCK_EX) == 0)
    #expect(failureToRead(path, "locked") == "is locked: another program is writing it")
  }
}
