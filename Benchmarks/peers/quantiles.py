"""Apportion and SciPy's SLSQP from fifty random starts on the worst tenth's quantile, which is not concave and has kinks, of the
generated families of plans. Use `quantiles`, which builds what this needs and sets one thread for every library."""

import argparse
import pathlib
import statistics
import tempfile

import apportion_side
import curves
import families
import layout
import methods
import scores

STARTS = 50
# What two evaluations of the same plan may differ by.
EQUAL = 1e-9


def solve(family, seeds):
    """One row for each instance: by how much Apportion is above the best of the starts, and what both took."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        found = families.certificates(family, seeds, 10, folder, utilities=["quantile"])
        for words, own in zip(found["instances"], found["solves"], strict=True):
            objective = scores.Objective(curves.Instance(words), own["utility"])
            families.same(own, objective)
            peer, _ = families.answer(lambda objective: methods.many_slsqp(objective, STARTS), objective)
            above = (own["value"] - peer["value"]) / abs(peer["value"])
            rows.append({"seed": own["seed"], "above": above, "cpu": own["cpu"], "peer": peer["cpu"]})
            families.say(f"{family} {own['seed']}: {above:+.1e}, {own['cpu']:.2f} s beside {peer['cpu']:.2f} s")
    return rows


def write(rows):
    """The page, from the rows of each family."""

    def row(family):
        above = [each["above"] for each in rows[family]]
        count = sum(each >= -EQUAL for each in above)
        times = [layout.seconds(statistics.median(each[key] for each in rows[family])) for key in ("cpu", "peer")]
        spread = [f"{100 * each:+.2g} %" for each in (min(above), statistics.median(above), max(above))]
        return [family, f"{count} of {len(above)}", *spread, *times]

    return layout.page(
        [
            "# A quantile on generated plans",
            f"The 10 % quantile over 4,000 draws, 10 channels, 13 periods: Apportion's default search beside the best of {STARTS} runs "
            "of SciPy's SLSQP with exact gradients, the first from money spread evenly, the others from random plans. "
            "By how much Apportion's value is above: the least, the median and the greatest over seeds. Seconds of the processor, one "
            "thread, medians. `Benchmarks/peers/quantiles` makes this page.",
            layout.table(
                ["family", "at least as good", "least", "median", "greatest", "Apportion", f"{STARTS} × SLSQP"],
                *[row(family) for family in rows],
            ),
        ]
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10, help="instances of each family (default 10)")
    parser.add_argument("--families", nargs="+", default=families.FAMILIES)
    parser.add_argument("--out", type=pathlib.Path, default=apportion_side.BENCHMARKS / "RESULTS.md")
    options = parser.parse_args()
    rows = {family: solve(family, options.seeds) for family in options.families}
    layout.put(options.out, write(rows))
    families.say("wrote", options.out)


if __name__ == "__main__":
    main()
