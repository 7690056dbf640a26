import Planning

// How likely a plan is to be worse than the current one, in words.

extension Recommendation {
  /// Nil where it is worse in no draw and nobody asked, and where there is nothing to say of it.
  var lossSentence: String? {
    guard drawCount > 1, let worse = probabilityOfLoss(beyond: 0), let lift, worse > 0 || lossLevels.count > 1 else {
      return nil
    }
    let further = lossLevels.dropFirst().sorted().compactMap { fall in
      probabilityOfLoss(beyond: fall).map {
        "by more than \(numberText(fall, significantDigits: 4)) in \(percentText($0))"
      }
    }
    let draws = ["Worse than the current plan in \(percentText(worse)) of draws"] + further
    let tail = lift.expectedShortfall05
    return
      "\(draws.joined(separator: ", ")); in the worst 5 % of draws it brings \(shortAmount(abs(tail))) \(tail < 0 ? "less" : "more") on average."
  }

  /// What the head of a column calls it: `probability_worse_than_100000`.
  static func lossColumn(_ fall: Double) -> String {
    guard fall > 0 else { return "probability_worse" }
    let number = field(fall)
    return "probability_worse_than_\(number.hasSuffix(".0") ? number.dropLast(2) : number[...])"
  }
}
