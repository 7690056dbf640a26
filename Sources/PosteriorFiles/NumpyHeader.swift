/// What an array of numpy's says of itself: `{'descr': '<f8', 'fortran_order': False, 'shape': (4, 1000, 3), }` behind the magic
/// bytes, in format versions 1 to 3.
///
/// Source: NumPy Enhancement Proposal 1, and `numpy.lib.format`.
struct NumpyHeader: Sendable, Equatable {
  enum Kind: Sendable, Equatable { case float, signed, unsigned }

  var kind: Kind
  /// Bytes of a number.
  var width: Int
  var isBigEndian: Bool
  var isFortranOrder: Bool
  var shape: [Int]
  /// Where the numbers begin.
  var dataStart: Int

  struct Failure: Error, Equatable {
    var isUnsupported = false
    /// Whether it is an array of texts.
    var isOfTexts = false
    var message: String
  }

  /// Bytes that hold any header of plain numbers.
  static let longest = 1 << 16
  /// Numbers of an array: a gibibyte.
  private static let largestCount = 1 << 27
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// - Parameters:
  ///   - head: the first bytes, `longest` of them or all there are.
  ///   - size: of the whole array with its header.
  init(_ head: [UInt8], size: Int) throws(Failure) {
    guard head.starts(with: NumpyHeader.magic), head.count >= 10 else {
      throw Failure(message: "expected numpy's array (npy), found other bytes")
    }
    guard (1...3).contains(head[6]) else {
      throw Failure(isUnsupported: true, message: "expected npy of version 1, 2 or 3, found \(head[6])")
    }
    let bytes = LittleEndianBytes(head)
    let textStart = head[6] == 1 ? 10 : 12
    let length = bytes.number(8, head[6] == 1 ? 2 : 4)
    guard length >= 0, textStart + length <= head.count else {
      throw Failure(message: "expected a header of \(length) bytes, found fewer: it has been cut short")
    }
    dataStart = textStart + length
    var text = PythonDictionary(bytes.text(textStart, length))
    let members = try text.members()
    guard let descr = members["descr"], let order = members["fortran_order"], let shape = members["shape"] else {
      throw Failure(message: "expected a header with descr, fortran_order and shape, found another")
    }
    (kind, width, isBigEndian) = try NumpyHeader.type(descr)
    switch order {
    case .flag(let flag): isFortranOrder = flag
    case .text, .numbers, .other: throw Failure(message: "fortran_order: expected True or False, found another value")
    }
    switch shape {
    case .numbers(let numbers): self.shape = numbers
    case .text, .flag, .other: throw Failure(message: "shape: expected whole numbers, found another value")
    }
    try checkSize(size)
  }

  /// As many bytes as the shape needs, neither more nor fewer.
  private func checkSize(_ size: Int) throws(Failure) {
    // An axis of length 0 leaves nothing, and must not hide the length of another.
    var count = 1
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: max(1, length))
      guard !overflow, product <= NumpyHeader.largestCount else {
        throw Failure(message: "a shape of \(shapeInWords) is more than \(NumpyHeader.largestCount) numbers")
      }
      count = product
    }
    if shape.contains(0) { count = 0 }
    guard count * width == size - dataStart else {
      let found = size - dataStart
      throw Failure(
        message: "a shape of \(shapeInWords) needs \(count * width) bytes, found \(found)"
          + (found < count * width ? ": it has been cut short" : ""))
    }
  }

  private var shapeInWords: String { shape.map { "\($0)" }.joined(separator: " × ") }

  private static func type(_ descr: PythonDictionary.Value) throws(Failure) -> (Kind, Int, Bool) {
    guard case .text(let text) = descr else {
      throw Failure(isUnsupported: true, message: "expected plain numbers, found an array of records")
    }
    let kinds: [Character: (Kind, [Int])] = [
      "f": (.float, [4, 8]), "i": (.signed, [1, 2, 4, 8]), "u": (.unsigned, [1, 2, 4, 8]), "b": (.unsigned, [1]),
    ]
    let hasOrder = text.first.map { "<>|=".contains($0) } ?? false
    let body = hasOrder ? text.dropFirst() : text[...]
    if body.first == "O" {
      throw Failure(
        isUnsupported: true, message: "expected numbers, found Python objects, which may run any program when opened")
    }
    guard let letter = body.first, let (kind, widths) = kinds[letter], let width = Int(body.dropFirst()),
      widths.contains(width)
    else {
      throw Failure(
        isUnsupported: true, isOfTexts: body.first == "U" || body.first == "S",
        message: "expected float32, float64, whole numbers or flags, found the type '\(text.prefix(20))'")
    }
    return (kind, width, text.first == ">")
  }
}

/// The one kind of Python's dictionaries that stands in npy headers: texts, flags and tuples of whole numbers by name.
struct PythonDictionary {
  enum Value: Equatable {
    case text(String)
    case flag(Bool)
    case numbers([Int])
    /// Brackets, of which nothing is known here.
    case other
  }

  private let letters: [Unicode.Scalar]
  private var next = 0

  init(_ text: String) { letters = Array(text.unicodeScalars) }

  private static let wrong = NumpyHeader.Failure(message: "expected a header as numpy writes it, found another text")

  /// The values by name.
  mutating func members() throws(NumpyHeader.Failure) -> [String: Value] {
    var members: [String: Value] = [:]
    try take("{")
    while try peek() != "}" {
      let key = try quoted()
      try take(":")
      guard members.updateValue(try value(), forKey: key) == nil else { throw PythonDictionary.wrong }
      if try peek() == "," { next += 1 } else { break }
    }
    try take("}")
    return members
  }

  private mutating func value() throws(NumpyHeader.Failure) -> Value {
    switch try peek() {
    case "'", "\"": return .text(try quoted())
    case "(": return .numbers(try tuple())
    case "T":
      try word("True")
      return .flag(true)
    case "F":
      try word("False")
      return .flag(false)
    case "[":
      try skipBrackets()
      return .other
    default: throw PythonDictionary.wrong
    }
  }

  private mutating func tuple() throws(NumpyHeader.Failure) -> [Int] {
    try take("(")
    var numbers: [Int] = []
    while try peek() != ")" {
      var digits = ""
      while next < letters.count, ("0"..."9").contains(letters[next]) {
        digits.unicodeScalars.append(letters[next])
        next += 1
      }
      guard let number = Int(digits), numbers.count < 64 else { throw PythonDictionary.wrong }
      numbers.append(number)
      // Python 2 marks long numbers.
      if try peek() == "L" { next += 1 }
      if try peek() == "," { next += 1 } else { break }
    }
    try take(")")
    return numbers
  }

  private mutating func skipBrackets() throws(NumpyHeader.Failure) {
    var depth = 0
    repeat {
      let letter = try peek()
      if letter == "'" || letter == "\"" {
        _ = try quoted()
        continue
      }
      if "[(".unicodeScalars.contains(letter) { depth += 1 }
      if "])".unicodeScalars.contains(letter) { depth -= 1 }
      next += 1
    } while depth > 0
  }

  private mutating func quoted() throws(NumpyHeader.Failure) -> String {
    let quote = try peek()
    guard quote == "'" || quote == "\"" else { throw PythonDictionary.wrong }
    next += 1
    var text = ""
    while next < letters.count, letters[next] != quote {
      text.unicodeScalars.append(letters[next])
      next += 1
    }
    try take(quote)
    return text
  }

  private mutating func word(_ word: String) throws(NumpyHeader.Failure) {
    for letter in word.unicodeScalars {
      guard next < letters.count, letters[next] == letter else { throw PythonDictionary.wrong }
      next += 1
    }
  }

  /// The next letter that is no blank.
  private mutating func peek() throws(NumpyHeader.Failure) -> Unicode.Scalar {
    while next < letters.count, " \t\n".unicodeScalars.contains(letters[next]) { next += 1 }
    guard next < letters.count else { throw PythonDictionary.wrong }
    return letters[next]
  }

  private mutating func take(_ letter: Unicode.Scalar) throws(NumpyHeader.Failure) {
    guard try peek() == letter else { throw PythonDictionary.wrong }
    next += 1
  }
}
