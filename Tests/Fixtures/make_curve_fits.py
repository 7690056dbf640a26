"""Series of spend and response, and the best that SciPy's curve_fit makes of each from forty starts: curve_fits.json.

Needs numpy and SciPy (made with 2.4.6 and 1.18.1): python3 make_curve_fits.py
"""

import json
import pathlib

import numpy as np
from scipy.optimize import curve_fit

random = np.random.default_rng(20260101)

FAMILIES = {
    "hill": lambda x, beta, kappa, slope: beta * x**slope / (kappa**slope + x**slope),
    "hill_bottom": lambda x, top, bottom, k, slope: bottom + (top - bottom) * x**slope / (k**slope + x**slope),
    "michaelis_menten": lambda x, alpha, lam: alpha * x / (lam + x),
    "logistic": lambda x, beta, lam: beta * np.tanh(lam * x / 2),
    "exponential": lambda x, beta, lam: -beta * np.expm1(-lam * x),
    "root": lambda x, beta, alpha: beta * x**alpha,
    "hill_sigmoid": lambda x, sigma, beta, lam: sigma / (1 + np.exp(-beta * (x - lam))) - sigma / (1 + np.exp(beta * lam)),
}

# family, true parameters, noise as a share of the mean response, observations, scale of spend
CASES = [
    ("hill", (5e4, 8e3, 1.6), 0.05, 60, 2.5e4),
    ("hill", (120.0, 0.4, 3.0), 0.08, 52, 1.0),
    ("hill", (2e6, 4e5, 0.7), 0.03, 80, 1e6),
    ("hill_bottom", (900.0, 150.0, 40.0, 2.2), 0.04, 70, 100.0),
    ("michaelis_menten", (3e5, 2e4), 0.06, 60, 5e4),
    ("michaelis_menten", (10.0, 3e-3), 0.1, 40, 1e-2),
    ("logistic", (5e4, 2e-5), 0.05, 60, 1.5e5),
    ("logistic", (7.0, 1.5), 0.1, 40, 4.0),
    ("exponential", (4e3, 1e-3), 0.05, 60, 3e3),
    ("root", (35.0, 0.45), 0.05, 60, 1e4),
    ("hill_sigmoid", (1e3, 0.08, 45.0), 0.04, 70, 100.0),
    ("hill", (1e5, 9e3, 2.4), 0.03, 60, 5e3),  # never near its ceiling
]


def starts(family, x, y):
    top, size = y.max(), x.max()
    for _ in range(40):
        ceiling = top * np.exp(random.uniform(0, 2.5))
        half = size * np.exp(random.uniform(-3, 1.5))
        slope = np.exp(random.uniform(-0.7, 1.5))
        yield {
            "hill": (ceiling, half, slope),
            "hill_bottom": (ceiling, y.min(), half, slope),
            "michaelis_menten": (ceiling, half),
            "logistic": (ceiling, np.log(3) / half),
            "exponential": (ceiling, np.log(2) / half),
            "root": (top / size**0.5, random.uniform(0.1, 0.9)),
            "hill_sigmoid": (ceiling, 4 * slope / half, half),
        }[family]


def best(family, x, y):
    curve, found = FAMILIES[family], None
    for start in starts(family, x, y):
        lower = [-np.inf if family == "hill_bottom" and k == 1 else 0 for k in range(len(start))]
        upper = [1 if family == "root" and k == 1 else np.inf for k in range(len(start))]
        try:
            point, covariance = curve_fit(
                curve, x, y, p0=start, bounds=(lower, upper), x_scale=np.abs(start), ftol=1e-15, xtol=1e-15, gtol=1e-15,
                max_nfev=4000)
        except (RuntimeError, ValueError):
            continue
        residual = float(((y - curve(x, *point)) ** 2).sum())
        if found is None or residual < found[0]:
            found = (residual, point, np.sqrt(np.diag(covariance)))
    return found


series = []
with np.errstate(all="ignore"):
    for family, truth, noise, count, scale in CASES:
        x = np.exp(random.normal(0, 0.8, count))
        x = np.round(x / x.max() * scale, 12)
        clean = FAMILIES[family](x, *truth)
        y = clean + random.normal(0, noise * clean.mean(), count)
        residual, point, errors = best(family, x, y)
        series.append(
            {
                "family": family, "truth": truth, "spend": [float(f"{v:.7g}") for v in x],
                "response": [float(f"{v:.7g}") for v in y],
            })
        x, y = np.array(series[-1]["spend"]), np.array(series[-1]["response"])
        residual, point, errors = best(family, x, y)
        series[-1] |= {"residual": residual, "parameters": list(point), "standard_errors": list(errors)}
        print(family, residual, point, errors)

path = pathlib.Path(__file__).with_name("curve_fits.json")
path.write_text(json.dumps(series, indent=1).replace("\n   ", " ").replace("\n  ]", " ]") + "\n")
