import Foundation
import Testing

@testable import PosteriorFiles

@Suite struct FileListTests {
  @Test(arguments: [
    ("fit_*.csv", "fit_1.csv", true), ("fit_*.csv", "fit_.csv", true), ("fit_*.csv", "fit_1.csv.gz", false),
    ("*", ".hidden", false), (".*", ".hidden", true), ("a?c", "abc", true), ("a?c", "ac", false),
    ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false), ("[^a]x", "bx", true), ("[]]x", "]x", true), ("a[b", "a[b", true),
    ("*a*b*c", "xxaxxbxxc", true), ("*a*b*c", "xxaxxbxx", false), ("**", "", true), ("", "", true), ("", "a", false),
    ("*é", "café", true),
  ])
  func `patterns match as a shell's do`(pattern: String, name: String, isMatch: Bool) {
    #expect(GlobPattern(pattern).matches(name) == isMatch)
  }

  @Test func `many stars take no more than the product of the lengths`() {
    let pattern = String(repeating: "a*", count: 200) + "b"
    #expect(!GlobPattern(pattern).matches(String(repeating: "a", count: 5000)))
  }

  @Test func `files stand in the order of their numbers, and a path that is there is no pattern`() throws {
    let folder = try TemporaryFolder()
    for name in ["fit_10.csv", "fit_2.csv", "fit_1.csv", "fit_[1].csv"] { _ = try folder.write(Data(), as: name) }
    #expect(
      try FileList.paths([folder.file("fit_?*.csv")])
        == ["fit_1.csv", "fit_2.csv", "fit_10.csv", "fit_[1].csv"]
        .map(folder.file))
    #expect(try FileList.paths([folder.file("fit_[1].csv")]) == [folder.file("fit_[1].csv")])
    #expect(throws: PosteriorFileError.self) { try FileList.paths([folder.file("none*")]) }
    #expect(throws: PosteriorFileError.self) { try FileList.paths([folder.file("none/*/x")]) }
    #expect(throws: PosteriorFileError.self) { try FileList.paths([]) }
  }
}
