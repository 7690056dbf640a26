import Foundation
import Synchronization

/// What letters the installed fonts have, as fontconfig says it.
enum Fonts {
  /// By letter, once asked.
  private static let known = Mutex<[Unicode.Scalar: Bool]>([:])

  /// Letters of a text that no installed font has; none where fontconfig is not there to be asked.
  static func uncovered(_ text: String) -> Set<Unicode.Scalar> {
    known.withLock { known in
      Set(text.unicodeScalars.filter { !isCommon($0) }).filter { letter in
        if let isThere = known[letter] { return !isThere }
        let isThere = isInstalled(letter) ?? true
        known[letter] = isThere
        return !isThere
      }
    }
  }

  /// Latin, Greek, Cyrillic, punctuation and the marks of legends, which every font of a system has.
  private static func isCommon(_ letter: Unicode.Scalar) -> Bool {
    letter.value < 0x0530 || (0x2010...0x2027).contains(letter.value)
      || ["−", "●", "■", "▬", "□", "…"].contains(letter)
  }

  /// Nil where nobody can say.
  private static func isInstalled(_ letter: Unicode.Scalar) -> Bool? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["fc-list", "--quiet", ":charset=\(String(letter.value, radix: 16))"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    do {
      switch try process.runs(until: .now + .seconds(5)) {
      case .status(0): return true
      case .status(1): return false
      case .status, .signal, .deadline: return nil
      }
    } catch {
      return nil
    }
  }
}
