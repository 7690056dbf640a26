"""Time and peak memory of the command on model files far larger than usual. Use `../large`, which builds what it needs."""

import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import xarray as xr

import apportion_side
import plans
import results
from timing import Time

DRAWS, CHANNELS = 100_000, 50
# With as many channels, the draws that make a file of 40 MB.
DRAWS_OF_40_MB = 29_000


def make(path, draws, channels):
    """The weekly model's file with more draws and channels: its own, taken again and again, each with other saturations."""
    random = np.random.default_rng(1)
    names = [f"c{number:02}" for number in range(channels)]

    def grown(data):
        picks = {}
        if "channel" in data.dims:
            picks["channel"] = np.arange(channels) % data.sizes["channel"]
        if "draw" in data.dims:
            picks["draw"] = random.integers(data.sizes["draw"], size=draws // data.sizes["chain"])
        data = data.isel(picks)
        if "draw" in picks:
            data = data.assign_coords(draw=np.arange(data.sizes["draw"]))
        if "channel" in picks:
            data = data.assign_coords(channel=names)
        for name in ("saturation_lam", "saturation_beta"):
            if name in data:
                data[name] = data[name] * random.lognormal(0, 0.1, data[name].shape)
        return data

    with xr.open_datatree(plans.WEEKLY / "model.nc", engine="h5netcdf") as tree:
        large = tree.map_over_datasets(grown)
        large.attrs = {**tree.attrs, "channel_columns": json.dumps(names)}
        large.to_netcdf(path, engine="h5netcdf")


def cost(*arguments):
    """Time and peak memory of the command, run once."""
    command = [sys.executable, "-I", plans.HERE / "cost.py", apportion_side.COMMAND, *arguments]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


def optimise(name, model, utility):
    """The weekly plan without bounds, on the large model."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {"posterior.file": str(model), "bounds": {}, "utility": utility, "output.report": "tables"}
        arguments = [word for key, value in settings.items() for word in ("--set", f"{key}={json.dumps(value)}")]
        found = cost("optimise", plans.WEEKLY / "plan.yaml", "--out", folder, *arguments)
        answer = json.loads((pathlib.Path(folder) / "recommendation.json").read_text())
    cells, budget = answer["allocation"], plans.PLANS[0].budget
    assert answer["status"] == "solved" and len(cells) == CHANNELS, answer["status"]
    assert abs(sum(cell["total"] for cell in cells) / budget - 1) <= 1e-9, "the budget is spent"
    return row(name, model, found)


def row(name, model, found):
    return results.Large(name, model.stat().st_size, Time(found["wall"], found["cpu"]), found["memory"])


def measure():
    """One row for each thing done."""
    with tempfile.TemporaryDirectory() as folder:
        model, small = pathlib.Path(folder) / "model.nc", pathlib.Path(folder) / "small.nc"
        make(model, DRAWS, CHANNELS)
        make(small, DRAWS_OF_40_MB, CHANNELS)
        size = f"{DRAWS:,} draws, {CHANNELS} channels"
        small_size = f"{DRAWS_OF_40_MB:,} draws, {CHANNELS} channels"
        return [
            optimise(f"optimise, mean, {size}", model, "mean"),
            optimise(f"optimise, expected shortfall 5 %, {size}", model, {"expected_shortfall": {"tail": 0.05}}),
            row(f"inspect, {size}", model, cost("inspect", model)),
            row(f"inspect, {small_size}", small, cost("inspect", small)),
        ]


if __name__ == "__main__":
    for large in measure():
        print(f"{large.name}: {large.time.wall:.2f} s, {large.time.cpu:.2f} s of the processor,", end=" ")
        print(f"{large.memory / 1e6:,.0f} MB at most, from a file of {large.file / 1e6:,.0f} MB")
