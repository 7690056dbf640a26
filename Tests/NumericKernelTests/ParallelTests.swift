import NumericKernel
import Synchronization
import Testing

/// The number of threads belongs to the process: tests beside these may change it at any time, and none of these looks at it.
@Suite struct ParallelTests {
  @Test(arguments: [1, 2, 3, 8, 64], [0, 1, 2, 7, 1000])
  func `every piece is done once, and results are in order`(threads: Int, count: Int) {
    Parallel.use(threads: threads)
    let calls = Mutex([Int](repeating: 0, count: count))
    let squares = Parallel.map(count) { index in
      calls.withLock { $0[index] += 1 }
      return index * index
    }
    #expect(squares == (0..<count).map { $0 * $0 })
    #expect(calls.withLock { $0 } == [Int](repeating: 1, count: count))
  }

  @Test func `results that own memory are kept whole`() {
    Parallel.use(threads: 8)
    let words = Parallel.map(300) { index in [String](repeating: "number \(index)", count: 3) }
    #expect(words.enumerated().allSatisfy { $1 == [String](repeating: "number \($0)", count: 3) })
  }

  @Test func `calls from within a piece come to the same, however deep`() {
    Parallel.use(threads: 4)
    let sums = Parallel.map(20) { outer in
      Parallel.map(10) { middle in Parallel.map(5) { outer * 100 + middle * 10 + $0 }.reduce(0, +) }.reduce(0, +)
    }
    // Σ over 50 pairs: 50 outer · 100 + 5 · 10 · Σ middle + 10 · Σ inner = 5000 outer + 50 · 45 + 10 · 10.
    #expect(sums == (0..<20).map { 5000 * $0 + 2350 })
  }

  @Test func `a piece within a piece runs on its own thread, in order`() {
    Parallel.use(threads: 4)
    let orders = Parallel.map(8) { _ in
      let order = Mutex<[Int]>([])
      Parallel.perform(100) { index in order.withLock { $0.append(index) } }
      return order.withLock { $0 }
    }
    // Where a test beside this one has set one thread, all is in order anyway.
    #expect(orders.allSatisfy { $0 == Array(0..<100) })
  }
}
