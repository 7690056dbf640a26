import CNetCDF
import Foundation
import NumericKernel
import ResponseModel
import Testing

@testable import PosteriorFiles

/// Twins of valid files, each wrong in one way: every one is refused in one sentence, or is no worse for it.
@Suite struct MalformedTwinTests {
  struct Twin {
    var name: String
    var content: NetCDFContent
  }

  /// The group's dims with which a variable may be laid out wrongly.
  private static let groups = [
    "posterior": ["chain", "draw", "channel", "geo", "date"], "constant_data": ["date", "geo", "channel", "chain"],
    "sample_stats": ["chain", "draw"],
  ]

  /// The panel, with dims in each group that its variables do not have.
  private static var valid: NetCDFContent {
    var content = SmallModel.panel
    content.groups["posterior"]?.dims["date"] = 4
    content.groups["constant_data"]?.dims["chain"] = 2
    return content
  }

  private static func length(_ dim: String) -> Int {
    ["chain": SmallModel.chainCount, "draw": SmallModel.drawsPerChain, "channel": 3, "geo": 2, "date": 4][dim]!
  }

  /// Ones along some dims, which are a number that every parameter, scale and observation may be.
  private static func ones(along dims: [String]) -> NetCDFContent.Variable {
    .init(dims: dims, values: .numbers([Double](repeating: 1, count: dims.reduce(1) { $0 * length($1) })))
  }

  private static func twins(of place: String, in content: NetCDFContent) -> [Twin] {
    let variable = content[place]!
    let count = variable.dims.reduce(1) { $0 * length($1) }
    var twins: [Twin] = []
    func add(_ name: String, _ change: (inout NetCDFContent) -> Void) {
      var twin = content
      change(&twin)
      twins.append(Twin(name: "\(place) \(name)", content: twin))
    }
    add("absent") { $0[place] = nil }
    add("never written") { $0[place]?.values = .none }
    add("of texts") { $0[place]?.values = .texts((0..<count).map { "text \($0)" }) }
    add("of characters") { $0[place]?.values = .characters((0..<count).map { "\($0)" }, width: 3) }
    for value in [Double.nan, .infinity, -.infinity, 0, -1, 1e300, 0.5] {
      add("of \(value)") {
        $0[place] = .init(
          dims: variable.dims, values: .numbers([Double](repeating: value, count: count)), texts: variable.texts)
      }
    }
    for type in [NC_BYTE, NC_UINT64, NC_FLOAT] {
      add("of type \(type)") {
        $0[place] = .init(
          dims: variable.dims, values: .numbers((0..<count).map { Double($0 % 100) }), type: type, texts: variable.texts
        )
      }
    }
    for dim in groups[place.components(separatedBy: "/")[0]]! {
      add("along \(dim) alone") { $0[place] = ones(along: [dim]) }
      add("along \(dim) too") { $0[place] = ones(along: variable.dims + [dim]) }
      add("without \(dim)") { $0[place] = ones(along: variable.dims.filter { $0 != dim }) }
    }
    add("without dims") { $0[place] = ones(along: []) }
    add("backwards") { $0[place] = ones(along: variable.dims.reversed()) }
    for (attribute, number) in [("scale_factor", Double.nan), ("scale_factor", 0), ("add_offset", .infinity)] {
      add("with \(attribute) \(number)") { $0[place]?.numbers[attribute] = number }
    }
    return twins
  }

  /// What becomes of a twin: refused in one sentence, or read into numbers that a cell may have.
  private func isRefused(_ twin: Twin, in folder: TemporaryFolder) -> Bool {
    twin.content.write(to: folder.file("twin.nc"))
    return isRefused(folder.file("twin.nc"), twin.name)
  }

  private func isRefused(_ path: String, _ name: String) -> Bool { failureToRead(path, name) != nil }

  /// Wrong in one way, and no worse for it: what is not read, what is right along other dims, and numbers that may be.
  private static let accepted = [
    "posterior/saturation_beta": [
      "of 0.0", "of -1.0", "of 1e+300", "of 0.5", "of type 1", "of type 11", "of type 5", "without channel",
      "without geo",
      "without date", "backwards", "with scale_factor 0.0",
    ],
    "posterior/saturation_lam": [
      "of 0.0", "of 1e+300", "of 0.5", "of type 1", "of type 11", "of type 5", "without channel", "along geo too",
      "without geo", "without date", "backwards", "with scale_factor 0.0",
    ],
    "posterior/adstock_alpha": [
      "of 0.0", "of 0.5", "along channel too", "without channel", "without geo", "without date", "backwards",
      "with scale_factor 0.0",
    ],
    "posterior/channel": ["with scale_factor nan", "with scale_factor 0.0", "with add_offset inf"],
    "posterior/geo": ["with scale_factor nan", "with scale_factor 0.0", "with add_offset inf"],
    "constant_data/channel": ["with scale_factor nan", "with scale_factor 0.0", "with add_offset inf"],
    "constant_data/geo": ["with scale_factor nan", "with scale_factor 0.0", "with add_offset inf"],
    "constant_data/date": ["of type 1", "of type 11", "of type 5"],
    "constant_data/channel_data": [
      "absent", "never written", "of nan", "of 0.0", "of 1e+300", "of 0.5", "of type 1", "of type 11", "of type 5",
      "without chain", "backwards", "with scale_factor nan", "with scale_factor 0.0",
    ],
    "constant_data/channel_scale": [
      "of 1e+300", "of 0.5", "of type 1", "of type 11", "of type 5", "without date", "along geo alone", "without geo",
      "along channel alone", "without channel",
      "without chain", "without dims", "backwards",
    ],
    "constant_data/target_scale": [
      "of 1e+300", "of 0.5", "of type 1", "of type 11", "of type 5", "without date", "along geo alone", "without geo",
      "without channel", "without chain",
      "without dims", "backwards",
    ],
  ]

  @Test(arguments: accepted.keys.sorted())
  func `A variable that is wrong in one way is refused, or no worse for it`(place: String) throws {
    let folder = try TemporaryFolder()
    let accepted = Self.twins(of: place, in: Self.valid).filter { !isRefused($0, in: folder) }
    #expect(accepted.map { String($0.name.dropFirst(place.count + 1)) } == Self.accepted[place])
  }

  @Test func `An attribute that is not what the library writes is refused`() throws {
    let folder = try TemporaryFolder()
    let needed = ["adstock", "saturation", "channel_columns", "dims", "adstock_first", "__serialization_version__"]
    let texts = [
      "", "nul", "null", "{}", "[[]]", "NaN", "\"x\"", "{\"__type__\": \"x\"}", "[\"tv\", \"search\", \"radio\", 4]",
      "[",
      String(repeating: "[", count: 100_000), String(repeating: "a", count: 1 << 20), "\u{0}", "\u{7}",
    ]
    for attribute in needed {
      for text in texts {
        var content = Self.valid
        content.attributes[attribute] = text
        #expect(isRefused(Twin(name: "\(attribute) \(text.prefix(30))", content: content), in: folder))
      }
    }
  }

  @Test func `A shape that no file can hold is refused before anything is allocated`() throws {
    let folder = try TemporaryFolder()
    for (group, dim) in [
      ("posterior", "chain"), ("posterior", "draw"), ("posterior", "geo"), ("constant_data", "geo"),
      ("constant_data", "date"), ("constant_data", "channel"),
    ] {
      for length in [1 << 30, 1 << 40] {
        var content = Self.valid
        content.groups[group]?.dims[dim] = length
        for (name, variable) in content.groups[group]!.variables where variable.dims.contains(dim) {
          content["\(group)/\(name)"]?.values = .none
        }
        #expect(isRefused(Twin(name: "\(group) of \(length) \(dim)", content: content), in: folder))
      }
    }
  }

  @Test func `A library's file cut short at any hundredth is refused`() throws {
    let folder = try TemporaryFolder()
    let whole = try Data(contentsOf: PyMCResponseTests.folder.appending(path: "geo_hill_1.nc"))
    for hundredth in 0..<100 {
      let path = try folder.write(whole.prefix(whole.count * hundredth / 100), as: "cut.nc")
      #expect(isRefused(path, "\(hundredth) %"))
    }
  }
}
