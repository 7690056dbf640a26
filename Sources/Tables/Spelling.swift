/// The candidate that a misspelt word most likely stands for: the nearest, where at most a third of its letters are wrong.
/// Case and the difference between a dash and an underscore do not count. Of equally near ones the first; nil where none is near.
public func nearest(to word: String, in candidates: [String]) -> String? {
  let letters = normalised(word)
  var best: (candidate: String, distance: Int)?
  for candidate in candidates {
    let other = normalised(candidate)
    let limit = max(1, max(letters.count, other.count) / 3)
    guard abs(letters.count - other.count) <= limit else { continue }
    let distance = editDistance(letters, other)
    if distance <= limit, distance < min(letters.count, other.count), distance < best?.distance ?? .max {
      best = (candidate, distance)
    }
  }
  return best?.candidate
}

private func normalised(_ word: String) -> [Character] {
  Array(word.prefix(100).lowercased().replacing("-", with: "_"))
}

/// Insertions, deletions, replacements and exchanges of neighbours that turn one word into the other, no letter being
/// touched twice (the optimal string alignment distance).
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in 0..<a.count {
    var row = [i + 1]
    for j in 0..<b.count {
      var distance = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] { distance = min(distance, beforeLast[j - 1] + 1) }
      row.append(distance)
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}
