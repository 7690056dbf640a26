"""Writes point_curves.json: small budget problems over point curves, and their certified optima.

    pip install numpy
    python make_point_curves.py

One curve a channel, the same in each of T periods, money spread evenly: the value is T times the sum of s(b / T). Optima are
found by branch and bound: in a box the curves give way to their concave envelopes (a chord from the lower end to the point of
tangency, then the curve itself), whose best value at any price of money, by Lagrange's duality, bounds that of the curves.
Local ascents give the plans. The two must meet to 1e-11, or nothing is written. None of Apportion's code is used.
"""

import heapq
import json
from pathlib import Path

import numpy as np

GAP = 1e-11
STEPS = 120  # halvings: more than a double has digits


class Curves:
    """bottom + ceiling h(x): h a Hill curve (half, slope), or tanh(rate x / 2) where there is a rate."""

    def __init__(self, kind, rows):
        rows = [np.array(column, float) for column in zip(*rows)]
        if kind == "hill_bottom":
            top, self.bottom, self.half, self.slope = rows
            self.ceiling, self.rate = top - self.bottom, None
            steep = np.maximum(self.slope, 1)
            self.inflection = self.half * ((steep - 1) / (steep + 1)) ** (1 / steep)
        else:
            self.ceiling, lam = rows
            self.bottom = np.zeros_like(lam)
            self.inflection = np.zeros_like(lam)
            self.rate = lam if kind == "sigmoid" else None
            self.half, self.slope = lam, np.ones_like(lam)

    def values(self, x):
        if self.rate is not None:
            return self.ceiling * np.tanh(self.rate * x / 2)
        power = (x / self.half) ** self.slope
        return self.bottom + self.ceiling * power / (1 + power)

    def slopes(self, x):
        if self.rate is not None:
            return self.ceiling * self.rate / 2 / np.cosh(np.minimum(self.rate * x / 2, 300)) ** 2
        x = np.maximum(x, 1e-200)
        power = (x / self.half) ** self.slope
        return self.ceiling * self.slope * power / x / (1 + power) ** 2


def halve(low, high, is_above):
    """Where `is_above`, true at low and false at high, turns."""
    for _ in range(STEPS):
        middle = (low + high) / 2
        above = is_above(middle)
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return low


def tangency(curves, low, high):
    """Where the chord from the lower end touches the curve; the lower end itself where the curve is concave from there."""
    at_low = curves.values(low)
    start = np.clip(curves.inflection, low, high)

    def chord_is_flatter(x):
        return curves.slopes(x) * (x - low) > curves.values(x) - at_low

    end = halve(start, high, chord_is_flatter)
    return np.where(low >= curves.inflection, low, np.where(chord_is_flatter(high), high, end))


def best_at(curves, low, high, touch, price):
    """The maximiser of envelope minus price times money, the largest where there are several."""
    x = halve(touch, high, lambda x: curves.slopes(x) >= price)
    x = np.where(curves.slopes(high) >= price, high, x)
    chord_gain = curves.values(touch) - curves.values(low) - price * (touch - low)
    return np.where((touch > low) & (chord_gain < 0), low, x)


def relaxed(curves, low, high, budget):
    """An upper bound over the box, the point that attains it but for the chords, and how far they are above the curves."""
    touch = tangency(curves, low, high)
    price_low, price_high = 0.0, 1.0
    while best_at(curves, low, high, touch, price_high).sum() > budget:
        price_low, price_high = price_high, price_high * 4
    for _ in range(STEPS):
        middle = (price_low + price_high) / 2
        if best_at(curves, low, high, touch, middle).sum() > budget:
            price_low = middle
        else:
            price_high = middle
    price = price_high
    x = best_at(curves, low, high, touch, price)
    bound = curves.values(x).sum() + price * (budget - x.sum())
    # At the price some channels stand to gain as much with more: what is left goes to them, along their chords.
    tied = best_at(curves, low, high, touch, price_low) - x
    for room in (tied, high - x):
        for j in np.argsort(-room):
            step = min(max(budget - x.sum(), 0.0), max(room[j], 0.0))
            x[j] += step
    width = np.maximum(touch - low, 1e-300)
    chord = curves.values(low) + (curves.values(touch) - curves.values(low)) * (x - low) / width
    above = np.where(x < touch, chord - curves.values(x), 0.0)
    return bound, x, above


def ascended(curves, low, high, x):
    """Moves money between pairs of channels while that helps, each pair to its best along a grid, then by golden sections."""
    x = x.copy()
    golden = (5**0.5 - 1) / 2
    for _ in range(200):
        before = curves.values(x).sum()
        for i in range(len(x)):
            for j in range(len(x)):
                most = min(high[i] - x[i], x[j] - low[j])
                if i == j or most <= 0:
                    continue

                def moved(step):
                    y = x.copy()
                    y[i] += step
                    y[j] -= step
                    return curves.values(y).sum()

                grid = np.linspace(0, most, 33)
                best = int(np.argmax([moved(step) for step in grid]))
                a, b = grid[max(best - 1, 0)], grid[min(best + 1, 32)]
                for _ in range(60):
                    c, d = b - golden * (b - a), a + golden * (b - a)
                    a, b = (a, d) if moved(c) >= moved(d) else (c, b)
                step = max([0.0, a, b, most], key=moved)
                if moved(step) > moved(0.0):
                    x[i] += step
                    x[j] -= step
        if curves.values(x).sum() <= before * (1 + 1e-16):
            return x
    return x


def solved(curves, low, high, budget):
    """The best plan and a proved bound; None where no plan spends the budget within the limits."""
    if low.sum() > budget or high.sum() < budget:
        return None
    best, plan = -np.inf, None

    def offer(x):
        nonlocal best, plan
        x = ascended(curves, low, high, x)
        if curves.values(x).sum() > best:
            best, plan = curves.values(x).sum(), x

    bound, x, above = relaxed(curves, low, high, budget)
    offer(x)
    boxes = [(-bound, 0, low, high, x, above)]
    count = 0
    while boxes and -boxes[0][0] > best + GAP * abs(best):
        _, _, a, b, x, above = heapq.heappop(boxes)
        j = int(np.argmax(above))
        cut = x[j] if a[j] + 1e-3 * (b[j] - a[j]) < x[j] < b[j] - 1e-3 * (b[j] - a[j]) else (a[j] + b[j]) / 2
        for is_upper in (False, True):
            lower, upper = a.copy(), b.copy()
            (lower if is_upper else upper)[j] = cut
            if lower.sum() > budget or upper.sum() < budget:
                continue
            bound, x, above = relaxed(curves, lower, upper, budget)
            if curves.values(x).sum() > best or count % 20 == 0:
                offer(x)
            count += 1
            heapq.heappush(boxes, (-bound, count, lower, upper, x, above))
        assert count < 100_000
    return plan, best, max(best, -boxes[0][0] if boxes else best)


def case(name, kind, rows, budget, bounds=None, periods=1, measure="response"):
    channels = [f"c{j + 1}" for j in range(len(rows))]
    limits = [(bounds or {}).get(channel, [0, None]) for channel in channels]
    low = np.array([limit[0] for limit in limits], float) / periods
    high = np.array([budget if limit[1] is None else limit[1] for limit in limits], float) / periods
    curves = Curves(kind, rows)
    answer = solved(curves, low, np.minimum(high, budget / periods), budget / periods)
    columns = {"hill_bottom": ["top", "bottom", "saturation", "slope"]}.get(kind, ["alpha", "lam"])
    entry = {
        "name": name, "kind": kind, "columns": columns, "channels": channels, "rows": rows, "budget": budget,
        "bounds": bounds or {}, "num_periods": periods, "measure": measure, "optimum": None,
    }
    if answer is not None:
        plan, value, bound = answer
        assert bound - value <= GAP * abs(value)
        rest = curves.bottom.sum() if measure == "incremental" else 0.0
        entry["optimum"] = {
            "value": periods * (value - rest), "upper_bound": periods * (bound - rest),
            "allocation": [float(x) for x in plan * periods],
        }
    return entry


generator = np.random.default_rng(20240603)


def hills(count, money, response, slopes, bottom=0.0):
    return [
        [
            float(f"{response * generator.uniform(0.3, 1):.5g}"), float(f"{response * bottom * generator.uniform(0, 1):.5g}"),
            float(f"{money * generator.uniform(0.2, 1):.5g}"), round(float(generator.uniform(*slopes)), 3),
        ]
        for _ in range(count)
    ]


def pairs(count, response, lam):
    return [
        [float(f"{response * generator.uniform(0.2, 1):.5g}"), float(f"{lam * generator.uniform(0.3, 3):.5g}")]
        for _ in range(count)
    ]


cases = [
    case("a Hill curve a channel, one period", "hill_bottom", hills(3, 3e5, 5e5, (1.1, 1.6)), 1e6),
    case("S-shapes and a scarce budget", "hill_bottom", hills(6, 2e4, 2e5, (2.0, 3.5)), 9e5, periods=52),
    case("steep S-shapes, of which the budget feeds two", "hill_bottom", hills(5, 1e4, 1e5, (4.0, 7.0)), 2.6e5, periods=13),
    case(
        "bottoms that are response", "hill_bottom", hills(4, 1e4, 1e5, (1.2, 3.0), bottom=0.2), 3e5, periods=26),
    case(
        "bottoms that are not incremental", "hill_bottom", hills(4, 1e4, 1e5, (1.2, 3.0), bottom=0.2), 3e5, periods=26,
        measure="incremental"),
    case(
        "S-shapes within tight bounds", "hill_bottom", hills(4, 1e4, 1e5, (1.5, 3.5)), 1e6,
        {"c1": [2.0e5, 3.0e5], "c2": [1.5e5, 2.6e5], "c3": [2.1e5, 3.1e5], "c4": [1.0e5, 3.2e5]}, periods=52),
    case("slopes on either side of one", "hill_bottom", hills(5, 1e4, 1e5, (0.5, 2.5)), 2e5, {"c2": [3e4, None]}, periods=8),
    case("a unit of money that is large", "hill_bottom", hills(4, 1e-3, 1e6, (1.5, 3.0)), 4e-3, periods=4),
    case("sigmoids, one period", "sigmoid", pairs(4, 5e4, 8e-5), 6e4),
    case(
        "sigmoids with spend far above response", "sigmoid", pairs(5, 600, 3e-7), 3e7,
        {"c1": [4e6, 8e6], "c3": [0, 5e6], "c5": [6e6, 9e6]}),
    case("Michaelis and Menten, one period", "michaelis_menten", pairs(4, 6e4, 2e4), 5e4),
    case(
        "Michaelis and Menten within bounds", "michaelis_menten", pairs(6, 6e4, 2e4), 9e5,
        {"c1": [1e5, 1.8e5], "c2": [5e4, 1.2e5], "c4": [0, 1e5], "c6": [2e5, None]}, periods=26),
    case(
        "upper bounds below the budget", "sigmoid", pairs(2, 5e4, 8e-5), 1e5, {"c1": [0, 4e4], "c2": [0, 5e4]}),
    case(
        "lower bounds above the budget", "hill_bottom", hills(2, 1e4, 1e5, (1.5, 3.0)), 1e5,
        {"c1": [6e4, None], "c2": [5e4, None]}, periods=4),
]

Path(__file__).with_name("point_curves.json").write_text(
    "[\n" + ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in cases) + "\n]\n")
for entry in cases:
    print(entry["name"], entry["optimum"] and float(entry["optimum"]["value"]))
