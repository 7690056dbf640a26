import Foundation

/// Which files inputs were when they were about to be read, so that an answer is not told of others that took their place.
struct InputStamps {
  private struct Stamp: Equatable {
    var number: Int?
    var size: Int?
    var changed: Date?
  }

  private var stamps: [(path: String, stamp: Stamp)] = []

  /// To be taken before the files are read; what is no plain file, such as a pipe, is passed over.
  mutating func take(_ paths: [String]) {
    for path in paths { if let stamp = Self.stamp(path) { stamps.append((path, stamp)) } }
  }

  /// - Throws: where one of them is another file now, or has changed.
  func check() throws(Failure) {
    for (path, stamp) in stamps where Self.stamp(path) != stamp {
      throw Failure(.inputOutput, "error: \(path) changed while it was read: nothing was written; run again")
    }
  }

  private static func stamp(_ path: String) -> Stamp? {
    guard fileType(path) == .typeRegular else { return nil }
    do {
      let attributes = try FileManager.default.attributesOfItem(
        atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
      return Stamp(
        number: attributes[.systemFileNumber] as? Int, size: attributes[.size] as? Int,
        changed: attributes[.modificationDate] as? Date)
    } catch {
      return nil
    }
  }
}
