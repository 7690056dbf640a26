import NumericKernel
import Testing

@Suite struct RandomSourceTests {
  /// From seed 0 the generator's first two words are 0xe220a8397b1dcdaf and 0x6e789e6aa1b965f4, by the authors' own program.
  @Test func `numbers are those of SplitMix64`() {
    var random = RandomSource(seed: 0)
    #expect(random.uniform() == (Double(0xe220_a839_7b1d_c as UInt64) + 0.5) * 0x1p-52)
    #expect(random.uniform() == (Double(0x6e78_9e6a_a1b9_6 as UInt64) + 0.5) * 0x1p-52)
  }

  @Test func `normal numbers have mean 0 and deviation 1, and indices are all met`() {
    var random = RandomSource(seed: 7)
    let normal = (0..<20_000).map { _ in random.normal() }
    // The mean of so many is off by 0.007, their variance by 0.01.
    #expect(abs(mean(normal.span)) < 0.03)
    #expect(abs(variance(normal.span) - 1) < 0.04)
    #expect(Set((0..<100).map { _ in random.index(below: 5) }) == [0, 1, 2, 3, 4])
  }
}
