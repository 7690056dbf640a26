"""The plans compared: each is `data/weekly/plan.yaml` with some keys changed, read by both sides from the same words."""

import dataclasses
import functools
import json
import pathlib

import numpy as np
import pandas as pd
import yaml

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WEEKLY = ROOT / "data" / "weekly"

# What PyMC-Marketing calls the response: everything on its axis, history's own carryover included.
PEERS_MEASURE = {"measure": "response", "horizon.include_history": True}
# The average week of the data, and no bound but the budget.
UNBOUNDED = {**PEERS_MEASURE, "budget.per_period": 191405.98, "bounds": {}}
# Within half of the average week, over 13 weeks.
BOUNDS = {
    "tv": [600524.3135, 1801572.9405],
    "search": [330323.415, 990970.245],
    "social": [209854.918, 629564.754],
    "display": [42768.9315, 128306.8245],
    "radio": [50513.2115, 151539.6345],
    "print": [10154.098, 30462.294],
}
HALF = {**UNBOUNDED, "bounds": BOUNDS}
SPREAD = {"distribution": {"file": str(HERE / "plans" / "distribution.csv")}}
PRICED = {"cost_per_unit": {"file": str(HERE / "plans" / "cost.csv")}}


def pymc(name, **options):
    """A utility by PyMC-Marketing's estimator; it says `1 - confidence` where plans say the tail, to the last bit."""
    return {"utility": {name: {**options, "compat": "pymc"}}}


@dataclasses.dataclass(frozen=True)
class Plan:
    """A name for the tables, and what is changed in the plan file."""

    name: str
    settings: dict

    @property
    def arguments(self):
        """As `--set` takes them: JSON is YAML."""
        return [f"{key}={json.dumps(value)}" for key, value in self.settings.items()]

    @functools.cached_property
    def words(self):
        """The plan file's own mapping with the settings in it."""
        words = yaml.safe_load((WEEKLY / "plan.yaml").read_text())
        for key, value in self.settings.items():
            *parents, last = key.split(".")
            place = words
            for parent in parents:
                place = place.setdefault(parent, {})
            place[last] = value
        return words

    @functools.cached_property
    def periods(self):
        return self.words["horizon"]["num_periods"]

    @functools.cached_property
    def budget(self):
        """Money over the horizon."""
        budget = self.words["budget"]
        return budget["per_period"] * self.periods if "per_period" in budget else float(budget["total"])

    @functools.cached_property
    def budget_per_period(self):
        """To the last bit as the plan gives it: the peer's solver takes another path where one bit differs."""
        return self.words["budget"].get("per_period", self.budget / self.periods)

    def bounds(self, channels):
        """Money over the horizon, lower and upper by channel."""
        bounds = self.words.get("bounds", {})
        return np.array([bounds.get(channel, (0.0, self.budget)) for channel in channels], dtype=float)

    @property
    def utility(self):
        """The utility's name and options."""
        utility = self.words["utility"]
        return (utility, {}) if isinstance(utility, str) else next(iter(utility.items()))

    def table(self, key, column, channels):
        """Periods by channels from the file that the plan names; None where it names none."""
        value = self.words.get(key)
        if not isinstance(value, dict):
            return None
        rows = pd.read_csv(value["file"])
        return rows.pivot(index="period", columns="channel", values=column)[channels].to_numpy()


def confidence(level):
    """The tail that the peer's `1 - confidence` is."""
    return 1 - level


PLANS = [
    Plan("mean, bounds of plan.yaml", PEERS_MEASURE),
    Plan("mean, unbounded", UNBOUNDED),
    Plan("mean, half to one and a half", HALF),
    Plan("mean, twice the budget", {**UNBOUNDED, "budget.per_period": 382811.96}),
    Plan("mean, 10 weeks", {**UNBOUNDED, "horizon.num_periods": 10}),
    Plan("mean, spread unevenly", {**UNBOUNDED, **SPREAD}),
    Plan("mean, costs by week", {**UNBOUNDED, **PRICED}),
    Plan("mean, spread, costs, bounds", {**HALF, **SPREAD, **PRICED}),
    Plan("RAROC", {**UNBOUNDED, **pymc("raroc")}),
    Plan("Sharpe", {**UNBOUNDED, **pymc("sharpe")}),
    Plan("expected shortfall 25 %", {**UNBOUNDED, **pymc("expected_shortfall", tail=confidence(0.75))}),
    Plan("expected shortfall 5 %, bounds", {**HALF, **pymc("expected_shortfall", tail=confidence(0.95))}),
    Plan("quantile 25 %", {**UNBOUNDED, **pymc("quantile", level=confidence(0.75))}),
    Plan("adjusted value at risk 5 %", {**UNBOUNDED, **pymc("blend", a=0.8, level=confidence(0.95))}),
    Plan("mean tightness, bounds", {**HALF, **pymc("mean_tightness", alpha=0.5, level=0.75)}),
]
