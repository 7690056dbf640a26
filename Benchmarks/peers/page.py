"""RESULTS.md: what was measured in plain sentences and tables, and which goals it meets."""

import os
import statistics

import layout
import machine
from results import gain, median_cpu, median_wall
from timing import Ratio

# Of equal value: the two round in their last digits.
EQUAL = 1e-9
# Counted in the machine code of the logistic loop for value and slope.
ARITHMETIC = (
    "On AVX-512 its loop has fifteen multiplications, fused or not, and a division for eight curves: where one 512-bit "
    "multiplication a cycle is what a core can do, as on Zen 4, the fifteen alone are 0.51 ns a curve at 3.7 GHz."
)


def write(results):
    """The whole page."""
    blocks = [
        "# Apportion beside its peers",
        *_head(results),
        "## Goals",
        _goals(results),
    ]
    if results.evaluations:
        blocks += ["## Objective and gradient", *_evaluations(results.evaluations)]
    if results.solves:
        blocks += ["## The solve", *_solves(results.solves), *_remarks(results)]
    if results.whole:
        blocks += ["## The whole command", *_whole(results.whole)]
    if results.large:
        blocks += ["## Large model files", *_large(results.large)]
    shortfalls = _shortfalls(results)
    if shortfalls:
        blocks += ["## What falls short", "\n".join(shortfalls)]
    return layout.page(blocks)


def line(solve):
    """One plan for whoever watches."""
    return (
        f"{solve.plan}: {layout.seconds(median_wall(solve.ours.times))}, PyMC-Marketing {solve.ratio(solve.peer)} times as long, "
        f"utility {_gain(solve.gain(solve.peer))}; by hand {solve.ratio(solve.hand)}, {_gain(solve.gain(solve.hand))}"
    )


def _gain(share):
    if abs(share) <= EQUAL:
        return "equal"
    return f"+{share:.2g}" if share > 0 else f"**{share:.2g}**"


def _head(results):
    set_name = results.evaluations.instruction_set if results.evaluations else "the widest instruction set"
    yield "Written by `Benchmarks/peers/run`. " + " ".join(machine.description(set_name))
    yield (
        f"Rivals took turns in one sitting, {results.turns} turns each, fewer where a rival had taken a minute on a plan. Other "
        f"work may have gone on beside it: the load was {results.load:.1f} before the start and {results.last_load:.1f} after the "
        "solves, of which the sitting itself is 1. A time is a median on the wall, a ratio one of medians, with the least and the "
        "most of any one turn behind it. Every library ran on one thread, Apportion "
        "too but where it says otherwise. Plans are `data/weekly/plan.yaml` with the changes that `peers/plans.py` lists, money "
        "and response as PyMC-Marketing counts them."
    )


def _goals(results):
    rows = [("goal", "measured", "")]

    def row(goal, measured, is_met):
        rows.append((goal, measured, "met" if is_met else "**not met**"))

    if results.evaluations:
        for rival, least in (("PyMC-Marketing", 20), ("expert numpy", 4)):
            ratio = results.evaluations.ratio(rival)
            goal = f"objective and gradient at least {least} times as fast as {rival}"
            row(goal, str(ratio), ratio.value >= least)
    solves = results.solves
    if solves:
        fast = [solve for solve in solves if solve.ratio(solve.peer).value >= 50]
        worst = min(solves, key=lambda solve: solve.ratio(solve.peer).value)
        measured = f"{len(fast)} of {len(solves)} plans; least {worst.ratio(worst.peer)}, on {worst.plan}"
        goal = "the solve at least 50 times as fast as PyMC-Marketing's warm solve on every plan"
        row(goal, measured, len(fast) == len(solves))
    for solve in solves:
        if solve.plan == "mean, unbounded":
            ratio = solve.ratio(solve.peer)
            row("on the unbounded mean plan at least 300 times as fast", str(ratio), ratio.value >= 300)
            if results.old_scipy:
                ratio = Ratio.of([median_wall(results.old_scipy.peer.times)], [median_wall(solve.ours.times)])
                row(f"the same with SciPy {results.old_scipy.version}", str(ratio), ratio.value >= 300)
    if results.whole:
        ratio = results.whole.ratio
        row(
            "the whole command on `data/weekly/plan.yaml` faster than its warm solve alone", str(ratio), ratio.value > 1
        )
    if results.large:
        most = max(large.memory for large in results.large)
        row("100,000 draws of 50 channels in less than 4 GB", f"{most / 1e9:.2f} GB", most < 4e9)
    if solves:
        equal = [solve for solve in solves if solve.gain(solve.peer) >= -EQUAL]
        row("always with an equal or better utility", f"{len(equal)} of {len(solves)} plans", len(equal) == len(solves))
    return layout.table(*rows)


def _evaluations(measured):
    yield (
        f"The mean and its gradient at one allocation of the plan “{measured.plan}”, on one core: {measured.size}. Values agree "
        "to 1e-9 and gradients to 1e-6, checked before timing. PyMC-Marketing's is the compiled function that its solver calls; "
        "it walks the periods before the plan too. Times are divided by the periods felt for every rival; of weeks that see the "
        f"same media through every lag Apportion sums one, here {measured.summed} of {measured.periods}, and its time "
        "has that in it. Plain numpy is the formula on whole arrays; expert numpy multiplies out beforehand what money "
        "does not change, works in place and sums by dot products. Apportion's evaluation also gives every draw's outcome and "
        "its slope in each channel's money; the hand-written rivals give the mean only."
    )
    rows = [("", "one evaluation", "per (draw, channel, period)", "times as long as Apportion (least to most)")]
    for name, seconds in measured.seconds.items():
        middle = statistics.median(seconds)
        ratio = "" if name == "Apportion" else str(measured.ratio(name))
        rows.append((name, layout.seconds(middle), f"{middle / measured.curves / 1e-9:.2f} ns", ratio))
    yield layout.table(*rows)


def _side(side):
    return layout.seconds(median_wall(side.times)), layout.seconds(median_cpu(side.times)), f"{side.evaluations:,}"


def _solves(solves):
    yield (
        "Time on the wall and of the processor, and evaluations of the objective. PyMC-Marketing is warm: its graphs are "
        "compiled, and its solver has run. Utilities of all answers are computed by PyMC-Marketing's compiled function; "
        "*utility* is how far Apportion's is above the rival's, as a share, and equal within 1e-9. Apportion's solve is the search, "
        "the proof where there is one, and every number of the answer, returns with their intervals; where more than one hill "
        "may be, for PyMC-Marketing's estimators too, it seeks by an evolution of plans beside its starts. The rivals climb once."
    )
    rows = [
        (
            solve.plan,
            *_side(solve.ours),
            *_side(solve.peer),
            str(solve.ratio(solve.peer)),
            _gain(solve.gain(solve.peer)),
        )
        for solve in solves
    ]
    heads = ("CPU", "evaluations")
    yield layout.table(("plan", "Apportion", *heads, "PyMC-Marketing", *heads, "times as long", "utility"), *rows)
    yield (
        "The same plans by SciPy's SLSQP as an expert would drive it: shares of the budget, a scaled objective, draws and "
        "slopes by numba, weights of the draws by numpy, and one start."
    )
    rows = [
        (solve.plan, *_side(solve.hand), str(solve.ratio(solve.hand)), _gain(solve.gain(solve.hand)))
        for solve in solves
    ]
    yield layout.table(("plan", "by hand", *heads, "times as long as Apportion", "utility"), *rows)


def _remarks(results):
    solves = results.solves
    compiling = [solve.compiling for solve in solves]
    yield (
        f"Compiling the plan comes before the solve, and takes Apportion {layout.seconds(min(compiling))} to "
        f"{layout.seconds(max(compiling))} beside these times."
    )
    yield (
        f"Apportion spends the budget to {max(solve.our_miss for solve in solves):.1g} of it, the rivals to "
        f"{max(solve.their_miss for solve in solves):.1g}."
    )
    old = results.old_scipy
    if old:
        ours = next(solve.ours for solve in solves if solve.plan == old.plan)
        times = median_wall(old.peer.times) / median_wall(ours.times)
        yield (
            f"SciPy 1.16 rewrote SLSQP, and PyMC-Marketing runs on either. On “{old.plan}” with SciPy {old.version} its warm "
            f"solve took {layout.seconds(median_wall(old.peer.times))}, {layout.seconds(median_cpu(old.peer.times))} of the "
            f"processor, and {old.peer.evaluations:,} evaluations, measured once: {times:,.0f} times as long as Apportion's. "
            f"Apportion's utility against it: {_gain(gain(ours.utility, old.peer.utility))}."
        )
    for solve in solves:
        if "successfully" not in solve.peer.says:
            yield f"On “{solve.plan}” PyMC-Marketing's solver stopped with “{solve.peer.says}”."
        if solve.ours.says != "converged":
            yield f"On “{solve.plan}” Apportion's solver ended as “{solve.ours.says}”."


def _whole(whole):
    yield (
        "`apportion optimise data/weekly/plan.yaml --set output.report=tables`, from process start to its end, the files "
        "written, beside PyMC-Marketing's warm solve alone, its model built, loaded and compiled beforehand."
    )

    def row(name, ours, ratio):
        times = [layout.seconds(median(side)) for side in (ours, whole.peer) for median in (median_wall, median_cpu)]
        return (name, *times, str(ratio))

    yield layout.table(
        (whole.plan, "Apportion", "CPU", "PyMC-Marketing", "CPU", "times as long"),
        row("`--threads 1`", whole.ours, whole.ratio),
        row(f"its own number of threads, {os.cpu_count()}", whole.threaded, whole.threaded_ratio),
    )
    yield f"Apportion's utility against the peer's: {_gain(gain(whole.utility, whole.peers_utility))}."


def _large(large):
    yield (
        "The command, once each, on its own number of threads: from process start to its end, and the most memory it held at "
        "once. The files are the weekly model's with its draws and channels taken again and again, as `peers/large.py` makes "
        "them; the plan is `data/weekly/plan.yaml` without bounds. A file, here, is next to nothing but parameters."
    )

    def megabytes(count):
        return f"{count / 1e6:,.0f} MB"

    rows = [
        (
            each.name,
            megabytes(each.file),
            layout.seconds(each.time.wall),
            layout.seconds(each.time.cpu),
            megabytes(each.memory),
        )
        for each in large
    ]
    yield layout.table(("", "file", "time", "CPU", "memory"), *rows)


def _shortfalls(results):
    """What limits each goal that is not met, from its own numbers."""
    lines = []
    measured = results.evaluations
    if measured and measured.ratio("expert numpy").value < 4:
        each = measured.ours / measured.curves / 1e-9
        wanted = each * measured.ratio("expert numpy").value / 4
        lines.append(
            f"- Expert numpy: Apportion's evaluation takes {each:.2f} ns per (draw, channel, period), "
            f"{each * measured.periods / measured.summed:.2f} for each curve that it sums, and would have to take "
            f"{wanted:.2f}, or {wanted * measured.periods / measured.summed:.2f} for each. {ARITHMETIC}"
        )
    for solve in results.solves:
        goal, share = (300, "a three-hundredth") if solve.plan == "mean, unbounded" else (50, "a fiftieth")
        if solve.ratio(solve.peer).value >= goal:
            continue
        ours, peer = solve.ours, solve.peer
        allowed = median_wall(peer.times) / goal
        line = (
            f"- {solve.plan}: {layout.seconds(median_wall(ours.times))} with {ours.evaluations:,} evaluations, where "
            f"PyMC-Marketing stops after {peer.evaluations:,}; {share} of its time is {layout.seconds(allowed)}"
        )
        if measured:
            line += (
                f", as long as {allowed / measured.ours:.0f} of Apportion's evaluations of the mean and its gradient"
            )
        lines.append(line + ".")
    return lines
