/// The positions of `values` in increasing order of value, equal ones in their own order: a radix sort of the numbers' upper bits,
/// eleven at a time, and then of neighbours by all their bits, so that the time grows with the count and nothing faster. No value is
/// not a number.
///
/// The bits of a double, its sign turned round and those of negative ones all of them, are in the order of the doubles. The upper
/// thirty-three tell nearly all numbers of a sample from each other; where they do not, the lower ones are sorted by first.
public func increasingOrder(_ values: Span<Double>) -> [Int] {
  precondition(values.count <= Int(UInt32.max), "Positions are counted in 32 bits.")
  let count = values.count
  var keys = [UInt64](repeating: 0, count: count)
  for index in 0..<count {
    let bits = values[index].bitPattern
    keys[index] = bits ^ (bits >> 63 == 0 ? 1 << 63 : .max)
  }
  var sorted = keys
  var order = (0..<UInt32(count)).map { $0 }
  sort(&sorted, &order, from: upperBits)
  if !settle(&sorted, &order) {
    order = (0..<UInt32(count)).map { $0 }
    sort(&keys, &order, from: 0)
  }
  return order.map { Int($0) }
}

/// Sorts by the bits from `first` up, those with the same ones staying in their order.
private func sort(_ keys: inout [UInt64], _ order: inout [UInt32], from first: Int) {
  let count = keys.count
  var nextKeys = keys
  var nextOrder = order
  for shift in stride(from: first, to: 64, by: radixBits) {
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
}

/// Sorts, by insertion, what is nearly in order; false where that takes too many steps.
private func settle(_ keys: inout [UInt64], _ order: inout [UInt32]) -> Bool {
  var steps = 4 * keys.count
  for index in keys.indices.dropFirst() where keys[index] < keys[index - 1] {
    let (key, position) = (keys[index], order[index])
    var place = index
    while place > 0, keys[place - 1] > key {
      keys[place] = keys[place - 1]
      order[place] = order[place - 1]
      place -= 1
    }
    keys[place] = key
    order[place] = position
    steps -= index - place
    if steps < 0 { return false }
  }
  return true
}

private let radixBits = 11
/// The first of the upper bits: three times eleven.
private let upperBits = 31

@inline(__always)
private func digit(_ key: UInt64, _ shift: Int) -> Int {
  Int(truncatingIfNeeded: key >> UInt64(shift)) & ((1 << radixBits) - 1)
}
