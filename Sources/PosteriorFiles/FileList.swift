import Foundation

/// The files that a plan names: paths, and patterns with `*`, `?` and `[…]` as a shell has them.
enum FileList {
  /// Each path in the order given, each pattern's files in the order of their names, numbers in them by their value.
  ///
  /// A path to something that is there is no pattern, whatever its letters.
  static func paths(_ written: [String]) throws(PosteriorFileError) -> [String] {
    var paths: [String] = []
    for path in written {
      guard path.contains(where: { "*?[".contains($0) }), !FileManager.default.fileExists(atPath: path) else {
        paths.append(path)
        continue
      }
      let matches = matches(of: path)
      guard !matches.isEmpty else {
        throw PosteriorFileError(.missing, path, "no such file: expected files of this pattern, found none")
      }
      paths += matches
    }
    guard !paths.isEmpty else {
      throw PosteriorFileError(.missing, "", "expected a file, found none named")
    }
    return paths
  }

  private static func matches(of pattern: String) -> [String] {
    var found = [pattern.hasPrefix("/") ? "/" : ""]
    for part in pattern.split(separator: "/") {
      let glob = GlobPattern(String(part))
      found = found.flatMap { folder -> [String] in
        guard glob.hasWildcards else { return [joined(folder, String(part))] }
        var names: [String] = []
        do {
          names = try FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)
        } catch {
          // What is no folder holds no files of the pattern.
        }
        return names.filter { glob.matches($0) }.sorted(by: isBefore).map { joined(folder, $0) }
      }
    }
    return found.filter { FileManager.default.fileExists(atPath: $0) }
  }

  private static func joined(_ folder: String, _ name: String) -> String {
    folder.isEmpty || folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// `output_2.csv` before `output_10.csv`; names that differ in leading zeros only by their bytes.
  private static func isBefore(_ a: String, _ b: String) -> Bool {
    switch a.compare(b, options: [.numeric, .literal]) {
    case .orderedAscending: true
    case .orderedDescending: false
    case .orderedSame: a < b
    }
  }
}

/// One part of a path as a shell's pattern. A leading dot is matched by a dot only.
struct GlobPattern {
  private enum Piece {
    case any
    case one
    case letter(Character)
    case set([ClosedRange<Character>], isExcluded: Bool)
  }

  private var pieces: [Piece] = []

  init(_ text: String) {
    var rest = text[...]
    while let letter = rest.popFirst() {
      switch letter {
      case "*": pieces.append(.any)
      case "?": pieces.append(.one)
      case "[":
        if let (set, after) = GlobPattern.set(rest) {
          pieces.append(set)
          rest = after
        } else {
          pieces.append(.letter(letter))
        }
      default: pieces.append(.letter(letter))
      }
    }
  }

  var hasWildcards: Bool {
    pieces.contains { piece in
      if case .letter = piece { false } else { true }
    }
  }

  /// What follows a `[`, up to its `]`, which may stand first as itself; nil without one.
  private static func set(_ text: Substring) -> (Piece, Substring)? {
    var rest = text
    var ranges: [ClosedRange<Character>] = []
    let isExcluded = rest.first == "!" || rest.first == "^"
    if isExcluded { rest.removeFirst() }
    var isFirst = true
    while let letter = rest.popFirst() {
      if letter == "]", !isFirst { return (.set(ranges, isExcluded: isExcluded), rest) }
      isFirst = false
      if rest.first == "-", let last = rest.dropFirst().first, last != "]", letter <= last {
        ranges.append(letter...last)
        rest = rest.dropFirst(2)
      } else {
        ranges.append(letter...letter)
      }
    }
    return nil
  }

  /// Goes back to the last star only, so that the time is at most the product of the lengths.
  func matches(_ name: String) -> Bool {
    let letters = Array(name)
    if letters.first == ".", case .letter(".")? = pieces.first {} else if letters.first == "." { return false }
    var (piece, letter) = (0, 0)
    var star: (piece: Int, letter: Int)?
    while letter < letters.count {
      if piece < pieces.count, case .any = pieces[piece] {
        star = (piece, letter)
        piece += 1
      } else if piece < pieces.count, matches(letters[letter], pieces[piece]) {
        piece += 1
        letter += 1
      } else if let last = star {
        star = (last.piece, last.letter + 1)
        (piece, letter) = (last.piece + 1, last.letter + 1)
      } else {
        return false
      }
    }
    return pieces[piece...].allSatisfy { piece in
      if case .any = piece { true } else { false }
    }
  }

  private func matches(_ letter: Character, _ piece: Piece) -> Bool {
    switch piece {
    case .any: false
    case .one: true
    case .letter(let expected): letter == expected
    case .set(let ranges, let isExcluded): ranges.contains { $0.contains(letter) } != isExcluded
    }
  }
}
