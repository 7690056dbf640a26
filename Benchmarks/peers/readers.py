"""Times of reading posterior files, each made here and its sum compared with numpy's. Use `readers`, which builds what this needs."""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import tempfile

import numpy as np
import xarray as xr

import apportion_side
import layout
import plans

READERS = apportion_side.BENCHMARKS / ".build" / "release" / "Readers"
TURNS = 7
# What sums of as many numbers may differ by, the order being another.
EQUAL = 1e-9
SAMPLER = ["lp__", "accept_stat__", "stepsize__", "treedepth__", "n_leapfrog__", "divergent__", "energy__"]


def cmdstan(folder, channels, quantities, draws, chains=1):
    """Files of CmdStan with so many generated quantities beside the parameters, and the sum of what the plan needs."""
    random = np.random.default_rng(3)
    names = [f"{name}.{channel}" for name in ("alpha", "beta", "kappa") for channel in range(1, channels + 1)] + ["slope"]
    header = SAMPLER + names + [f"mu.{each}" for each in range(1, quantities + 1)]
    total = 0.0
    for chain in range(1, chains + 1):
        block = random.gamma(20, 0.05, (50, len(header)))
        block[:, 5] = 0
        block[:, 7 : 7 + channels] = random.beta(3, 5, (50, channels))
        lines = [",".join(f"{x:.6g}" for x in row) + "\n" for row in block]
        read = np.array([[float(x) for x in line.split(",")] for line in lines])
        repeats = draws // len(lines)
        needed = read[:, 7 : 7 + 3 * channels].sum() + channels * read[:, 7 + 3 * channels].sum()
        total += repeats * needed
        with open(folder / f"fit_{chain}.csv", "w") as file:
            file.write(f"# stan_version_major = 2\n# method = sample\n#     num_samples = {repeats * len(lines)}\n")
            file.write("#     save_warmup = 0\n" + ",".join(header) + "\n# Adaptation terminated\n")
            file.write("".join(lines) * repeats + "# \n#  Elapsed Time: 1 seconds (Sampling)\n")
    return {"file": "fit_*.csv", "model": model(channels)}, total


def model(channels):
    return {
        "channels": [f"c{channel}" for channel in range(channels)],
        "saturation": {"hill": {"beta": "beta", "kappa": "kappa", "slope": "slope"}},
        "carryover": {"geometric": {"alpha": "alpha"}, "window": 8},
    }


def pymc(folder, size):
    """The weekly model with deterministics by date and channel, as MMM.save writes them, up to so many bytes."""
    random = np.random.default_rng(1)
    with xr.open_datatree(plans.WEEKLY / "model.nc", engine="h5netcdf") as tree:
        whole = tree.load()
    posterior = whole["posterior"].to_dataset()
    needed = [posterior[name] for name in ("adstock_alpha", "saturation_beta", "saturation_lam")]
    dims = ("chain", "draw", "date", "channel")
    date = whole["constant_data"]["date"].values
    shape = tuple(posterior.sizes[dim] if dim != "date" else len(date) for dim in dims)
    count = int((size - (plans.WEEKLY / "model.nc").stat().st_size) / 8 / np.prod(shape))
    extra = {f"channel_contribution_{each}": (dims, random.normal(size=shape)) for each in range(count)}
    rest = size / 8 - count * np.prod(shape)
    shape = shape[:2] + (int(rest / np.prod(shape[:2])),)
    extra["mu"] = (("chain", "draw", "week"), random.normal(size=shape))
    whole["posterior"] = xr.DataTree(posterior.assign(extra).assign_coords(date=date))
    whole.to_netcdf(folder / "model.nc", engine="h5netcdf")
    return {"file": "model.nc"}, float(sum(each.sum() for each in needed))


def npz(folder, channels, draws):
    """Arrays of numpy: parameters alone."""
    random = np.random.default_rng(2)
    arrays = {name: random.gamma(20, 0.05, (4, draws // 4, channels)) for name in ("beta", "kappa")}
    arrays |= {"alpha": random.beta(3, 5, (4, draws // 4, channels)), "slope": random.gamma(20, 0.05, (4, draws // 4))}
    np.savez(folder / "draws.npz", **arrays)
    sums = {name: values.sum() for name, values in arrays.items()}
    return {"file": "draws.npz", "model": model(channels)}, sum(sums.values()) + (channels - 1) * sums["slope"]


def wide(folder, channels, draws):
    """R's table of the same."""
    random = np.random.default_rng(5)
    names = [f"{name}[{each + 1}]" for name in ("alpha", "beta", "kappa") for each in range(channels)] + ["slope"]
    block = random.beta(20, 5, (50, len(names)))
    lines = [",".join(f"{x:.15g}" for x in row) for row in block]
    read = np.array([[float(x) for x in line.split(",")] for line in lines])
    repeats = draws // len(lines)
    with open(folder / "draws.csv", "w") as file:
        file.write(",".join(f'"{name}"' for name in names + [".chain", ".iteration", ".draw"]) + "\n")
        for draw in range(repeats * len(lines)):
            file.write(f"{lines[draw % len(lines)]},1,{draw + 1},{draw + 1}\n")
    total = repeats * (read.sum() + (channels - 1) * read[:, -1].sum())
    return {"file": "draws.csv", "model": model(channels)}, total


def long(folder, channels, draws):
    """The same, a row for each number."""
    random = np.random.default_rng(6)
    block = random.beta(20, 5, (50, 4, channels))
    rows = [
        [f"{name},c{channel},{block[draw, place, channel]:.15g}\n" for place, name in enumerate(("alpha", "beta", "kappa", "slope"))
         for channel in range(channels)]
        for draw in range(len(block))
    ]
    read = sum(float(row.rsplit(",", 1)[1]) for draw in rows for row in draw)
    with open(folder / "draws.csv", "w") as file:
        file.write("chain,draw,variable,channel,value\n")
        for chain in range(1, 5):
            for draw in range(draws // 4):
                file.writelines(f"{chain},{draw + 1},{row}" for row in rows[draw % len(rows)])
    return {"file": "draws.csv", "model": {key: value for key, value in model(channels).items() if key != "channels"}}, read * draws / len(rows)


CASES = [
    ("PyMC-Marketing, 6 channels, 2,000 draws; deterministics by date are not read", lambda folder: pymc(folder, 40_000_000)),
    ("CmdStan, 2,026 columns, 19 of them needed", lambda folder: cmdstan(folder, 6, 2000, 6000)),
    ("CmdStan, 80 columns, 73 of them needed", lambda folder: cmdstan(folder, 24, 0, 160_000)),
    ("the same in 4 chains", lambda folder: cmdstan(folder, 24, 0, 40_000, chains=4)),
    ("wide CSV, 73 columns of 15 digits, all needed", lambda folder: wide(folder, 24, 80_000)),
    ("long CSV, 96 numbers of 15 digits a draw", lambda folder: long(folder, 24, 32_000)),
    ("npz, 24 channels, 64,000 draws", lambda folder: npz(folder, 24, 64_000)),
]


def measure(name, make):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        posterior, total = make(folder)
        size = sum(file.stat().st_size for file in folder.iterdir())
        plan = folder / "plan.yaml"
        plan.write_text(json.dumps({"posterior": posterior, "horizon": {"num_periods": 4}}))
        answer = json.loads(subprocess.run([READERS, plan, str(TURNS)], stdout=subprocess.PIPE, check=True).stdout)
    assert abs(answer["sum"] - total) <= EQUAL * abs(total), f"{name}: {answer['sum']} where numpy has {total}"
    # The first is not warm.
    wall, cpu = (statistics.median(each[key] for each in answer["seconds"][1:]) for key in ("wall", "cpu"))
    print(f"{name}: {size / 1e6:.0f} MB, {wall:.3f} s, {cpu:.3f} s of the processor, {size / wall / 1e6:.0f} MB/s", flush=True)
    return [name, f"{size / 1e6:.0f} MB", layout.seconds(wall), layout.seconds(cpu), f"{size / wall / 1e6:,.0f} MB/s"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, default=apportion_side.BENCHMARKS / "RESULTS.md")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    rows = [measure(name, make) for name, make in CASES]
    layout.put(
        options.out,
        layout.page([
            "# Reading posterior files",
            f"`PosteriorFile.read` in a process that has read the file once, the median of {TURNS - 1}, on its own number of threads, "
            f"the load before it being {load:.1f} on {os.cpu_count()} processors: where that is more than there are, the time on the wall "
            "is mostly other people's. R-hat and effective sample sizes of every number that is needed are in it, and take "
            "most of the time where there are millions. The sum of all draws of all parameters equals numpy's. Goals: the "
            "parameters of 40 MB of NetCDF in 50 ms, CmdStan's CSV at 100 MB/s. `Benchmarks/peers/readers` makes this page.",
            layout.table(["file", "size", "time", "CPU", "bytes of the file per second"], *rows),
        ]),
    )


if __name__ == "__main__":
    main()
