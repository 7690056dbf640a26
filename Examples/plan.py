#!/usr/bin/env python3
"""A quarter of six channels, from Python: Examples/Quarter/main.swift over the command's JSON and CSV.

    python3 Examples/plan.py [COMMAND] [MODEL.nc]

COMMAND is scripts/run, which builds what is missing, or the path of a built apportion. Editors that know `# %%` run this
cell by cell. It needs nothing but Python 3.9 or later; numpy and pandas read the same files (`numpy.load("draws.npy")`,
`pandas.read_csv("allocation.csv")`).
"""

# %% The command, and how it is asked
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

try:
    root = pathlib.Path(__file__).resolve().parent.parent
except NameError:  # in a notebook, which is to be started in the repository
    root = pathlib.Path.cwd()
arguments = sys.argv[1:] if sys.argv[0].endswith("plan.py") else []
command = arguments[0] if arguments else str(root / "scripts/run")
model = pathlib.Path(arguments[1] if len(arguments) > 1 else root / "data/weekly/model.nc").resolve()
temporary = tempfile.TemporaryDirectory(prefix="apportion-")  # gone when Python ends
folder = pathlib.Path(temporary.name)


def ask(verb, plan, name, *options):
    """The answer to a plan: recommendation.json, the rows of allocation.csv, and the outcome under each draw."""
    plan_file = folder / f"{name}.json"  # a plan is YAML, or JSON
    plan_file.write_text(json.dumps(plan))
    out = folder / name
    run = subprocess.run(
        [command, verb, plan_file, "--out", out, "--draws", out / "draws.csv", "--quiet", *options],
        stderr=subprocess.PIPE, text=True)
    # 2 is an answer too: a given plan breaks a limit, or a wider gap is proved than was asked for.
    if run.returncode not in (0, 2):
        raise SystemExit(f"{verb} ended with exit status {run.returncode}:\n{run.stderr}")
    answer = json.loads((out / "recommendation.json").read_text())
    with (out / "allocation.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    with (out / "draws.csv").open(newline="") as file:  # a header, then a number for each draw, chain after chain
        draws = [float(row[0]) for row in list(csv.reader(file))[1:]]
    return answer, rows, draws


def quantile(draws, level):
    """Interpolated between draws, as numpy's and Apportion's own."""
    ordered = sorted(draws)
    position = level * (len(ordered) - 1)
    lower = min(int(position), len(ordered) - 1)
    upper = min(lower + 1, len(ordered) - 1)
    return ordered[lower] + (position - lower) * (ordered[upper] - ordered[lower])


# %% A plan, made here
plan = {
    "posterior": {"file": str(model)},
    "horizon": {"num_periods": 13},
    "budget": {"total": 2488278},
    "bounds": {
        "tv": [0, 1500000], "search": [300000, 1200000], "social": [150000, 900000],
        "display": [20000, 300000], "radio": [20000, 300000], "print": [5000, 60000],
    },
}

# %% A proposal is scored under every draw
proposal = {"tv": 700000, "search": 800000, "social": 500000, "display": 228278, "radio": 220000, "print": 40000}
with (folder / "proposal.csv").open("w", newline="") as file:
    csv.writer(file).writerows([("channel", "spend"), *proposal.items()])
proposed = ask("evaluate", plan, "proposal", "--allocation", folder / "proposal.csv")

# %% The best plan for the mean, and the best for the mean of the worst tenth of draws
bold = ask("optimise", plan, "mean")
careful = ask("optimise", {**plan, "utility": {"expected_shortfall": {"tail": 0.1}}}, "careful")
answers = [proposed, bold, careful]

# %% Side by side
channels = [cell["channel"] for cell in bold[0]["allocation"]]
print(f"{len(bold[2])} draws of {', '.join(channels)}")
print("\nIncremental response by quantile, the mean, and the spend behind it")


def row(name, numbers):
    print(f"{name:<10}" + "".join(f"{number:14.0f}" for number in numbers))


print(" " * 10 + "".join(f"{name:>14}" for name in ["proposal", "mean", "worst tenth"]))
for level in [0.05, 0.25, 0.5, 0.75, 0.95]:
    row(f"{level * 100:.0f} %", [quantile(draws, level) for _, _, draws in answers])
row("average", [answer["outcome"]["mean"] for answer, _, _ in answers])
for index, channel in enumerate(channels):
    row(channel, [float(rows[index]["total"]) for _, rows, _ in answers])

# %% Draws are paired: the same draw of the model under both plans
better = sum(a > b for a, b in zip(careful[2], bold[2]))
print(f"\nThe careful plan does better than the other in {better} of {len(bold[2])} draws.")
for answer, _, _ in answers[1:]:
    score = answer["utility"]
    gap = "unknown" if score["gap"] is None else f"{score['gap']:.1e}"
    print(f"{score['name']}: {score['value']:.0f}, {score['bound']}, gap {gap}")

# %% Both on one scale, as a histogram: # the best mean, . the proposal
print("\nDraws by incremental response")
low, high = min(proposed[2]), max(bold[2])
width = (high - low) / 16


def counts(draws):
    bins = [0] * 16
    for draw in draws:
        bins[min(15, int((draw - low) / width))] += 1
    return bins


for number, (under_proposal, under_bold) in enumerate(zip(counts(proposed[2]), counts(bold[2]))):
    print(f"{low + number * width:14.0f}  " + "." * (under_proposal // 10) + "#" * (under_bold // 10))
