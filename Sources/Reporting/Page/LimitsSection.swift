import Planning

// What the plan had to keep, and what that costs.

extension ReportPage {
  /// Of more limits those that bind come first.
  private static let mostInOrder = 40
  /// Of more limits those that do not bind are left out.
  private static let mostLimits = 200

  var limitsSection: Section? {
    let limits = answer.limits
    guard !limits.isEmpty else { return nil }
    let order =
      limits.count <= Self.mostInOrder
      ? Array(limits.indices)
      : limits.indices.sorted {
        (rank(limits[$0]), abs(limits[$1].shadowPrice ?? 0), $0) < (
          rank(limits[$1]), abs(limits[$0].shadowPrice ?? 0), $1
        )
      }
    let shownLimits = order.prefix(Self.mostLimits).map { limits[$0] }
    let binding = limits.count { $0.isBinding }
    let broken = answer.brokenLimits
    return Section(
      id: "limits", title: "Limits",
      content: [
        .note(
          "\(countText(binding)) of \(countText(limits.count, "limit")) bind\(binding == 1 ? "s" : ""): there the plan stands at what is allowed. The price is what one more unit of room would add to the utility; negative where it is a floor that holds."
            + (limits.count > Self.mostInOrder ? " Those that bind come first." : "")
            + (limits.count > shownLimits.count
              ? " \(countText(limits.count - shownLimits.count)) others are in recommendation.json." : "")),
        broken.isEmpty ? .none : list(broken.map { "Broken: \($0)." }), table(shownLimits),
        answer.relaxedSentence.map { .note($0) } ?? .none,
      ])
  }

  private func rank(_ limit: Recommendation.LimitResult) -> Int { limit.slack < 0 ? 0 : limit.isBinding ? 1 : 2 }

  private func table(_ limits: [Recommendation.LimitResult]) -> HTML {
    let showsPrice = limits.contains { $0.shadowPrice != nil }
    let showsCost = limits.contains { $0.relaxedUtility != nil }
    func cost(_ relaxed: Double?) -> HTML {
      relaxed.map { PageTable.number(numberText(max(0, $0 - answer.unroundedUtility))) } ?? .text("–")
    }
    // What an interior point leaves of a price is nothing.
    let dust = 1e-6 * (limits.compactMap { $0.shadowPrice.map(abs) }.max() ?? 0)
    func price(_ limit: Recommendation.LimitResult) -> HTML {
      guard let price = limit.shadowPrice, limit.isBinding || abs(price) > dust else { return .text("–") }
      return PageTable.number(numberText(price, significantDigits: 3))
    }
    func slack(_ limit: Recommendation.LimitResult) -> HTML {
      if limit.slack < 0 { return .element("span", class: "weak", [PageTable.number(amountText(limit.slack))]) }
      return limit.isBinding
        ? .text("binds") : PageTable.number(amountText(withoutDust(limit.slack, of: answer.budget.spent)))
    }
    var table = PageTable(
      columns: [.init("Limit", .name), .init("Value"), .init("Allowed"), .init("Slack")]
        + (showsPrice ? [.init("Price")] : []) + (showsCost ? [.init("Costs, in utility")] : []),
      rows: limits.map { limit in
        [
          HTML.name(limit.name), PageTable.number(amountText(withoutDust(limit.value, of: answer.budget.spent))),
          PageTable.number(limit.allowed), slack(limit),
        ] + (showsPrice ? [price(limit)] : []) + (showsCost ? [cost(limit.relaxedUtility)] : [])
      })
    if showsCost, let relaxed = answer.relaxedUtility {
      table.totals =
        [.text("All of them"), .none, .none, .none] + (showsPrice ? [.none] : []) + [cost(relaxed)]
    }
    return table.html
  }
}
