"""The page on generated families in RESULTS.md, from what `families.py` recorded."""

import collections
import statistics

import layout
import machine
import methods
import scores

# Of equal value: the two round in their last digits.
EQUAL = 1e-9
# Further below than this, a budget is poorly spent.
POOR = 0.01
# A shortfall that tables show as none.
NONE = 5e-6
# Processors that others may keep busy before times are noisy.
QUIET = 0.1
PEERS = ["numba", "numpy", "scipy"]


def write(record):
    """The whole page."""
    solves = record["solves"]
    blocks = [
        "# Generated families of plans",
        *_head(record, "`Benchmarks/peers/families`", "family by family, the first {} seeds of each, every library on one thread"),
        _instances(record),
        "## Goals on generated plans",
        _goals(record),
        "## Certificates",
        *_certificates(solves, record),
        "## Peers' methods",
        *_methods(record),
        *_peers(solves),
        "## Where a peer is better",
        *_better(solves),
    ]
    shortfalls = _shortfalls(solves)
    if shortfalls:
        blocks += ["## What falls short on generated plans", "\n".join(shortfalls)]
    return layout.page(blocks)


def write_large(record):
    """The page on plans with more channels, which Apportion alone solves."""
    solves = record["solves"]
    blocks = [
        f"# Generated families of {record['channels']} channels",
        *_head(record, "`Benchmarks/peers/families --large`", "family by family, the first {} seeds of each, on one thread"),
        "Instances are those of *Generated families of plans* but for their channels; goals are five times as long.",
        "## Goals on larger generated plans",
        _goals(record),
        "## Certificates of larger plans",
        *_certificates(solves, record),
    ]
    shortfalls = _shortfalls(solves)
    if shortfalls:
        blocks += ["## What falls short on larger generated plans", "\n".join(shortfalls)]
    return layout.page(blocks)


def _groups(solves):
    """By family and utility, in the order they were solved."""
    groups = collections.defaultdict(list)
    for solve in solves:
        groups[solve["family"], solve["utility"]["name"]].append(solve)
    return groups


def _middle(numbers):
    return statistics.median(numbers)


def _share(x):
    if abs(x) < NONE:
        return "0"
    percent = f"{100 * x:.0f}" if abs(x) >= 0.0995 else f"{100 * x:.2g}"
    return f"{percent} %" if x > 0 else f"**{percent} %**"


def _solving(solve):
    return solve["cpu"] - solve["tables"]


def _is_closed(solve):
    return solve.get("gap", float("inf")) <= solve["gapAskedFor"]


def _to_the_gap(solves):
    """The median; a solve that was cut short would have taken longer, nobody knows how long."""
    return _middle([_solving(solve) if _is_closed(solve) else float("inf") for solve in solves])


def _is_met(solves):
    return _to_the_gap(solves) <= solves[0]["goal"]


def _gain(solve, answer):
    """How far a peer's value is above Apportion's, as a share."""
    return (answer["value"] - solve["value"]) / abs(solve["value"])


def _answers(solves):
    """Every peer's answer: its solve, its method, itself."""
    return [(solve, label, answer) for solve in solves for label, answer in solve["peers"].items()]


def _can_be_compared(solve, answer):
    return scores.can_be_compared(solve["utility"], answer["unspent"])


def _is_better(solve, answer):
    return _can_be_compared(solve, answer) and _gain(solve, answer) > EQUAL


def _head(record, command, sitting):
    yield f"Written by {command}. " + " ".join(machine.description(record["instructionSet"], PEERS))
    others = record["others"]
    beside = "" if others is None else f" Others kept {others:.2f} processors busy beside it, on average."
    yield f"One sitting, {sitting.format(record['seeds'])}; times are of the processor.{beside}"
    if others is not None and others > QUIET:
        yield (
            "**Other work went on beside it, and times are noisy: they are to be taken again on a quiet machine, by the same "
            "command.** Values, bounds and gaps do not depend on it, except where a solve met its time limit."
        )


def _instances(record):
    return (
        f"Instances have {record['channels']} channels, {record['draws']:,} draws and {record['periods']} periods: Hill curves "
        "under normalised geometric carryover over four periods, a fixed pattern of spend, the periods after the plan counted, "
        "the budget spent exactly. *Concave*: every curve is. *Mixed*: half of the channels are S-shaped. *Tight*: as mixed, "
        "each channel within half of an allocation that spends the budget. *Correlated*: as mixed, with wide posteriors that "
        "common factors move. *Traps*: every channel is steeply S-shaped, and there is not enough for all. Utilities: the mean; "
        "expected shortfall of the worst tenth; mean less one standard deviation; entropic with gamma = 2/sd; mean less twice "
        "the shortfall below a target; sd, and the target, which is the mean, are of money spread evenly."
    )


def _goals(record):
    solves = record["solves"]
    rows = [("goal", "measured", "")]

    def row(goal, count, total):
        rows.append((goal, f"{count} of {total}", "met" if count == total else "**not met**"))

    if solves[0].get("goal") is not None:
        groups = _groups(solves)
        row(
            "in the median solved to the gap within the goal of its family and utility",
            sum(map(_is_met, groups.values())), len(groups),
        )  # fmt: skip
        row("every gap as small as asked for", sum(map(_is_closed, solves)), len(solves))
    if not any("peers" in solve for solve in solves):
        return layout.table(*rows)
    answers = [(solve, answer) for solve, _, answer in _answers(solves) if _can_be_compared(solve, answer)]
    # One above ends the run.
    row("no peer's answer above the proved bound", len(answers), len(answers))
    equal = [answer for solve, answer in answers if not _is_better(solve, answer)]
    row("no peer's answer better than Apportion's, by more than 1e-9", len(equal), len(answers))
    return layout.table(*rows)


def _certificates(solves, record):
    yield (
        "Seconds of the processor for search and proof, with those for tables of responses apart; compiling the plan comes "
        "before. The gap asked for is 1e-4, of traps 1e-3; a gap is what the proved bound is above the value, as "
        "a share of it. A goal is for the median of the solve without tables, a solve that did not come to its gap "
        "counted as endless. A solve may take "
        f"{record['timeLimit']:.0f} s on the wall."
    )
    yield _solve_table(solves)


def _solve_table(solves):
    rows = [("family", "utility", "solve", "most", "tables", "most", "gap", "most", "closed", "goal", "")]
    for (family, utility), group in _groups(solves).items():
        cells = []
        for numbers in ([_solving(solve) for solve in group], [solve["tables"] for solve in group]):
            cells += [f"{_middle(numbers):.3f}", f"{max(numbers):.3f}"]
        gaps = [solve.get("gap", float("inf")) for solve in group]
        cells += [f"{_middle(gaps):.1e}", f"{max(gaps):.1e}", f"{sum(map(_is_closed, group))}/{len(group)}"]
        goal = group[0].get("goal")
        verdict = "" if goal is None else "met" if _is_met(group) else "**not met**"
        rows.append((family, utility, *cells, "" if goal is None else f"{goal:g} s", verdict))
    return layout.table(*rows)


def _methods(record):
    limits = record["seed_limits"]
    population = 15 * record["channels"]
    yield (
        "Peers' methods on the same instances, with one objective for all, written for speed: every power that money does not "
        f"change is taken beforehand, and a curve is then a division, in numba; an evaluation takes SLSQP {_evaluation(record)}, "
        "gradient and its own work included. The times are thus those of the methods, not of the packages: PyMC-Marketing's own "
        "graph, timed on the page above, takes far longer. Preparing the curves is in nobody's time. The objective is checked "
        "against Apportion's value at Apportion's allocation in each solve, to 1e-9. Answers of all but the grid search are "
        "moved onto the budget, exactly, before they are scored."
    )
    yield "\n".join([
        "- *SLSQP*: SciPy's, as an expert would drive it, in shares of the budget, the objective scaled, from money spread "
        "evenly.",
        f"- *SLSQP, {methods.STARTS} starts*: the same from there and from {methods.STARTS - 1} random allocations; on the "
        f"first {limits['SLSQP, 20 starts']} seeds.",
        "- *PyMC-Marketing's SLSQP*: as version 1.3 drives it, money by period in its own unit, of which the budget has "
        f"{record['channels'] * record['periods'] * methods.UNITS:,.0f}, tolerance 1e-9, its scaling of the objective, its "
        "second solve.",
        "- *differential evolution*: SciPy's defaults, polish included, fixed seed, points of the box moved onto the budget; at "
        f"most {methods.GENERATIONS} generations of {population}, {population * (methods.GENERATIONS + 1):,} evaluations, and "
        f"the polish; on the first {limits['differential evolution']} seeds.",
        "- *Meridian's grid search*: its greedy ascent on a grid of spend with its default tolerance, on the mean whatever the "
        "utility, and its answer scored by the utility. It ends where its best next step would break the budget, as its "
        f"source has it, and keeps the rest of the money: {_unspent(record['solves'])}. Were the rest spread over the room "
        f"that is left below the bounds, the median and the worst loss would be {_rest_spent(record['solves'])}.",
    ])  # fmt: skip


def _evaluation(record):
    answers = [solve["peers"]["SLSQP"] for solve in record["solves"]]
    return layout.seconds(_middle([answer["cpu"] / answer["evaluations"] for answer in answers]))


def _unspent(solves):
    by_family = collections.defaultdict(list)
    for solve in solves:
        if solve["utility"]["name"] == "mean":
            by_family[solve["family"]].append(solve["peers"]["Meridian's grid search"]["unspent"])
    return ", ".join(f"{family} {_share(max(shares))} at most" for family, shares in by_family.items())


def _rest_spent(solves):
    by_family = collections.defaultdict(list)
    for solve in solves:
        value = solve["peers"]["Meridian's grid search"]["restSpent"]
        by_family[solve["family"]].append(-_gain(solve, {"value": value}))
    return "; ".join(
        f"{family} {_share(_middle(losses))}, {_share(max(losses))}" for family, losses in by_family.items()
    )


def _peers(solves):
    yield "How far below Apportion's value, the median and the worst, as a share; 0 is within 0.0005 %."
    labels = list(methods.METHODS)
    rows = [("family", "utility", *labels)]
    more = [("family", "utility", *labels)]
    for key, group in _groups(solves).items():
        below, often = [], []
        for label in labels:
            having = [solve for solve in group if label in solve["peers"]]
            losses = [-_gain(solve, solve["peers"][label]) for solve in having]
            below.append(f"{_share(_middle(losses))}, {_share(max(losses))}")
            times = _middle([solve["peers"][label]["cpu"] for solve in having]) / _middle([s["cpu"] for s in having])
            often.append(f"{100 * sum(loss > POOR for loss in losses) / len(losses):.0f} %, {times:.2g}")
        rows.append((*key, *below))
        more.append((*key, *often))
    yield layout.table(*rows)
    yield (
        "The share of instances where it is more than 1 % below, and how many times as long it took as Apportion with its tables "
        "and its proof: a ratio of medians over the same instances. No peer proves anything."
    )
    yield layout.table(*more)


def _better(solves):
    answers = _answers(solves)
    better = [(solve, label, answer) for solve, label, answer in answers if _is_better(solve, answer)]
    keeping = [_gain(solve, answer) for solve, _, answer in answers if not _can_be_compared(solve, answer)]
    if keeping:
        yield (
            f"Where more response may be worse, in mean_deviation, {len(keeping)} answers of the grid search keep money that the "
            f"plan spends, and are not counted; {sum(gain > EQUAL for gain in keeping)} of them score above Apportion's."
        )
    if not better:
        yield f"Nowhere, by more than 1e-9, in {len(answers) - len(keeping):,} answers."
        return
    yield (
        f"{len(better)} of {len(answers) - len(keeping):,} answers are above Apportion's by more than 1e-9; all of them are below "
        "the bound that it proved, and so within the gap that it says. The ten that are most above:"
    )
    better.sort(key=lambda each: -_gain(each[0], each[2]))
    rows = [("instance", "utility", "by", "above by", "gap that Apportion says", "gap asked for")]
    for solve, label, answer in better[:10]:
        rows.append((
            f"{solve['family']} {solve['seed']}", solve["utility"]["name"], label, f"{_gain(solve, answer):.1e}",
            f"{solve['gap']:.1e}", f"{solve['gapAskedFor']:.0e}",
        ))  # fmt: skip
    yield layout.table(*rows)


def _shortfalls(solves):
    """Each goal that is not met, and where one start of SLSQP does as well in less time."""
    lines, quicker = [], []
    for (family, utility), group in _groups(solves).items():
        size = f"{len(group[0]['allocation'])} channels, {family}, {utility}"
        cut_short = [solve.get("gap", float("inf")) for solve in group if not _is_closed(solve)]
        if cut_short:
            lines.append(
                f"- {size}: {len(cut_short)} of {len(group)} did not come to the gap within the time limit; the widest that is "
                f"left is {max(cut_short):.1e}."
            )
        if group[0].get("goal") is not None and not _is_met(group) and not cut_short:
            median = _middle([_solving(solve) for solve in group])
            lines.append(f"- {size}: {layout.seconds(median)} where {group[0]['goal']:g} s are the goal.")
        having = [solve for solve in group if "SLSQP" in solve.get("peers", {})]
        if having and max(-_gain(solve, solve["peers"]["SLSQP"]) for solve in having) <= group[0]["gapAskedFor"]:
            ratio = _middle([solve["cpu"] for solve in having]) / _middle([s["peers"]["SLSQP"]["cpu"] for s in having])
            if ratio > 1:
                quicker.append(f"{family} {utility} ({ratio:.2g})")
    if quicker:
        lines.append(
            "- One start of SLSQP, which proves nothing, came within the gap asked for on every instance, and Apportion with its "
            f"proof took longer, so many times: {', '.join(quicker)}."
        )
    return lines
