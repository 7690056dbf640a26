import Foundation
import Testing

@testable import ApportionCommand

@Suite struct OutputFilesTests {
  @Test func `files are written with their folders, and replace those that were there`() throws {
    let folder = try TemporaryFolder()
    try folder.write("old.txt", "old")
    try OutputFiles.write([
      OutputFile(folder.path("old.txt"), "new"), OutputFile(folder.path("a/b/c.txt"), "c"),
    ])
    #expect(try folder.text("old.txt") == "new")
    #expect(try folder.text("a/b/c.txt") == "c")
    #expect(try folder.names == ["a", "old.txt"])
  }

  @Test func `when one file cannot be written the others stay as they were, and nothing is left behind`() throws {
    let folder = try TemporaryFolder()
    try folder.write("first.txt", "old")
    try folder.write("blocker", "a file, not a folder")
    #expect {
      try OutputFiles.write([
        OutputFile(folder.path("first.txt"), "new"), OutputFile(folder.path("blocker/second.txt"), "new"),
      ])
    } throws: { error in
      (error as? Failure)?.status == .cannotWrite && (error as? Failure)?.message.contains("second.txt") == true
    }
    #expect(try folder.text("first.txt") == "old")
    #expect(try folder.names == ["blocker", "first.txt"])
  }

  @Test func `a link is followed, not replaced`() throws {
    let folder = try TemporaryFolder()
    try folder.write("real.txt", "old")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link.txt"), withDestinationPath: folder.path("real.txt"))
    try OutputFiles.write([OutputFile(folder.path("link.txt"), "new")])
    #expect(try folder.text("real.txt") == "new")
    #expect(
      try FileManager.default.attributesOfItem(atPath: folder.path("link.txt"))[.type] as? FileAttributeType
        == .typeSymbolicLink)
  }

  @Test func `a device is written to, not replaced`() throws {
    try OutputFiles.write([OutputFile("/dev/null", "gone")])
    #expect(fileType("/dev/null") == .typeCharacterSpecial)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func `a full disk is a failure of output`() {
    #expect { try OutputFiles.write([OutputFile("/dev/full", "x")]) } throws: {
      ($0 as? Failure)?.status == .inputOutput
    }
  }

  @Test func `a folder in the place of a file is seen before any work`() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      at: folder.url.appendingPathComponent("draws.npy"), withIntermediateDirectories: true)
    #expect { try OutputFiles.check([folder.path("draws.npy")]) } throws: {
      ($0 as? Failure)?.status == .cannotWrite
    }
    try OutputFiles.check([folder.path("not/yet/there.json")])
    #expect(try folder.names == ["draws.npy"])
  }

  @Test(.enabled(if: getuid() != 0, "root may write anywhere"))
  func `a folder without permission is seen before any work`() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.url.path)
    #expect { try OutputFiles.check([folder.path("a.json")]) } throws: {
      ($0 as? Failure)?.message.contains("no permission") == true
    }
  }

  @Test func `exit statuses are those of the interface`() {
    let statuses: [(ApportionCommand.ExitStatus, Int32)] = [
      (.limitsMissed, 2), (.infeasible, 3), (.wrongData, 65), (.missingInput, 66), (.internalError, 70),
      (.cannotWrite, 73), (.inputOutput, 74),
    ]
    #expect(statuses.allSatisfy { $0.rawValue == $1 })
  }
}
