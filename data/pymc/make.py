"""Make the models in this folder: one of each structure that PyMC-Marketing's MMM.save writes, and the library's own responses.

    python3.12 -m venv venv
    venv/bin/pip install "pymc-marketing==1.3.0" h5netcdf
    venv/bin/python make.py --out made

The draws are the prior's, in the place of the posterior's: numbers as diverse as the model allows, in no time. Only `geo_hill`
is sampled. Beside each NAME_SEED.nc stands NAME_SEED.npz, a cell being a channel in a geo, the geo running fastest:
    contributions   (draw, cell)    response of the observed media, summed over the observed dates
    allocations     (plan, cell)    money per period; the last plan is spread by `distribution`
    distribution    (period, cell)  shares of a cell's money
    responses       (plan, draw)    total media response, carry-in dates and carry-over included
"""
import argparse
import itertools
import pathlib
import warnings

import numpy as np
import pandas as pd
import pymc as pm
import xarray as xr
from pymc_extras.prior import Prior
from pymc_marketing.mmm import (
    MMM,
    BinomialAdstock,
    DelayedAdstock,
    GeometricAdstock,
    HillSaturation,
    HillSaturationSigmoid,
    InverseScaledLogisticSaturation,
    LogisticSaturation,
    LogSaturation,
    MichaelisMentenSaturation,
    NoAdstock,
    NoSaturation,
    RootSaturation,
    SoftPlusHSGP,
    TanhSaturation,
    TanhSaturationBaselined,
    WeibullCDFAdstock,
    WeibullPDFAdstock,
)
from pymc_marketing.hsgp_kwargs import HSGPKwargs
from pymc_marketing.mmm.budget_optimizer import BudgetOptimizer
from pymc_marketing.mmm.scaling import DataDerivedScaling, FixedScaling, Scaling

WEEKS, PERIODS, CHAINS, DRAWS = 30, 6, 2, 20
CHANNELS = ["tv", "search", "radio"]
GEOS = {"geo": ["north", "south"]}


def gamma(*dims, mean=1.0):
    return Prior("Gamma", alpha=4, beta=4 / mean, dims=dims)


def share(*dims):
    return Prior("Beta", alpha=3, beta=3, dims=dims)


def scales(target, channel):
    return Scaling(target=target, channel=channel)


def by_date_maximum(*dims):
    return DataDerivedScaling(method="max", dims=dims)


def models():
    """Name -> the model's own arguments, and the labels of its dims beside the channel."""
    logistic = {"lam": gamma("channel", mean=2), "beta": gamma("channel", mean=0.2)}
    table = xr.DataArray(
        np.arange(60.0, 120.0, 10).reshape(3, 2), dims=("channel", "geo"),
        coords={"channel": ["radio", "tv", "search"], "geo": ["south", "north"]},
    )
    return {
        "geo_hill": (GEOS, dict(
            adstock=GeometricAdstock(l_max=5, priors={"alpha": share("geo", "channel")}),
            saturation=HillSaturation(priors={
                "slope": gamma("geo", mean=1.5), "kappa": gamma("channel", mean=0.6),
                "beta": gamma("channel", "geo", mean=0.3)}),
            scaling=scales(by_date_maximum(), by_date_maximum()))),
        "delayed_michaelis_menten": ({}, dict(
            adstock=DelayedAdstock(l_max=6), saturation=MichaelisMentenSaturation(),
            control_columns=["price"], yearly_seasonality=2)),
        "weibull_pdf_tanh": (GEOS, dict(
            adstock=WeibullPDFAdstock(l_max=5, normalize=False, priors={
                "lam": gamma("channel", mean=2), "k": gamma("geo", mean=2)}),
            saturation=TanhSaturation(priors={"b": gamma("channel", mean=0.5), "c": gamma(mean=0.8)}))),
        "weibull_cdf_tanh_baselined": ({}, dict(
            adstock=WeibullCDFAdstock(l_max=6), saturation=TanhSaturationBaselined())),
        "saturation_first": (GEOS, dict(
            adstock_first=False, adstock=BinomialAdstock(l_max=4),
            saturation=HillSaturationSigmoid(priors={
                "sigma": gamma("channel", mean=0.4), "beta": gamma("geo", "channel", mean=4),
                "lam": gamma("channel", mean=0.4)}))),
        "half_life": ({}, dict(
            adstock=GeometricAdstock(l_max=5, priors={"halflife": gamma("channel", mean=2)}),
            saturation=InverseScaledLogisticSaturation())),
        "delayed_half_life": ({}, dict(
            adstock=DelayedAdstock(l_max=7, priors={"halflife": gamma("channel", mean=2), "theta": gamma(mean=2)}),
            saturation=RootSaturation(priors={"alpha": share("channel"), "beta": gamma("channel", mean=0.2)}))),
        "global_scale": ({"region": [2, 1, 10]}, dict(
            adstock=GeometricAdstock(l_max=3, normalize=False, priors={"alpha": share("region")}),
            saturation=LogisticSaturation(priors={"lam": gamma(mean=2), "beta": gamma("channel", mean=0.2)}),
            scaling=scales(by_date_maximum("region"), by_date_maximum("region", "channel")))),
        "fixed_scale": (GEOS, dict(
            adstock=GeometricAdstock(l_max=4), saturation=LogisticSaturation(priors=logistic),
            scaling=scales(
                FixedScaling(dims=(), value={"north": 900.0, "south": 700.0}), FixedScaling(dims=(), value=table)))),
        "geo_brand": ({"geo": ["north", "south"], "brand": ["b", "a", "c"]}, dict(
            adstock=GeometricAdstock(l_max=4, priors={"alpha": share("geo")}),
            saturation=LogisticSaturation(priors={
                "lam": gamma("brand", "channel", mean=2), "beta": gamma("channel", "brand", "geo", mean=0.2)}),
            scaling=scales(by_date_maximum("geo"), by_date_maximum("brand")))),
        "log_raw": (GEOS, dict(
            adstock=NoAdstock(l_max=2),
            saturation=LogSaturation(priors={"beta": gamma("geo", "channel", mean=0.05)}))),
        "linear_saturation_first": ({}, dict(
            adstock_first=False, adstock=GeometricAdstock(l_max=4, normalize=False),
            saturation=NoSaturation(priors={"beta": gamma("channel", mean=0.2)}))),
        "constants": (GEOS, dict(
            adstock=GeometricAdstock(l_max=4, priors={"alpha": 0.35}),
            saturation=HillSaturation(priors={
                "slope": 2, "kappa": gamma("geo", mean=0.6), "beta": gamma("channel", mean=0.3)}))),
        "unused_cell": (GEOS, dict(
            adstock=GeometricAdstock(l_max=4), saturation=LogisticSaturation(priors={
                "lam": gamma("channel", mean=2), "beta": gamma("channel", "geo", mean=0.2)}),
            scaling=scales(by_date_maximum(), by_date_maximum()))),
        "time_varying": (GEOS, dict(
            adstock=GeometricAdstock(l_max=4), saturation=LogisticSaturation(priors=logistic), time_varying_media=True,
            model_config={"media_tvp_config": HSGPKwargs(m=8, L=60.0, eta_lam=1.0, ls_mu=5.0, ls_sigma=3.0)})),
        "time_varying_by_channel": ({}, dict(
            adstock=GeometricAdstock(l_max=4), saturation=LogisticSaturation(priors=logistic),
            time_varying_media=SoftPlusHSGP(
                m=6, L=45.0, eta=Prior("Exponential", lam=1), ls=Prior("InverseGamma", alpha=3, beta=10),
                dims=("date", "channel"), drop_first=True))),
        "log_link": ({}, dict(
            adstock=GeometricAdstock(l_max=4), saturation=LogisticSaturation(priors=logistic), link="log")),
        "leading": ({}, dict(
            adstock=GeometricAdstock(l_max=4, mode="Before"), saturation=LogisticSaturation(priors=logistic))),
    }


def simulate(labels, rng):
    """One row a week and combination of labels: media, a price, sales."""
    dates = pd.date_range("2024-01-01", periods=WEEKS, freq="7D")
    rows = []
    for cell in itertools.product(*labels.values()):
        size = rng.uniform(0.5, 2)
        media = {
            channel: size * level * rng.lognormal(0, 0.5, WEEKS) * (rng.random(WEEKS) < on)
            for channel, level, on in zip(CHANNELS, [100, 30, 10], [0.6, 1, 0.8])
        }
        sales = size * 500 * rng.lognormal(0, 0.05, WEEKS) + sum(media.values())
        rows.append(pd.DataFrame({
            "date": dates, **dict(zip(labels, cell)), **media, "price": rng.uniform(1, 2, WEEKS), "sales": sales}))
    return pd.concat(rows, ignore_index=True)


def condition(mmm, data, target, seed, is_sampled):
    """Gives the model draws: the posterior's, or the prior's in their place."""
    if is_sampled:
        mmm.fit(
            data, target, chains=CHAINS, draws=DRAWS, tune=100, cores=1, random_seed=seed, progressbar=False)
    else:
        mmm.build_model(data, target)
        idata = pm.sample_prior_predictive(CHAINS * DRAWS, model=mmm.model, random_seed=seed)
        prior = idata["prior"].to_dataset().drop_vars(["chain", "draw"]).isel(chain=0)
        posterior = xr.concat(
            [prior.isel(draw=slice(chain * DRAWS, (chain + 1) * DRAWS)) for chain in range(CHAINS)], dim="chain"
        ).assign_coords(chain=np.arange(CHAINS), draw=np.arange(DRAWS))
        posterior = posterior.drop_vars(mmm.output_var, errors="ignore")
        mmm.idata = xr.DataTree.from_dict(
            {"posterior": posterior, "constant_data": idata["constant_data"].to_dataset()})
        mmm.set_idata_attrs(mmm.idata)


def cells(array, mmm):
    """The last axes as one: channel first, then the dims, the last fastest."""
    dims = ("channel", *mmm.dims)
    rest = [dim for dim in array.dims if dim not in dims]
    array = array.transpose(*rest, *dims)
    return array.values.reshape(*[array.sizes[dim] for dim in rest], -1)


def plans(mmm, rng):
    """Money per period by cell, and a distribution over the periods."""
    coords = {dim: list(mmm.model.coords[dim]) for dim in ("channel", *mmm.dims)}
    shape = [len(labels) for labels in coords.values()]
    observed = mmm.xarray_dataset["_channel"].mean("date").transpose(*coords).values
    lonely = np.zeros(shape)
    lonely.flat[-1] = observed.sum()
    shares = rng.dirichlet(np.full(PERIODS, 3.0), shape)
    return (
        [xr.DataArray(money, dims=list(coords), coords=coords)
         for money in (observed, observed * rng.uniform(0, 3, shape), lonely, observed * rng.uniform(0, 2, shape))],
        xr.DataArray(
            shares, dims=[*coords, "date"], coords={**coords, "date": np.arange(PERIODS)}
        ).transpose("date", *mmm.dims, "channel"),
    )


def responses(mmm, allocations, distribution):
    """The budget optimiser's own response draws, every plan but the last spread evenly."""
    start = pd.Timestamp(mmm.xarray_dataset["date"].values[-1]) + pd.Timedelta(weeks=1)
    end = start + pd.Timedelta(weeks=PERIODS - 1)

    def draws(plans, **options):
        optimizer = BudgetOptimizer(
            model=mmm.create_optimization_model(str(start.date()), str(end.date())), idata=mmm.idata,
            num_periods=PERIODS, carry_in_periods=mmm.effective_carryover_lags(),
            adstock_periods=mmm.effective_carryover_lags(), frozen_deterministics=mmm.frozen_deterministics,
            response_variable="total_media_contribution_original_scale", **options)
        return [np.asarray(optimizer.evaluate_response_distribution(plan)).ravel() for plan in plans]

    return np.array(
        draws(allocations[:-1]) + draws(allocations[-1:], budget_distribution_over_period=distribution))


def without_dates(mmm):
    """Keeps what a reader needs: no table of the data, no statistics but divergences, and nothing for each date but a multiplier."""
    idata = mmm.idata
    posterior = idata["posterior"].to_dataset()
    dropped = [
        name for name in posterior.data_vars
        if "date" in posterior[name].dims and name != "media_temporal_latent_multiplier"]
    groups = {
        "posterior": posterior.drop_vars(dropped),
        "constant_data": idata["constant_data"].to_dataset(),
    }
    if "date" not in set().union(*(variable.dims for variable in groups["posterior"].data_vars.values())):
        groups["posterior"] = groups["posterior"].drop_dims("date", errors="ignore")
    if "sample_stats" in idata:
        groups["sample_stats"] = idata["sample_stats"].to_dataset()[["diverging"]]
    kept = xr.DataTree.from_dict(groups)
    kept.attrs.update(idata.attrs)
    mmm.idata = kept


def make(name, labels, arguments, seed, folder):
    rng = np.random.default_rng([seed, len(name)])
    data = simulate(labels, rng)
    if name == "unused_cell":
        data.loc[data["geo"] == "south", "radio"] = 0.0
    target = data.pop("sales")
    if "control_columns" not in arguments:
        data = data.drop(columns="price")
    mmm = MMM(
        date_column="date", target_column="sales", channel_columns=CHANNELS, dims=tuple(labels) or None, **arguments)
    condition(mmm, data, target, seed, is_sampled=name == "geo_hill")
    posterior = mmm.idata["posterior"].to_dataset()
    allocations, distribution = plans(mmm, rng)
    numbers = {
        "allocations": np.array([cells(plan, mmm) for plan in allocations]),
        "distribution": cells(distribution, mmm),
        "responses": responses(mmm, allocations, distribution),
    }
    contributions = posterior["channel_contribution"].sum("date") * mmm.scalers["_target"]
    numbers["contributions"] = cells(contributions, mmm).reshape(CHAINS * DRAWS, -1)
    without_dates(mmm)
    mmm.save(str(folder / f"{name}_{seed}.nc"))
    np.savez(folder / f"{name}_{seed}.npz", **numbers)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("."), help="folder for the files")
    parser.add_argument("--seeds", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--only", nargs="*", help="names of models; default all")
    options = parser.parse_args()

    warnings.filterwarnings("ignore")
    options.out.mkdir(parents=True, exist_ok=True)
    for seed in options.seeds:
        # Priors keep the dims they are given: each seed takes its own.
        for name, (labels, arguments) in models().items():
            if not options.only or name in options.only:
                make(name, labels, arguments, seed, options.out)
                print(name, seed, flush=True)


if __name__ == "__main__":
    main()
