"""Make data.csv and model.nc: 130 weeks of six simulated channels, and the marketing mix model fitted to them.

    python3.12 -m venv venv
    venv/bin/pip install "pymc-marketing==1.3.0" h5netcdf nutpie
    venv/bin/python make.py --out made

nutpie is the faster sampler; without it PyMC's own is used. The draws depend on the sampler, its version and the processor,
so that another run gives another posterior of the same model.
"""
import argparse
import importlib.util
import pathlib

import numpy as np
import pandas as pd
import xarray as xr
from pymc_extras.prior import Prior
from pymc_marketing.mmm import MMM, GeometricAdstock, LogisticSaturation

WEEKS, WINDOW = 130, 8

#            weekly spend  share of weeks on  retention  lam  beta
CHANNELS = {
    "tv":      (200_000,   0.60,              0.60,      1.5, 0.30),
    "search":  (55_000,    1.00,              0.15,      3.0, 0.14),
    "social":  (40_000,    1.00,              0.35,      2.5, 0.10),
    "display": (10_000,    0.75,              0.30,      3.5, 0.04),
    "radio":   (15_000,    0.80,              0.45,      2.5, 0.05),
    "print":   (2_500,     0.70,              0.25,      3.0, 0.02),
}


def carried_over(spend, retention):
    """Geometric adstock over WINDOW weeks, the weights summing to one, and nothing before the first week."""
    weights = retention ** np.arange(WINDOW)
    return np.convolve(spend, weights / weights.sum())[: len(spend)]


def simulate(seed):
    """One row a week: spend by channel, a promotion, and sales that follow from them."""
    rng = np.random.default_rng(seed)
    dates = pd.date_range("2022-01-03", periods=WEEKS, freq="7D")
    data = pd.DataFrame({"date": dates})
    sales = np.full(WEEKS, 0.45) + 0.06 * np.sin(2 * np.pi * dates.day_of_year / 365.25)
    for name, (level, on, retention, lam, beta) in CHANNELS.items():
        spend = level * rng.lognormal(-0.08, 0.4, WEEKS) * (rng.random(WEEKS) < on)
        data[name] = spend.round(2)
        u = lam * carried_over(data[name].to_numpy(), retention) / data[name].max()
        sales = sales + beta * (1 - np.exp(-u)) / (1 + np.exp(-u))
    data["promo"] = (rng.random(WEEKS) < 0.12).astype(float)
    sales = sales + 0.08 * data["promo"].to_numpy() + rng.normal(0, 0.02, WEEKS)
    data["sales"] = (1_800_000 * sales).round(2)
    return data


def fit(data, chains, draws, seed):
    """PyMC-Marketing's model of the data, with its posterior."""
    # PyMC-Marketing's default for beta has sigma 2: one channel alone could then be worth twice the largest sales.
    model = MMM(
        date_column="date",
        target_column="sales",
        channel_columns=list(CHANNELS),
        control_columns=["promo"],
        adstock=GeometricAdstock(l_max=WINDOW),
        saturation=LogisticSaturation(priors={
            "lam": Prior("Gamma", alpha=3, beta=1, dims="channel"),
            "beta": Prior("HalfNormal", sigma=0.5, dims="channel"),
        }),
        yearly_seasonality=2,
    )
    sampler = "nutpie" if importlib.util.find_spec("nutpie") else "pymc"
    model.fit(
        data.drop(columns="sales"), data["sales"], chains=chains, draws=draws, tune=max(draws, 200), target_accept=0.9,
        random_seed=seed, nuts_sampler=sampler, progressbar=False,
    )
    return model


def without_dates(model):
    """Drops what the posterior repeats for every week: 98 % of the file, and no parameter of the model."""
    posterior = model.idata["posterior"].to_dataset()
    by_date = [name for name in posterior.data_vars if "date" in posterior[name].dims]
    model.idata["posterior"] = xr.DataTree(posterior.drop_vars(by_date).drop_dims("date", errors="ignore"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("."), help="folder for data.csv and model.nc")
    parser.add_argument("--chains", type=int, default=4)
    parser.add_argument("--draws", type=int, default=500, help="kept in each chain")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    options.out.mkdir(parents=True, exist_ok=True)
    data = simulate(options.seed)
    data.to_csv(options.out / "data.csv", index=False)
    model = fit(data, options.chains, options.draws, options.seed)
    without_dates(model)
    model.save(str(options.out / "model.nc"))


if __name__ == "__main__":
    main()
