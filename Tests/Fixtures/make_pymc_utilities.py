"""Writes pymc_utilities.json: outcome draws, and what PyMC-Marketing 1.3.0's own utilities make of them.

    pip install pymc-marketing==1.3.0
    python make_pymc_utilities.py

Outcomes are gamma draws of the size and skew of a media response, rounded so that the file stays small; one has ties.
"""

import json
from pathlib import Path

import numpy as np
from pymc_marketing.mmm import utility
from pytensor.xtensor.type import as_xtensor

generator = np.random.default_rng(20240601)
PERIODS = 13


def evaluate(function, samples, budgets):
    return float(function(samples, budgets).eval())


cases = []
for draws, channels in [(7, 3), (61, 4), (200, 6)]:
    responses = np.round(generator.gamma(6.0, 2.5e5, size=(draws, channels)), 1)
    if draws == 61:
        responses[5:9] = responses[20]
    outcome = responses.sum(axis=1)
    spend = np.round(generator.uniform(1e4, 9e4, size=channels), 2)
    samples = as_xtensor(outcome, dims=("sample",))
    budgets = as_xtensor(spend, dims=("channel",))
    by_channel = as_xtensor(responses, dims=("sample", "channel"))
    values = {
        "mean": evaluate(utility.average_response, samples, budgets),
        "sharpe 0": evaluate(utility.sharpe_ratio(0.0), samples, budgets),
        "sharpe 1000000": evaluate(utility.sharpe_ratio(1e6), samples, budgets),
        "raroc 0": evaluate(utility.raroc(0.0), samples, budgets),
        "raroc 1000000": evaluate(utility.raroc(1e6), samples, budgets),
        "entropy_of_shares": evaluate(utility.portfolio_entropy, samples, budgets),
        "diversification_ratio": evaluate(utility.diversification_ratio, by_channel, budgets),
    }
    for c in (0.5, 0.75, 0.9, 0.95):
        values[f"quantile {c}"] = evaluate(utility.value_at_risk(c), samples, budgets)
        values[f"expected_shortfall {c}"] = evaluate(utility.conditional_value_at_risk(c), samples, budgets)
        values[f"tail_distance {c}"] = evaluate(utility.tail_distance(c), samples, budgets)
        values[f"mean_tightness {c}"] = evaluate(utility.mean_tightness_score(0.5, c), samples, budgets)
        values[f"blend {c}"] = evaluate(utility.adjusted_value_at_risk_score(c, 0.8), samples, budgets)
    cases.append({"responses": responses.T.tolist(), "spendPerPeriod": spend.tolist(), "values": values})

path = Path(__file__).with_name("pymc_utilities.json")
path.write_text(json.dumps({"periodCount": PERIODS, "cases": cases}) + "\n")
