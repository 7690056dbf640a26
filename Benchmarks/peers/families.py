"""Apportion and peers' methods on the generated families of plans, in one sitting. Use `families`, which builds what this needs
and sets one thread for every library."""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

import apportion_side
import curves
import families_page
import layout
import machine
import methods
import scores
from timing import timed

CERTIFICATES = apportion_side.BENCHMARKS / ".build" / "release" / "Certificates"
FAMILIES = ["concave", "mixed", "tight", "correlated", "traps"]
# Both sides sum the same numbers in another order.
SAME = 1e-9
LARGE_CHANNELS = 30
# Seconds on the wall for a solve of so many: over twice the goal of the processor.
LARGE_TIME_LIMIT = 40


class Broken(Exception):
    """What must never be: an objective that is not Apportion's, or a plan above a bound that was proved."""


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def certificates(family, seeds, channels, folder=None, time_limit=20, utilities=()):
    """Apportion's solves of one family, and with a folder the instances' curves in it; seconds on the wall for each."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        command = [CERTIFICATES, "--families", family, "--seeds", seeds, "--channels", channels, "--json", file.name]
        command += ["--time-limit", time_limit]
        command += ["--curves", folder] if folder else []
        command += ["--utilities", *utilities] if utilities else []
        subprocess.run([str(word) for word in command], stdout=subprocess.DEVNULL, check=True)
        return json.load(file)


def warm():
    """Compiles what is compiled when first called."""
    with tempfile.TemporaryDirectory() as folder:
        found = certificates("concave", 1, 2, folder)
        objective = scores.Objective(curves.Instance(found["instances"][0]), found["solves"][0]["utility"])
        methods.slsqp(objective)


def same(solve, objective):
    """Makes sure that the objective is Apportion's, at Apportion's allocation."""
    value, _ = objective(np.array(solve["allocation"]))
    if not abs(value - solve["value"]) <= SAME * abs(solve["value"]):
        raise Broken(f"{name(solve)}: {value!r} by the peers' objective is {solve['value']!r} by Apportion's")


def proved(solve, method, answer):
    """Makes sure that the bound holds."""
    above = answer["value"] - solve["upperBound"]
    if scores.can_be_compared(solve["utility"], answer["unspent"]) and not above <= SAME * abs(solve["upperBound"]):
        raise Broken(f"{name(solve)}: {method} found {answer['value']!r}, above the proved {solve['upperBound']!r}")


def name(solve):
    return f"{solve['family']} {solve['seed']}, {solve['utility']['name']}"


def answer(method, objective):
    """What a method finds, what that is worth, and what it took."""
    objective.evaluations = 0
    money, time = timed(lambda: method(objective))
    evaluations = objective.evaluations
    unspent = 1 - money.sum() / objective.instance.budget
    return {"value": objective(money)[0], "cpu": time.cpu, "evaluations": evaluations, "unspent": unspent}, money


def peers(instance, solves, seed_limits):
    """Every method on every utility of one instance: puts the answers into the solves."""
    found_by_grid = None
    for solve in solves:
        objective = scores.Objective(instance, solve["utility"])
        same(solve, objective)
        solve["peers"] = {}
        for label, method in methods.METHODS.items():
            if solve["seed"] > seed_limits.get(label, solve["seed"]):
                continue
            if method is methods.grid_search and found_by_grid:
                # It seeks the best mean whatever the utility: once is enough.
                before, money = found_by_grid
                found = {**before, "value": objective(money)[0]}
            else:
                found, money = answer(method, objective)
            if method is methods.grid_search:
                found_by_grid = found, money
                rest_spent = {"value": objective(instance.feasible(money))[0], "unspent": 0}
                proved(solve, f"{label}, the rest spent,", rest_spent)
                found["restSpent"] = rest_spent["value"]
            proved(solve, label, found)
            solve["peers"][label] = found


def measure(options):
    """All of one sitting, family by family so that whatever else the machine does meets both sides."""
    others = machine.OtherWork()
    warm()
    seed_limits = {"SLSQP, 20 starts": options.starts_seeds, "differential evolution": options.evolution_seeds}
    record = {"seeds": options.seeds, "seed_limits": seed_limits, "solves": []}
    for family in FAMILIES:
        with tempfile.TemporaryDirectory() as folder:
            found = certificates(family, options.seeds, options.channels, folder)
            say(family, "solved by Apportion")
            for words in found["instances"]:
                of_it = [solve for solve in found["solves"] if solve["seed"] == words["seed"]]
                peers(curves.Instance(words), of_it, seed_limits)
            say(family, "solved by the peers")
        record["solves"] += found["solves"]
        record |= {key: found[key] for key in ("channels", "draws", "periods", "timeLimit", "instructionSet")}
    return record | {"others": others.processors()}


def measure_large(options):
    """Apportion alone on plans that are larger."""
    others = machine.OtherWork()
    record = {"seeds": options.seeds, "solves": []}
    for family in FAMILIES:
        found = certificates(family, options.seeds, LARGE_CHANNELS, time_limit=LARGE_TIME_LIMIT)
        record["solves"] += found["solves"]
        record |= {key: found[key] for key in ("channels", "draws", "periods", "timeLimit", "instructionSet")}
        say(family, f"of {LARGE_CHANNELS} channels solved")
    return record | {"others": others.processors()}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=30, help="instances of each family (default 30)")
    parser.add_argument("--channels", type=int, default=10, help="channels of an instance (default 10)")
    parser.add_argument("--starts-seeds", type=int, default=10, help="those solved from many starts (default 10)")
    parser.add_argument("--evolution-seeds", type=int, default=5, help="those solved by evolution (default 5)")
    parser.add_argument("--large", action="store_true", help="plans of 30 channels, which have a page of their own")
    parser.add_argument("--record", type=pathlib.Path, help="a file for every number, as JSON")
    parser.add_argument("--again", type=pathlib.Path, help="write the page of such a file and measure nothing")
    parser.add_argument("--out", type=pathlib.Path, default=apportion_side.BENCHMARKS / "RESULTS.md")
    options = parser.parse_args()

    measured = measure_large if options.large else measure
    record = json.loads(options.again.read_text()) if options.again else measured(options)
    if options.record:
        options.record.write_text(json.dumps(record))
    layout.put(options.out, (families_page.write_large if options.large else families_page.write)(record))
    say("wrote", options.out)


if __name__ == "__main__":
    main()
