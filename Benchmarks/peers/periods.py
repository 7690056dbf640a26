"""Plans by period solved by Apportion and by SciPy's SLSQP and trust-constr, in one sitting. Use `periods`, which builds what
this needs and sets one thread for every library."""

import argparse
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

import numba
import numpy as np
from scipy import optimize, sparse

import apportion_side
import layout
from timing import timed

PERIOD_PLANS = apportion_side.BENCHMARKS / ".build" / "release" / "PeriodPlans"
# Both sides sum the same numbers in another order.
SAME = 1e-9
# Of the standard deviation at an even plan: kinks are rounded off over it, for solvers of smooth functions, as Apportion first does.
SMOOTHING = 0.003
# Of the budget: a plan that breaks a limit by more is none.
FEASIBLE = 1e-9


@numba.njit(fastmath=False)
def _channel(is_hill, scale, rate, slope, weights, season, spend, outcome, slopes):
    """Adds one channel's response under every draw, and writes its derivative in each period's spend."""
    draws, window = weights.shape
    periods = len(spend)
    felt = periods + window - 1
    inner = np.empty(felt)
    for d in range(draws):
        for s in range(felt):
            z = 0.0
            for lag in range(max(0, s - periods + 1), min(window, s + 1)):
                z += weights[d, lag] * spend[s - lag]
            if is_hill:
                a = (z / rate[d]) ** -slope[d] if z > 0 else np.inf
                h = 1 / (1 + a)
                outcome[d] += season[s] * scale[d] * h
                inner[s] = season[s] * scale[d] * slope[d] / z * h * (1 - h) if z > 0 else 0.0
            else:
                e = math.exp(-rate[d] * z)
                r = 1 / (1 + e)
                outcome[d] += season[s] * scale[d] * (1 - e) * r
                inner[s] = season[s] * scale[d] * 2 * rate[d] * e * r * r
        for t in range(periods):
            total = 0.0
            for lag in range(window):
                total += weights[d, lag] * inner[t + lag]
            slopes[t, d] = total


class Plan:
    """Outcome draws of one plan, and their slopes in shares of the budget."""

    def __init__(self, words):
        self.periods, self.budget = words["periods"], words["budget"]
        self.count = words["channelCount"] * self.periods
        self.ramp, self.upper = words["ramp"], words["upper"]
        self.channels = []
        for channel in words["channels"]:
            parameters = [np.array(column) for column in channel["parameters"]]
            weights = np.array(channel["retention"])[:, None] ** np.arange(words["window"])
            weights /= weights.sum(1, keepdims=True)
            is_hill = channel["curve"] == "hill"
            slope = parameters[2] if is_hill else parameters[1]
            self.channels.append((is_hill, parameters[0], parameters[1], slope, weights, np.array(channel["season"])))
        self.draws = len(self.channels[0][1])
        self.slopes = np.empty((self.count, self.draws))
        self.even = np.full(self.count, 1 / self.count)
        ramps = sparse.diags([-1.0, 1.0], [0, 1], shape=(self.periods - 1, self.periods))
        self.ramps = sparse.block_diag([ramps] * words["channelCount"]).tocsr()

    def __call__(self, shares):
        outcome = np.zeros(self.draws)
        for index, channel in enumerate(self.channels):
            own = slice(index * self.periods, (index + 1) * self.periods)
            _channel(*channel, shares[own] * self.budget, outcome, self.slopes[own])
        return outcome, self.slopes * self.budget

    def violation(self, shares):
        bounds = max(-shares.min(), (shares - self.upper).max(), np.abs(self.ramps @ shares).max() - self.ramp)
        return max(bounds, abs(shares.sum() - 1))


def utility(name, option, distance):
    """The score itself, and the smooth score that solvers climb with its weights."""
    if name == "mean":
        return np.mean, lambda r: (r.mean(), np.full(len(r), 1 / len(r)))
    if name == "entropic":
        def entropic(r):
            powers = np.exp(-option * (r - r.min()))
            return r.min() - math.log(powers.mean()) / option, powers / powers.sum()
        return lambda r: entropic(r)[0], entropic

    def shortfall(r):
        size = option * len(r)
        worst = np.sort(r)
        whole = int(size + 1e-9)
        return (worst[:whole].sum() + (size - whole) * worst[min(whole, len(r) - 1)]) / size

    def rounded(r):
        size = option * len(r)
        low, high = r.min() - 60 * distance, r.max() + 60 * distance
        level = optimize.brentq(lambda v: (1 / (1 + np.exp(np.clip((r - v) / distance, -700, 700)))).sum() - size, low, high)
        x = (level - r) / distance
        weights = 1 / (1 + np.exp(np.clip(-x, -700, 700))) / size
        return level - distance * np.logaddexp(0, x).sum() / size, weights

    return shortfall, rounded


class OutOfTime(Exception):
    """The limit came first."""


def solve(plan, solved, method, limit):
    """The best feasible plan that a method saw."""
    distance = SMOOTHING * plan(plan.even)[0].std(ddof=1)
    score, smooth = utility(solved["utility"], solved["option"], distance)
    outcome, slopes = plan(plan.even)
    scale = np.abs(slopes @ smooth(outcome)[1]).max()
    best = {"value": -math.inf, "evaluations": 0}
    clock = os.times()
    end = clock.user + clock.system + limit

    def objective(shares):
        now = os.times()
        if now.user + now.system > end:
            raise OutOfTime
        outcome, slopes = plan(shares)
        value, weights = smooth(outcome)
        best["evaluations"] += 1
        if plan.violation(shares) <= FEASIBLE:
            best["value"] = max(best["value"], float(score(outcome)))
        return -value / scale, -(slopes @ weights) / scale

    dense = method == "SLSQP"
    rows = plan.ramps.toarray() if dense else plan.ramps
    ones = np.ones((1, plan.count)) if dense else sparse.csr_matrix(np.ones((1, plan.count)))
    limits = [optimize.LinearConstraint(ones, 1, 1), optimize.LinearConstraint(rows, -plan.ramp, plan.ramp)]
    options = {"maxiter": 2000, "ftol": 1e-12} if dense else {"maxiter": 2000, "gtol": 1e-9, "xtol": 1e-12}
    bounds = optimize.Bounds(np.zeros(plan.count), np.full(plan.count, plan.upper))
    try:
        found = optimize.minimize(
            objective, plan.even, jac=True, method=method, bounds=bounds, constraints=limits, options=options)
        best["end"] = str(found.message)
    except OutOfTime:
        best["end"] = f"stopped after {limit} s of the processor"
    return best


def row(solved, method, below, evaluations, cpu, end):
    """One line of the table."""
    short = f"{below:.1e}" if math.isfinite(below) else "no feasible plan"
    ratio = cpu / solved["cpu"]
    plan = f"{solved['channels']} x {solved['periods']}"
    return plan, solved["utility"], method, short, str(evaluations), layout.seconds(cpu), f"{ratio:,.3g}", end


def measure(record, limit):
    """A line for each solve of each method."""
    rows = []
    for words in record["plans"]:
        plan = Plan(words)
        # Compiled before it is timed.
        plan(plan.even)
        for solved in record["solves"]:
            if (solved["channels"], solved["periods"]) != (words["channelCount"], words["periods"]):
                continue
            score, _ = utility(solved["utility"], solved["option"], 1.0)
            ours, bound = score(plan(np.array(solved["point"]))[0]), solved["bound"]
            assert abs(ours - solved["value"]) <= SAME * abs(ours), f"{ours!r} here, {solved['value']!r} there"
            gap = (bound - solved["value"]) / abs(bound)
            rows.append(row(solved, "Apportion", gap, solved["iterations"], solved["cpu"], "proved"))
            for method in ("SLSQP", "trust-constr"):
                best, time = timed(lambda: solve(plan, solved, method, limit))
                below = (bound - best["value"]) / abs(bound)
                assert below >= -SAME, f"{method} found {best['value']!r}, above the proved {bound!r}"
                rows.append(row(solved, method, below, best["evaluations"], time.cpu, best["end"]))
                print(*rows[-1], sep=" | ", file=sys.stderr, flush=True)
    return rows


def page(rows, draws, limit):
    return layout.page(
        [
            "# Plans by period",
            f"Generated plans: concave curves under {draws:,} draws, half of them Hill's and half logistic, geometric carryover "
            "over 8 periods and after the plan's end, a season, ramps of a quarter of the mean spend, one budget. Apportion's "
            "interior point, with its proof, beside SciPy's SLSQP and trust-constr with exact gradients by numba, in shares of "
            "the budget and a scaled objective, kinks rounded off over 0.003 standard deviations; of theirs the best plan "
            f"that keeps every limit to 1e-9 of the budget counts, until {limit:.0f} seconds of the processor are over. Below "
            "the bound: how much less the value is than what Apportion proves no plan exceeds, relative to it: of Apportion's own "
            "plans that is the gap. Evaluations: of Apportion systems factored. Seconds of the processor, one thread, of Apportion the "
            "median of 5 with all that is prepared. Goals: 8 x 26 within 0.8 s and 10 x 52 within 3 s, to 1e-5. "
            "`Benchmarks/peers/periods` makes this page.",
            layout.table(
                ("plan", "utility", "method", "below the bound", "evaluations", "time", "times Apportion's", "end"), *rows
            ),
        ]
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=float, default=120, help="processor seconds for a peer's solve (default 120)")
    parser.add_argument("--out", type=pathlib.Path, default=apportion_side.BENCHMARKS / "RESULTS.md")
    options = parser.parse_args()
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        subprocess.run([PERIOD_PLANS, "--json", file.name], stdout=sys.stderr, check=True)
        record = json.load(file)
    layout.put(options.out, page(measure(record, options.limit), record["draws"], options.limit))


if __name__ == "__main__":
    main()
