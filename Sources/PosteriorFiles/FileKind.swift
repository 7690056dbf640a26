import Foundation

/// What a posterior file is, by its first bytes and, where these say too little, its name.
enum FileKind: Equatable {
  /// NetCDF-4, of PyMC-Marketing or not: the reader tells.
  case netCDF
  case numpyArray
  /// An archive of numpy's arrays.
  case numpyArchive
  case cmdStan
  /// A table of draws, wide or long.
  case drawTable
  /// A table that does not say what is in it.
  case table
  /// One that is not read, and how to make one of it that is.
  case foreign(ForeignFormat)
  case unknown

  /// - Throws: for a file that is missing or cannot be opened.
  init(_ path: String) throws(PosteriorFileError) {
    // An address: the reader of NetCDF says that it is none of a file.
    if path.contains("://") {
      self = .unknown
      return
    }
    if let foreign = ForeignFormat(directory: path) {
      self = .foreign(foreign)
      return
    }
    let file = try InputFile(path: path)
    let head = try file.read(upTo: min(1 << 16, file.byteCount))
    let name = path.lowercased()
    if head.starts(with: [0x89, 0x48, 0x44, 0x46]) {
      self = .netCDF
    } else if head.starts(with: [0x93] + Array("NUMPY".utf8)) {
      self = .numpyArray
    } else if let foreign = ForeignFormat(head: head, name: name) {
      self = .foreign(foreign)
    } else if head.starts(with: Array("PK".utf8)) {
      self = .numpyArchive
    } else if head.first == UInt8(ascii: "#") {
      self = .cmdStan
    } else {
      self = FileKind.table(header: head, isNamedCSV: name.hasSuffix(".csv"))
    }
  }

  /// A table by the names of its columns: of CmdStan without its comments, of draws, or of something else.
  private static func table(header head: [UInt8], isNamedCSV: Bool) -> FileKind {
    let line = String(decoding: head.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
    let names = line.split(separator: ",").map { $0.filter { $0 != "\"" && $0 != "\u{FEFF}" }.trimmingSpaces }
    let columns = Set(names)
    if !columns.isDisjoint(with: WideDraws.ownNames) || columns.isSuperset(of: ["variable", "value"])
      || names.contains(where: { $0.hasSuffix("]") && $0.contains("[") })
    {
      return isNamedCSV ? .drawTable : .unknown
    }
    if names.first == "lp__" { return .cmdStan }
    guard isNamedCSV else { return .unknown }
    let isOfStan = names.contains { $0.hasSuffix("__") || $0.firstMatch(of: /^[^.\s]+(\.[1-9]\d*)+$/) != nil }
    return isOfStan && !line.contains("\"") ? .cmdStan : .table
  }

  /// In a sentence.
  var inWords: String {
    switch self {
    case .netCDF: "a NetCDF file"
    case .numpyArray: "an array of numpy's (npy)"
    case .numpyArchive: "an archive of numpy's arrays (npz)"
    case .cmdStan: "a file of CmdStan"
    case .drawTable: "a table of draws"
    case .table: "a table"
    case .foreign, .unknown: "a file of another kind"
    }
  }
}
