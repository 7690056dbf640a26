import Planning
import Tables
import Testing

@testable import Reporting

@Suite struct ReportTablesTests {
  @Test func `allocation csv, byte for byte`() {
    let expected = #"""
      channel,total,per_period,current,change,change_pct,marginal_roi,roi,binding
      tv,500000.0,250000.0,400000.0,100000.0,25.0,0.9012,1.21,tier
      "paid, ""search""",300000.0,150000.0,250000.0,50000.0,20.0,0.7423,2.5,
      społeczność 日本,200000.0,100000.0,0.0,200000.0,,0.7423,0.084,
      radio,0.0,0.0,,,,-0.0123,,lower

      """#
    var recommendation = MadeUp.recommendation
    recommendation.cells[0].current = 400_000
    recommendation.cells[0].binding = .tier
    recommendation.cells[3].current = nil
    #expect(recommendation.allocationTable.csv == expected)
  }

  @Test func `calendar csv, byte for byte`() {
    var recommendation = MadeUp.recommendation
    recommendation.dims = ["channel", "geo"]
    recommendation.modelDims = recommendation.dims
    recommendation.cells = [
      MadeUp.cell(["tv", "north"], [1, 2], current: nil, nil, marginalROI: 1, roi: nil),
      MadeUp.cell(["tv", "south"], [3, 4.5], current: nil, nil, marginalROI: 1, roi: nil),
    ]
    let expected = #"""
      period,start,channel,geo,spend,units
      1,2024-07-01,tv,north,1.0,0.5
      1,2024-07-01,tv,south,3.0,1.5
      2,2024-07-08,tv,north,2.0,1.0
      2,2024-07-08,tv,south,4.5,2.25

      """#
    #expect(recommendation.calendarTable.csv == expected)
    recommendation.periodStarts = []
    #expect(recommendation.calendarTable.csv.contains("\n1,,tv,north,1.0,0.5\n"))
  }

  @Test func `npy: magic, version, header of a whole number of 64 bytes, then little-endian doubles`() {
    let bytes = DrawsFile.npy([1, -2.5])
    // 0x93 NUMPY, version 1.0, and 118 = 0x76: 10 bytes before the header and 118 of it make 128.
    #expect(Array(bytes.prefix(10)) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 0x76, 0])
    let header = String(decoding: bytes[10..<128], as: UTF8.self)
    #expect(header.hasPrefix("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), } "))
    #expect(header.hasSuffix(" \n"))
    // 1.0 is 0x3FF0000000000000 and -2.5 is 0xC004000000000000, the little end first.
    #expect(Array(bytes[128...]) == [0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0x04, 0xC0])
  }

  @Test(arguments: [0, 9, 10, 4000, 100_000, 1_000_000_000])
  func `npy data start at a multiple of 64 whatever the number of draws`(count: Int) {
    let header = DrawsFile.npyHeader(drawCount: count)
    #expect(header.count % 64 == 0)
    #expect(header.last == 0x0A)
  }

  @Test func `draws as csv read back as the same numbers`() {
    #expect(DrawsFile.csv([0.1, 1.0 / 3, 1e22]) == "outcome\n0.1\n0.3333333333333333\n1e+22\n")
  }
}
