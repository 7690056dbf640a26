"""Runs Apportion and its peers on the same files in one sitting, and writes what came out to `../RESULTS.md`.

Use `run`, which builds what this needs and sets one thread for every library.
"""

import argparse
import collections
import functools
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import numpy as np

import apportion_side
import exposure
import jax_side
import large
import layout
import numba_side
import numpy_side
import page
import plans
import pymc_side
import results
import slsqp
from timing import Time, median_of, median_time, timed

# Seconds after which a rival has had turns enough on a plan.
PATIENCE = 60


def evaluations(optimizer, plan, turns):
    """The mean and its gradient at one allocation, on one core: seconds by rival, one number a turn."""
    allocation = np.array([0.10, 0.25, 0.30, 0.15, 0.12, 0.08]) * plan.budget
    arrays = exposure.exposure(plan)
    compiled = optimizer.optimizer._objective_and_grad
    per_period = allocation / plan.periods
    rivals = {
        "PyMC-Marketing": (optimizer.evaluate, lambda _: compiled(per_period), 20),
        "plain numpy": (rival := numpy_side.Plain(arrays), rival, 20),
        "expert numpy": (rival := numpy_side.Expert(arrays), rival, 60),
        "numba": (rival := numba_side.Mean(arrays), rival, 40),
        "jax": (rival := jax_side.Mean(arrays), rival, 40),
    }
    ours = apportion_side.evaluate(plan, allocation, 10)
    for name, (check, _, _) in rivals.items():
        value, gradient = check(allocation)
        assert abs(value / ours["value"] - 1) <= 1e-9, (name, value, ours["value"])
        assert np.abs(np.divide(gradient, ours["gradient"]) - 1).max() <= 1e-6, (name, gradient, ours["gradient"])

    affinity = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    if affinity:
        os.sched_setaffinity(0, {min(affinity)})
    seconds = collections.defaultdict(list)
    for turn in range(turns):
        seconds["Apportion"].append(statistics.median(apportion_side.evaluate(plan, allocation, 300)["seconds"]))
        for name, (_, work, count) in rivals.items():
            seconds[name].append(median_time(functools.partial(work, allocation), count))
    if affinity:
        os.sched_setaffinity(0, affinity)
    periods = arrays.unit.shape[2]
    size = f"D={arrays.beta.shape[1]:,} draws, C={len(allocation)} channels, T={periods} periods felt"
    return results.Evaluations(
        plan.name, size, arrays.unit.size, periods, arrays.distinct_periods, ours["instructionSet"], dict(seconds)
    )


def solves(optimizer, plan, turns):
    """A plan solved by each, in turn, everything compiled beforehand."""
    expert = slsqp.Solver(plan)
    expert.solve()
    ours, peer, hand = [], [], []
    while len(peer) < turns:
        solved = apportion_side.solve(plan, 5)
        ours.append(median_of(solved["solving"]))
        (peer_money, peer_says), time = timed(optimizer.solve)
        peer.append(time)
        by_hand = [timed(expert.solve) for _ in range(3)]
        (hand_money, hand_says), _ = by_hand[0]
        hand.append(median_of([time for _, time in by_hand]))
        if sum(time.wall for time in peer) > PATIENCE:
            break
    ends = plan.bounds(pymc_side.CHANNELS)
    assert all(low <= amount <= high for amount, (low, high) in zip(solved["allocation"], ends)), solved["allocation"]

    # One evaluator for all three: the peer's own.
    def utility(money):
        return optimizer.evaluate(money)[0]

    misses = [abs(sum(money) / plan.budget - 1) for money in (solved["allocation"], peer_money, hand_money)]
    return results.Solves(
        plan.name,
        results.Side(ours, solved["evaluations"], solved["termination"], utility(solved["allocation"])),
        results.Side(peer, peer_says.nfev, peer_says.message, utility(peer_money)),
        results.Side(hand, hand_says.nfev, hand_says.message, utility(hand_money)),
        compiling=statistics.median(time.wall for time in solved["compiling"]),
        our_miss=misses[0],
        their_miss=max(misses[1:]),
    )


def whole(optimizer, plan, turns):
    """The whole command, on one thread and on its own number of them, beside the peer's warm solve of the same plan."""
    ours, threaded, peer = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(turns):
            # Several goes: the start of a process is short and noisy.
            for threads, times in ((1, ours), (None, threaded)):
                goes = [apportion_side.optimise(plan, folder, threads) for _ in range(5)]
                times.append(median_of([time for _, time in goes]))
            money = goes[0][0]
            (peer_money, _), time = timed(optimizer.solve)
            peer.append(time)
    utilities = optimizer.evaluate(money)[0], optimizer.evaluate(peer_money)[0]
    return results.Whole(plan.name, ours, threaded, peer, *utilities)


def before_rewrite(folder, optimizer, plan):
    """The same plan once more by PyMC-Marketing with the SciPy in the folder."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    command = [sys.executable, plans.HERE / "old_scipy.py", plan.name]
    answer = json.loads(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)
    utility = optimizer.evaluate(answer["money"])[0]
    peer = results.Side([Time(**answer["time"])], answer["evaluations"], answer["says"], utility)
    return results.OldSciPy(answer["scipy"], plan.name, peer)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=7, help="turns that each rival takes (default 7)")
    parser.add_argument("--plans", default="", help="only plans whose name has this in it")
    parser.add_argument("--old-scipy", type=pathlib.Path, help="a folder with a SciPy before 1.16")
    parser.add_argument("--no-large", action="store_true", help="leave the large model files out")
    parser.add_argument("--out", default=str(apportion_side.BENCHMARKS / "RESULTS.md"))
    options = parser.parse_args()

    def say(*words):
        print(*words, file=sys.stderr, flush=True)

    found = results.Results(options.turns, os.getloadavg()[0])
    mmm = pymc_side.model()
    for plan in plans.PLANS:
        if options.plans not in plan.name:
            continue
        optimizer = pymc_side.Optimizer(mmm, plan)
        if plan is plans.PLANS[0]:
            found.whole = whole(optimizer, plan, options.turns)
            say("the whole command:", found.whole.ratio)
        if plan.name == "mean, unbounded":
            found.evaluations = evaluations(optimizer, plan, options.turns)
            for rival in list(found.evaluations.seconds)[1:]:
                say(rival, found.evaluations.ratio(rival))
        found.solves.append(solves(optimizer, plan, options.turns))
        say(page.line(found.solves[-1]))
        if plan.name == "mean, unbounded" and options.old_scipy:
            found.old_scipy = before_rewrite(options.old_scipy, optimizer, plan)
    found.last_load = os.getloadavg()[0]
    if not options.no_large:
        found.large = large.measure()
    layout.put(pathlib.Path(options.out), page.write(found))
    say("wrote", options.out)


if __name__ == "__main__":
    main()
