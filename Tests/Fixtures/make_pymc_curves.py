"""Writes pymc_curves.json: what PyMC-Marketing 1.3.0's own saturations, adstocks and both orders of them give.

    pip install pymc-marketing==1.3.0
    python make_pymc_curves.py

Media stay where PyMC-Marketing's formulas keep their digits: the differences it takes cancel at small media.
"""

import json
from pathlib import Path

import numpy as np
import pytensor.tensor as pt
from pymc_marketing.mmm.components import adstock, saturation
from pytensor.xtensor import as_xtensor

MEDIA = [0.0, 0.05, 0.4, 1.0, 2.5, 9.0, 60.0]


def series(values):
    return as_xtensor(pt.as_tensor_variable(np.asarray(values, dtype=float)), dims=("time",))


def constants(values):
    return {name: as_xtensor(pt.as_tensor_variable(np.asarray(value, dtype=float)), dims=()) for name, value in values.items()}


def curve(transformation, media, values):
    return transformation.function(media, **constants(values))


def carried(transformation, media, values):
    return transformation.function(media, **constants(values), dim="time")


SATURATIONS = {
    "hill": (saturation.HillSaturation, [dict(beta=2.5, kappa=0.7, slope=2.2), dict(beta=1, kappa=3, slope=0.6)]),
    "hill_sigmoid": (
        saturation.HillSaturationSigmoid,
        [dict(sigma=2.5, beta=1.5, lam=2), dict(sigma=1, beta=4, lam=0.3), dict(sigma=1, beta=2, lam=0)],
    ),
    "logistic": (saturation.LogisticSaturation, [dict(beta=2.5, lam=0.8), dict(beta=0.1, lam=3)]),
    "inverse_scaled_logistic": (
        saturation.InverseScaledLogisticSaturation,
        [dict(beta=2.5, lam=0.8), dict(beta=0.1, lam=3)],
    ),
    "michaelis_menten": (saturation.MichaelisMentenSaturation, [dict(alpha=2.5, lam=0.8), dict(alpha=0.1, lam=30)]),
    "tanh": (saturation.TanhSaturation, [dict(b=2.5, c=0.8), dict(b=0.1, c=3)]),
    "tanh_baselined": (
        saturation.TanhSaturationBaselined,
        [dict(x0=1.5, gain=0.6, r=0.4, beta=2), dict(x0=20, gain=3, r=0.97, beta=0.1)],
    ),
    "root": (saturation.RootSaturation, [dict(beta=2.5, alpha=0.3), dict(beta=2, alpha=1)]),
    "log": (saturation.LogSaturation, [dict(beta=2.5)]),
    "linear": (saturation.NoSaturation, [dict(beta=2.5)]),
}

CARRYOVERS = {
    "geometric": (adstock.GeometricAdstock, [dict(alpha=0), dict(alpha=0.35), dict(alpha=1)]),
    "geometric_half_life": (adstock.GeometricAdstock, [dict(halflife=0.4), dict(halflife=5)]),
    "delayed": (adstock.DelayedAdstock, [dict(alpha=0.4, theta=1.7), dict(alpha=0.9, theta=0), dict(alpha=0, theta=1)]),
    "delayed_half_life": (adstock.DelayedAdstock, [dict(halflife=0.8, theta=1.7), dict(halflife=4, theta=3)]),
    "binomial": (adstock.BinomialAdstock, [dict(alpha=0.1), dict(alpha=0.6), dict(alpha=1)]),
    "weibull_pdf": (adstock.WeibullPDFAdstock, [dict(lam=2, k=3), dict(lam=5, k=0.7), dict(lam=0.6, k=1)]),
    "weibull_cdf": (adstock.WeibullCDFAdstock, [dict(lam=2, k=3), dict(lam=5, k=0.7), dict(lam=0.6, k=1)]),
    "none": (adstock.NoAdstock, [dict()]),
}

WINDOWS = [2, 5, 13]

saturations = [
    {"name": name, "parameters": values, "values": curve(family(), series(MEDIA), values).eval().tolist()}
    for name, (family, rows) in SATURATIONS.items()
    for values in rows
]


def adstock_of(family, window, normalize, values):
    given = {"parametrization": "halflife"} if "halflife" in values else {}
    return family(l_max=window, normalize=normalize, **given)


carryovers = [
    {
        "name": name,
        "parameters": values,
        "isNormalized": normalize,
        # What a unit of media in the first period leaves in it and after it: the lag weights.
        "weights": carried(adstock_of(family, window, normalize, values), series(np.eye(window)[0]), values)
        .eval()
        .tolist(),
    }
    for name, (family, rows) in CARRYOVERS.items()
    for values in rows
    for window in WINDOWS
    for normalize in (False, True)
]

flighting = [0.0, 1.2, 0.0, 0.0, 3.0, 0.4, 0.4, 0.0, 0.4, 2.0, 1.2, 0.0]
orders = []
for normalize in (False, True):
    curve_parameters, lag_parameters = dict(beta=2.5, kappa=0.7, slope=2.2), dict(alpha=0.6, theta=1.7)
    hill, delayed = saturation.HillSaturation(), adstock.DelayedAdstock(l_max=5, normalize=normalize)
    media = series(flighting)
    orders.append(
        {
            "isNormalized": normalize,
            "carryoverFirst": curve(hill, carried(delayed, media, lag_parameters), curve_parameters).eval().sum(),
            "saturationFirst": carried(delayed, curve(hill, media, curve_parameters), lag_parameters).eval().sum(),
        }
    )

path = Path(__file__).with_name("pymc_curves.json")
fixture = {"media": MEDIA, "saturations": saturations, "carryovers": carryovers, "flighting": flighting, "orders": orders}
path.write_text(json.dumps(fixture) + "\n")
