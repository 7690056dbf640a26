/// The positions of `values` in increasing order of value, equal ones in their own order: a radix sort of the numbers' bits,
/// eleven at a time, so that the time grows with the count and nothing faster. No value is not a number.
///
/// The bits of a double, its sign turned round and those of negative ones all of them, are in the order of the doubles.
public func increasingOrder(_ values: Span<Double>) -> [Int] {
  precondition(values.count <= Int(UInt32.max), "Positions are counted in 32 bits.")
  let count = values.count
  var keys = [UInt64](repeating: 0, count: count)
  for index in 0..<count {
    let bits = values[index].bitPattern
    keys[index] = bits ^ (bits >> 63 == 0 ? 1 << 63 : .max)
  }
  var order = (0..<UInt32(count)).map { $0 }
  var nextKeys = keys
  var nextOrder = order
  for shift in stride(from: 0, to: 64, by: radixBits) {
    var starts = [Int](repeating: 0, count: 1 << radixBits)
    for key in keys { starts[digit(key, shift)] += 1 }
    // All alike there: nothing to sort.
    if let first = keys.first, starts[digit(first, shift)] == count { continue }
    var start = 0
    for digit in starts.indices {
      let length = starts[digit]
      starts[digit] = start
      start += length
    }
    for index in 0..<count {
      let key = keys[index]
      let place = starts[digit(key, shift)]
      starts[digit(key, shift)] = place + 1
      nextKeys[place] = key
      nextOrder[place] = order[index]
    }
    swap(&keys, &nextKeys)
    swap(&order, &nextOrder)
  }
  return order.map { Int($0) }
}

private let radixBits = 11

@inline(__always)
private func digit(_ key: UInt64, _ shift: Int) -> Int {
  Int(truncatingIfNeeded: key >> UInt64(shift)) & ((1 << radixBits) - 1)
}
