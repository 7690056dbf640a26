"""Writes peer_responses.json: PyMC-Marketing's own response draws at a few plans for data/weekly/model.nc.

Needs Python 3.12 and `pip install pymc-marketing==1.3.0`. Run beside this file:
    python make_peer_responses.py ../../data/weekly/model.nc ../../data/weekly/data.csv
The model file holds no training table (the per-date deterministics and fit data are dropped), so the model is built from the
CSV with the file's own structure and given the file's draws.
"""

import json
import sys

import arviz as az
import numpy as np
import pandas as pd
import xarray as xr
from pymc_marketing.mmm import MMM, GeometricAdstock, LogisticSaturation
from pymc_marketing.mmm.budget_optimizer import BudgetOptimizer
from pymc_marketing.mmm.price_response import PowerPriceResponse

CHANNELS = ["tv", "search", "social", "display", "radio", "print"]
PERIODS = 13
EVERY = 50  # one draw in fifty is kept

model_path, table_path = sys.argv[1:3]
table = pd.read_csv(table_path, parse_dates=["date"])
mmm = MMM(
    date_column="date",
    channel_columns=CHANNELS,
    target_column="sales",
    control_columns=["promo"],
    yearly_seasonality=2,
    adstock=GeometricAdstock(l_max=8),
    saturation=LogisticSaturation(),
)
mmm.build_model(table.drop(columns="sales"), table["sales"])
mmm.add_original_scale_contribution_variable(var=["channel_contribution"])
mmm.idata = az.from_netcdf(model_path)

start = table["date"].max() + pd.Timedelta(weeks=1)
end = start + pd.Timedelta(weeks=PERIODS - 1)
rng = np.random.default_rng(20240701)
mean_spend = table[CHANNELS].mean().to_numpy()
total = mean_spend.sum()
plans = {
    "uniform": np.full(len(CHANNELS), total / len(CHANNELS)),
    "historical mean": mean_spend,
    "random": rng.dirichlet(np.ones(len(CHANNELS))) * total,
    "one channel only": np.array([0, total, 0, 0, 0, 0]),
}
flighting = rng.dirichlet(np.full(PERIODS, 4.0), len(CHANNELS)).T
cost = rng.uniform(0.4, 3.0, (PERIODS, len(CHANNELS)))
# A steep one, one whose reference is far above what is spent (so that the parabola near nothing counts), and gentle ones.
elasticity = {"tv": 0.6, "search": 0.25, "social": 0.05, "display": 0.9}
reference = np.array([1.0, 3.0, 0.2, 200.0, 1.0, 1.0]) * mean_spend


def by_period(values):
    return xr.DataArray(values, dims=("date", "channel"), coords={"date": np.arange(PERIODS), "channel": CHANNELS})


def draws(**options):
    optimizer = BudgetOptimizer(
        model=mmm.create_optimization_model(str(start.date()), str(end.date())),
        idata=mmm.idata,
        num_periods=PERIODS,
        carry_in_periods=mmm.effective_carryover_lags(),
        adstock_periods=mmm.effective_carryover_lags(),
        response_variable="total_media_contribution_original_scale",
        **options,
    )
    result = {}
    for name, plan in plans.items():
        labelled = xr.DataArray(plan, dims=("channel",), coords={"channel": CHANNELS})
        result[name] = np.asarray(optimizer.evaluate_response_distribution(labelled)).ravel()[::EVERY].tolist()
    return result


price = PowerPriceResponse(
    elasticity=elasticity,
    reference_spend=xr.DataArray(reference, dims=("channel",), coords={"channel": CHANNELS}),
    reference_spend_tolerance=1e6,
    assume_delivery_units=True,
)

fixture = {
    "made_by": "make_peer_responses.py, pymc-marketing 1.3.0",
    "channels": CHANNELS,
    "num_periods": PERIODS,
    "draw_step": EVERY,
    "money_per_period": {name: plan.tolist() for name, plan in plans.items()},
    "distribution": flighting.tolist(),
    "cost_per_unit": cost.tolist(),
    "elasticity": elasticity,
    "reference_spend": dict(zip(CHANNELS, reference.tolist())),
    "priced": draws(
        budget_distribution_over_period=by_period(flighting), cost_per_unit=by_period(cost), price_response=price),
    "uniform": draws(),
    "distributed": draws(budget_distribution_over_period=by_period(flighting), cost_per_unit=by_period(cost)),
}
with open("peer_responses.json", "w") as file:
    json.dump(fixture, file, indent=1)
