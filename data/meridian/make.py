"""Make the models in this folder: one of each structure that Meridian has, and the library's own numbers for each.

    python3.12 -m venv venv
    venv/bin/pip install "google-meridian==2.1.0"
    venv/bin/python make.py --out made

Each NAME_SEED.nc is what `mmm.inference_data.to_netcdf` writes, NAME_SEED.csv the data that the model was made from, read by
Meridian's own CsvDataLoader. Of seed 1 some are sampled (SAMPLED); in the others a second draw from the prior stands in the place
of the posterior: numbers as diverse as the model allows, in no time. Beside them NAME_SEED.npz:
    multipliers   (plan, channel)              on each channel's media, or on its reach; media channels first
    frequency     (channel)                    at which reach and frequency channels are held; 0 for the others
    posterior     (plan, draw, geo, channel)   `Analyzer.incremental_outcome`, summed over the periods, chain after chain
    prior         (plan, draw, geo, channel)   the same under the group `prior`
    posterior_observed, prior_observed         of reach and frequency channels, the same at the frequencies observed
Geos are in the order of the file.
"""
import argparse
import pathlib
import warnings

import arviz as az
import numpy as np
import pandas as pd
import xarray as xr
from meridian import backend
from meridian.analysis import analyzer
from meridian.analysis.tensors import DataTensors
from meridian.data import load
from meridian.model import model, prior_distribution, spec

tfd = backend.tfd

CHAINS, DRAWS, WEEKS = 2, 20, 32
PLANS = 4
GEOS = {"south": 900_000.0, "north": 410_000.0, "east": 1_250_000.0}
SAMPLED = ["geo_geometric", "national", "reach_frequency"]


def slopes(*names):
    """Hill slopes on both sides of 1; without names only those that Meridian lets vary by default."""
    return prior_distribution.PriorDistribution(**{name: tfd.LogNormal(np.float64(0.3), np.float64(0.4)) for name in names})


def models():
    """Name -> how the data are made, and the model's own arguments."""
    return {
        # Media before saturation, as by default.
        "geo_geometric": (dict(), dict(max_lag=5)),
        # Decay and saturation by channel; slopes that vary.
        "by_channel": (dict(), dict(
            max_lag=4, prior=slopes("slope_m"), adstock_decay_spec={"tv": "binomial", "social": "binomial"},
            saturation_spec={"search": "none"})),
        # Saturation before carryover, and effects that may be negative.
        "hill_first": (dict(), dict(
            max_lag=6, prior=slopes("slope_m"), hill_before_adstock=True, adstock_decay_spec="binomial",
            media_effects_dist="normal")),
        # No geos, no population, and an outcome that is revenue itself.
        "national": (dict(national=True), dict(max_lag=3, prior=slopes("slope_m"))),
        # Two channels of reach and frequency, beside organic media, a treatment and a control.
        "reach_frequency": (dict(rf=["video", "audio"], extra=True), dict(
            max_lag=4, prior=slopes("slope_rf"), adstock_decay_spec={"audio": "binomial"},
            saturation_spec={"audio": "none"})),
        # Media of six weeks before the first outcome; a window longer than some of it; no worth of the outcome.
        "lead_in": (dict(lead=6, worth=False), dict(max_lag=8)),
    }


def simulate(rng, *, national=False, rf=(), extra=False, lead=0, worth=True):
    """One row a week and geo, in an order that is not the file's."""
    dates = pd.date_range("2024-01-01", periods=WEEKS, freq="7D").strftime("%Y-%m-%d")
    rows = []
    for geo, people in [("all", 1e6)] if national else GEOS.items():
        row = {"geo": geo, "time": dates, "population": people}
        for channel, level, on in [("tv", 0.9, 0.6), ("search", 0.6, 1), ("social", 0.4, 0.8)][: 2 if rf else 3]:
            media = np.round(people * level * rng.lognormal(0, 0.5, WEEKS) * (rng.random(WEEKS) < on))
            row[f"{channel}_impression"] = media
            row[f"{channel}_spend"] = np.round(media * level / 50, 2)
        for channel in rf:
            reach = np.round(people * rng.uniform(0.05, 0.4, WEEKS) * (rng.random(WEEKS) < 0.9))
            frequency = np.round(rng.uniform(1, 6, WEEKS), 3)
            row |= {f"{channel}_reach": reach, f"{channel}_frequency": frequency,
                    f"{channel}_spend": np.round(reach * frequency * 0.01, 2)}
        total = sum(values for name, values in row.items() if name.endswith("_spend"))
        row["conversions"] = np.round(people / 20 * rng.lognormal(0, 0.2, WEEKS) + 0.3 * total, 2)
        if worth and not national:
            row["revenue_per_conversion"] = np.round(rng.uniform(2, 6, WEEKS), 4)
        if extra:
            row |= {"newsletter": np.round(people * rng.uniform(0, 0.1, WEEKS)),
                    "price": np.round(rng.uniform(1, 2, WEEKS), 3), "weather": np.round(rng.normal(0, 1, WEEKS), 3)}
        rows.append(pd.DataFrame(row))
    data = pd.concat(rows, ignore_index=True)
    if national:
        data = data.drop(columns=["geo", "population"])
    if lead:
        late = [name for name in data if name not in ("geo", "time") and not name.endswith("_impression")]
        data.loc[data["time"] < dates[lead], late] = np.nan
    return data


def columns(data, ending):
    return {name: name.removesuffix(ending) for name in data if name.endswith(ending)}


def loaded(path, data):
    media, reach, frequency = (columns(data, ending) for ending in ("_impression", "_reach", "_frequency"))
    spend = columns(data, "_spend")
    media_spend = {name: channel for name, channel in spend.items() if channel in media.values()}
    rf_spend = {name: channel for name, channel in spend.items() if channel in reach.values()}
    optional = {"organic_media": "newsletter", "non_media_treatments": "price", "controls": "weather"}
    rf = dict(reach=list(reach), frequency=list(frequency), rf_spend=list(rf_spend)) if reach else {}
    rf_names = dict(
        reach_to_channel=reach, frequency_to_channel=frequency, rf_spend_to_channel=rf_spend) if reach else {}
    return load.CsvDataLoader(
        csv_path=str(path),
        coord_to_columns=load.CoordToColumns(
            kpi="conversions", media=list(media), media_spend=list(media_spend),
            revenue_per_kpi="revenue_per_conversion" if "revenue_per_conversion" in data else None, **rf,
            **{key: [name] for key, name in optional.items() if name in data}),
        kpi_type="non_revenue" if "geo" in data else "revenue",
        media_to_channel=media, media_spend_to_channel=media_spend, **rf_names).load()


def condition(mmm, seed, is_sampled):
    """Gives the model a prior and a posterior."""
    if is_sampled:
        mmm.sample_prior(DRAWS, seed=seed)
        mmm.sample_posterior(n_chains=CHAINS, n_adapt=100, n_burnin=50, n_keep=DRAWS, seed=seed)
        return
    mmm.sample_prior(CHAINS * DRAWS, seed=seed + 100)
    drawn = mmm.inference_data.prior
    chains = [
        drawn.isel(chain=0, draw=slice(chain * DRAWS, (chain + 1) * DRAWS)).assign_coords(draw=np.arange(DRAWS))
        .drop_vars("chain") for chain in range(CHAINS)]
    posterior = xr.concat(chains, dim="chain").assign_coords(chain=np.arange(CHAINS))
    mmm.sample_prior(DRAWS, seed=seed)
    mmm.inference_data.extend(az.InferenceData(posterior=posterior), join="right")


def outcomes(mmm, multipliers, frequency):
    """By plan and group: the incremental outcome by draw, geo and paid channel; without a frequency at those observed."""
    data = mmm.input_data
    media_count = len(data.media_channel)
    analysis = analyzer.Analyzer(model_context=mmm.model_context, inference_data=mmm.inference_data)
    found = {"posterior": [], "prior": []}
    for plan in multipliers:
        new = {"media": data.media.values * plan[:media_count]}
        if data.rf_channel is not None:
            held = data.frequency.values if frequency is None else frequency[media_count:]
            impressions = data.reach.values * data.frequency.values
            new |= {"reach": (data.reach.values if frequency is None else impressions / held) * plan[media_count:], "frequency": np.ones_like(impressions) * held}
        tensors = DataTensors(**{name: backend.to_tensor(values) for name, values in new.items()})
        for group, plans in found.items():
            draws = np.asarray(analysis.incremental_outcome(
                use_posterior=group == "posterior", new_data=tensors, aggregate_geos=False,
                include_non_paid_channels=False, use_kpi=data.revenue_per_kpi is None))
            plans.append(draws.reshape(-1, *draws.shape[2:]))
    return {group: np.array(plans, dtype=np.float64) for group, plans in found.items()}


def read(draws, name):
    """Of all models but the first only what a reader needs, and the variable along time."""
    if name == "geo_geometric":
        return draws
    return draws[[
        variable for variable in draws if variable.split("_")[0] in ("alpha", "ec", "slope", "beta", "mu")]]


def make(name, options, arguments, seed, folder):
    rng = np.random.default_rng([seed, len(name)])
    data = simulate(rng, **options)
    path = folder / f"{name}_{seed}.csv"
    data.to_csv(path, index=False)
    mmm = model.Meridian(input_data=loaded(path, data), model_spec=spec.ModelSpec(**arguments))
    condition(mmm, seed, is_sampled=seed == 1 and name in SAMPLED)
    channels = len(mmm.input_data.get_all_paid_channels())
    media_count = len(mmm.input_data.media_channel)
    multipliers = np.ones((PLANS, channels))
    multipliers[1] = rng.uniform(0, 3, channels)
    multipliers[2, ::2] = 0
    multipliers[3] = rng.lognormal(0, 1.5, channels)
    frequency = np.zeros(channels)
    frequency[media_count:] = np.round(rng.uniform(1.5, 4, channels - media_count), 2)
    numbers = outcomes(mmm, multipliers, frequency)
    if channels > media_count:
        observed = outcomes(mmm, multipliers, None)
        numbers |= {f"{group}_observed": draws for group, draws in observed.items()}
    np.savez(folder / f"{name}_{seed}.npz", multipliers=multipliers, frequency=frequency, **numbers)
    kept = {group: read(mmm.inference_data[group], name) for group in ("posterior", "prior")}
    if "sample_stats" in mmm.inference_data.groups():
        kept["sample_stats"] = mmm.inference_data.sample_stats[["diverging"]]
    az.InferenceData(**kept).to_netcdf(str(folder / f"{name}_{seed}.nc"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("."), help="folder for the files")
    parser.add_argument("--seeds", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--only", nargs="*", help="names of models; default all")
    options = parser.parse_args()

    warnings.filterwarnings("ignore")
    options.out.mkdir(parents=True, exist_ok=True)
    for seed in options.seeds:
        for name, (data, arguments) in models().items():
            if not options.only or name in options.only:
                make(name, data, arguments, seed, options.out)
                print(name, seed, flush=True)


if __name__ == "__main__":
    main()
