import CNetCDF
import Foundation
import ResponseModel
import Testing

@testable import PosteriorFiles

/// Malformed twins of a posterior that ArviZ writes, read by a mapping: each is refused with its place.
@Suite struct WrongGenericFileTests {
  private static let model = ModelMapping(
    saturation: .all(ModelMapping.Curve(Hill.self, [.variable("beta"), .variable("kappa"), .variable("slope")])),
    carryover: .all(ModelMapping.Lags(Geometric.self, [.variable("alpha")], window: .lags(4))))

  /// Two chains of three draws, two channels.
  private static var valid: NetCDFContent {
    func draws(_ value: Double) -> NetCDFContent.Variable {
      .init(dims: ["chain", "draw", "channel"], values: .numbers((0..<12).map { value + Double($0) / 100 }))
    }
    return NetCDFContent(groups: [
      "posterior": .init(
        dims: ["chain": 2, "draw": 3, "channel": 2, "date": 4],
        variables: [
          "channel": .init(dims: ["channel"], values: .texts(["tv", "radio"])),
          "beta": draws(2), "kappa": draws(1), "alpha": draws(0.5),
          "slope": .init(dims: ["chain", "draw"], values: .numbers([1, 1.5, 2, 1, 1.5, 2])),
        ])
    ])
  }

  private func failure(_ change: (inout NetCDFContent) -> Void) throws -> String? {
    var content = Self.valid
    change(&content)
    let folder = try TemporaryFolder()
    let path = folder.file("draws.nc")
    content.write(to: path)
    return DrawFile.failure([path], model: Self.model)?.message
  }

  @Test func `the file is right before it is wronged`() throws {
    #expect(try failure { _ in } == nil)
  }

  @Test func `a group or a dim that is not there is named`() throws {
    #expect(
      try failure {
        $0.groups["sample"] = $0.groups["posterior"]
        $0.groups["posterior"] = nil
      } == "expected a group posterior, or a root, with the dimension draw, found none")
    #expect(
      try failure {
        $0.groups["posterior"]?.dims["sample"] = 3
        $0.groups["posterior"]?.dims["draw"] = nil
        for name in ["beta", "kappa", "alpha", "slope"] { $0["posterior/\(name)"] = nil }
      } == "expected a group posterior, or a root, with the dimension draw, found none")
  }

  @Test func `a variable that is absent, of texts, or along dates is told with its key`() throws {
    let none = "posterior.model.saturation.hill.kappa: no variable kappa, expected one of "
    #expect(try failure { $0["posterior/kappa"] = nil }?.hasPrefix(none) ?? false)
    let texts = try failure {
      $0["posterior/kappa"] = .init(dims: ["chain", "draw", "channel"], values: .texts((0..<12).map { "text \($0)" }))
    }
    #expect(texts?.hasPrefix(none) ?? false)
    #expect(
      try failure {
        $0["posterior/kappa"] = .init(
          dims: ["chain", "draw", "date"], values: .numbers([Double](repeating: 1, count: 24)))
      }
        == "posterior.model.saturation.hill.kappa: expected kappa along channel for tv, radio, found 4 elements without names"
    )
    #expect(
      try failure {
        $0["posterior/kappa"] = .init(
          dims: ["chain", "draw", "channel", "date"], values: .numbers([Double](repeating: 1, count: 48)))
      } == "posterior.model.saturation.hill.kappa: kappa has the dims channel × date, expected dims among channel (2)")
  }

  @Test func `labels are wanted once each`() throws {
    #expect(
      try failure { $0["posterior/channel"] = .init(dims: ["channel"], values: .texts(["tv", "tv"])) }
        == "posterior/channel: expected each label once, found tv twice")
    #expect(
      try failure { $0["posterior/channel"] = .init(dims: ["channel"], values: .numbers([1, 2])) }?.hasPrefix(
        "beta has 2 elements without names, expected posterior.model.channels") ?? false)
  }

  @Test func `a draw that no parameter may be is named`() throws {
    for value in [Double.nan, .infinity, -1] {
      let message = try failure {
        var numbers = [Double](repeating: 0.5, count: 12)
        numbers[7] = value
        $0["posterior/kappa"]?.values = .numbers(numbers)
      }
      #expect(
        message?.hasPrefix(
          "kappa[radio] as posterior.model.saturation.hill.kappa: expected a positive number, found \(value)") ?? false,
        "\(message ?? "read")")
      #expect(message?.contains("chain 1, draw 0 (counted from 0)") ?? false, "\(message ?? "read")")
    }
  }

  @Test func `values never written, and no draws, are no posterior`() throws {
    #expect(try failure { $0["posterior/slope"]?.values = .none } != nil)
    let none = try failure {
      $0.groups["posterior"]?.dims["draw"] = 0
      for name in ["beta", "kappa", "alpha", "slope"] { $0["posterior/\(name)"]?.values = .none }
    }
    #expect(none == "posterior: expected draws, found 2 chains of 0 draws", "\(none ?? "read")")
  }

  @Test func `a shape that no file can hold is refused before anything is allocated`() throws {
    for dim in ["chain", "draw", "channel", "date"] {
      for length in [1 << 30, 1 << 40] {
        let message = try failure {
          $0.groups["posterior"]?.dims[dim] = length
          $0["posterior/kappa"]?.dims = ["chain", "draw", "channel", "date"]
          for name in ["beta", "kappa", "alpha", "slope", "channel"]
          where name == "kappa" || $0["posterior/\(name)"]?.dims.contains(dim) ?? false {
            $0["posterior/\(name)"]?.values = .none
          }
        }
        #expect(message != nil && message?.contains("\n") == false, "\(dim) \(length)")
      }
    }
  }

  @Test func `a table or an export of a terabyte is refused unread`() throws {
    let folder = try TemporaryFolder()
    for (name, head, words) in [
      ("draws.csv", "draw,variable,value\n", "expected lines of at most 134217728 bytes, found a longer one"),
      ("RobynModel-1.json", "{", "bytes, found 1099511627776"),
    ] {
      let path = try folder.write(Data(head.utf8), as: name)
      let file = try FileHandle(forUpdating: URL(filePath: path))
      try file.truncate(atOffset: 1 << 40)
      try file.close()
      let message = DrawFile.failure([path], model: name == "draws.csv" ? Self.model : nil)?.message
      #expect(message?.contains(words) ?? false, "\(message ?? "read")")
    }
  }
}
