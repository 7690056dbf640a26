import NumericKernel
import Testing

@Suite struct ProcessCostTests {
  @Test func `a process has held what it has filled, and was at work meanwhile`() {
    let before = ProcessCost()
    let count = 4 << 20
    // Written, for memory that nothing stands in takes none.
    let numbers = (0..<count).map { Double($0) }
    let sum = numbers.reduce(0, +)
    let after = ProcessCost()
    // Exact: every partial sum is a whole number below 2⁵³.
    #expect(sum == Double(count) * Double(count - 1) / 2)
    #expect(after.peakMemory >= count * MemoryLayout<Double>.stride)
    // More than all memory of a machine would be another unit.
    #expect(after.peakMemory < 1 << 44)
    #expect(after.processorTime > before.processorTime && after.processorTime < .seconds(1 << 20))
  }
}
