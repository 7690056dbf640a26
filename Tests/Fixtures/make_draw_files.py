"""One posterior in every format of draws that is read, and its responses by numpy.

Two chains of 20 draws of a model with the channels tv, search and radio: Hill curves after geometric carryover over four lags.
Needs numpy and xarray (with netCDF4 or h5netcdf). CmdStan's files are written as its guide documents them
("Stan CSV file format"), R's table as `write.csv(posterior::as_draws_df(fit), row.names = FALSE)` writes it.
"""
import json
import pathlib

import numpy as np
import xarray as xr

folder = pathlib.Path(__file__).parent / "draws"
folder.mkdir(exist_ok=True)
random = np.random.default_rng(7)
channels = ["tv", "search", "radio"]
chains, draws, window, periods = 2, 20, 4, 5
alpha = random.beta(3, 5, (chains, draws, 3))
beta = random.gamma(20, 0.1, (chains, draws, 3))
kappa = random.gamma(30, 0.05, (chains, draws, 3))
slope = random.gamma(40, 0.04, (chains, draws))
diverging = (random.random((chains, draws)) < 0.1).astype(int)
channel_scale = np.array([1000.0, 500.0, 250.0])
outcome_scale = 12.5
spend = np.array([4000.0, 3000.0, 500.0])  # over the horizon, evenly


def responses(alpha, beta, kappa, slope):
    """Chain-major draws by channels, the tail counted."""
    lags = alpha[..., None] ** np.arange(window)
    lags = lags / lags.sum(-1, keepdims=True)
    media = spend / periods / channel_scale
    total = 0.0
    for t in range(periods + window - 1):
        felt = sum(lags[..., lag] for lag in range(window) if 0 <= t - lag < periods) * media
        total = total + np.where(felt > 0, felt**slope / (kappa**slope + felt**slope), 0.0)
    return (outcome_scale * beta * total).reshape(-1, 3)


exact = responses(alpha, beta, kappa, slope[..., None])


def text(number):
    return repr(float(number))


def cmdstan(chain, name, warmup=0, note="0"):
    """A file of one chain, as CmdStan 2.36 writes it with `sig_figs=18`."""
    header = ["lp__", "accept_stat__", "stepsize__", "treedepth__", "n_leapfrog__", "divergent__", "energy__"]
    header += [f"{v}.{j}" for v in ("alpha", "beta", "kappa") for j in (1, 2, 3)] + ["slope"]
    lines = [
        "# stan_version_major = 2", "# stan_version_minor = 36", "# stan_version_patch = 0", "# model = mmm_model",
        "# start_datetime = 2025-01-15 09:30:00 UTC", "# method = sample (Default)", "#   sample",
        f"#     num_samples = {draws}", f"#     num_warmup = {max(warmup, 10)}",
        f"#     save_warmup = {note}" + (" (Default)" if note in ("0", "false") else ""), "#     thin = 1 (Default)",
        "#     adapt", "#       engaged = true (Default)", "#       gamma = 0.05 (Default)", "#     algorithm = hmc (Default)",
        "#       hmc", "#         engine = nuts (Default)", "#           nuts", "#             max_depth = 10 (Default)",
        "#         metric = diag_e (Default)", "#     num_chains = 1 (Default)", f"# id = {chain + 1}", "# data",
        "#   file = data.json", "# output", f"#   file = {name}", "#   sig_figs = 18", "# stanc_version = stanc3 v2.36.0",
        ",".join(header),
    ]
    for row in range(warmup):
        lines.append(",".join(["-9.5", "1", "0.1", "3", "7", "1", "20.5"] + ["0.5"] * 9 + ["1"]))
    lines += ["# Adaptation terminated", "# Step size = 0.412", "# Diagonal elements of inverse mass matrix:",
              "# " + ", ".join(["0.9"] * 10)]
    for d in range(draws):
        sampler = ["-7.25", "0.93", "0.412", "3", "7", str(diverging[chain, d]), "12.5"]
        values = [text(v[chain, d, j]) for v in (alpha, beta, kappa) for j in range(3)] + [text(slope[chain, d])]
        lines.append(",".join(sampler + values))
    lines += ["# ", "#  Elapsed Time: 0.105 seconds (Warm-up)", "#                0.098 seconds (Sampling)",
              "#                0.203 seconds (Total)", "# "]
    (folder / name).write_text("\n".join(lines) + "\n")


cmdstan(0, "fit_1.csv")
cmdstan(1, "fit_2.csv")
cmdstan(0, "warmup_1.csv", warmup=10, note="1")
cmdstan(1, "warmup_2.csv", warmup=10, note="true")

names = [f"{v}[{c}]" for v in ("alpha", "beta", "kappa") for c in channels] + ["slope", ".chain", ".iteration", ".draw"]
rows = [",".join(f'"{name}"' for name in names)]
for c in range(chains):
    for d in range(draws):
        values = [text(v[c, d, j]) for v in (alpha, beta, kappa) for j in range(3)] + [text(slope[c, d])]
        rows.append(",".join(values + [str(c + 1), str(d + 1), str(c * draws + d + 1)]))
(folder / "wide.csv").write_text("\n".join(rows) + "\n")

rows = ["chain,draw,variable,channel,value"]
for name, values in (("alpha", alpha), ("beta", beta), ("kappa", kappa)):
    rows += [f"{c + 1},{d + 1},{name},{channels[j]},{text(values[c, d, j])}"
             for j in range(3) for c in range(chains) for d in range(draws)]
rows += [f"{c + 1},{d + 1},slope,,{text(slope[c, d])}" for c in range(chains) for d in range(draws)]
body = rows[1:]
random.shuffle(body)
(folder / "long.csv").write_text("\n".join(rows[:1] + body) + "\n")

arrays = dict(alpha=alpha, beta=beta, kappa=kappa, slope=slope)
np.savez(folder / "stored.npz", **arrays, channel_scale=channel_scale, diverging=diverging.astype(bool))
np.savez_compressed(folder / "deflated.npz", **arrays, channel_scale=channel_scale)
# As NumPyro's get_samples() has it without its chains; single precision; the other byte order; columns first.
flat = {name: values.reshape((chains * draws,) + values.shape[2:]) for name, values in arrays.items()}
np.savez(folder / "flat.npz", **flat)
np.savez(folder / "single.npz", **{name: values.astype(np.float32) for name, values in arrays.items()})
np.savez(folder / "big_endian.npz", **{name: np.asfortranarray(values.astype(">f8")) for name, values in arrays.items()})
for version, (name, values) in zip([(1, 0), (2, 0), (3, 0), (1, 0)], arrays.items()):
    with open(folder / f"{name}.npy", "wb") as file:
        np.lib.format.write_array(file, values, version=version)

coordinates = {"chain": range(chains), "draw": range(draws), "channel": channels}
dims = ("chain", "draw", "channel")
posterior = xr.Dataset({name: (dims[: v.ndim], v) for name, v in arrays.items()}, coordinates)
posterior["beta"] = posterior["beta"].transpose("channel", "draw", "chain")
file = folder / "arviz.nc"
file.unlink(missing_ok=True)
posterior.to_netcdf(file, group="posterior", mode="w")
xr.Dataset({"diverging": (("chain", "draw"), diverging.astype(bool))}).to_netcdf(file, group="sample_stats", mode="a")
xr.Dataset({"channel_scale": ("channel", channel_scale)}, {"channel": channels}).to_netcdf(
    file, group="constant_data", mode="a")

rows = ["medium,top,half,n,decay"]
rows += [",".join([c] + [text(v[0, 0, j]) for v in (beta, kappa)] + [text(slope[0, 0]), text(alpha[0, 0, j])])
         for j, c in enumerate(channels)]
(folder / "curves.csv").write_text("\n".join(rows) + "\n")

single = responses(*(v.astype(np.float32).astype(float) for v in (alpha, beta, kappa, slope[..., None])))
(folder / "responses.json").write_text(json.dumps(
    dict(channels=channels, periods=periods, window=window, spend=spend.tolist(), divergences=int(diverging.sum()),
         channel_scale=channel_scale.tolist(), outcome_scale=outcome_scale, responses=exact.T.tolist(),
         single=single.T.tolist())) + "\n")
