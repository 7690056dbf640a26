"""Apportion's estimators of the measured utilities: value, and weights of the draws, from outcome draws."""

import numpy as np


def mean(outcome):
    return outcome.mean(), np.full(len(outcome), 1 / len(outcome))


def expected_shortfall(outcome, tail):
    """The mean of the worst share of draws, the boundary draw counted in part."""
    size = tail * len(outcome)
    whole = int(np.ceil(size - 1e-9 * size))
    order = np.argpartition(outcome, whole - 1)[:whole]
    weights = np.zeros(len(outcome))
    weights[order] = 1 / size
    weights[order[whole - 1]] = (size - (whole - 1)) / size
    return weights @ outcome, weights


def mean_deviation(outcome, **options):
    middle, deviation = outcome.mean(), outcome.std(ddof=1)
    standard = (outcome - middle) / deviation
    weights = 1 / len(outcome) - options["lambda"] * standard / (len(outcome) - 1)
    return middle - options["lambda"] * deviation, weights


def entropic(outcome, gamma):
    least = outcome.min()
    powers = np.exp(-gamma * (outcome - least))
    return least - np.log(powers.mean()) / gamma, powers / powers.sum()


def shortfall(outcome, target, **options):
    missing = np.maximum(target - outcome, 0)
    weights = (1 + options["lambda"] * (outcome < target)) / len(outcome)
    return outcome.mean() - options["lambda"] * missing.mean(), weights


def quantile(outcome, level):
    """Linear between the two order statistics beside it."""
    place = level * (len(outcome) - 1)
    low = int(place)
    order = np.argpartition(outcome, [low, low + 1])
    weights = np.zeros(len(outcome))
    weights[order[low]], weights[order[low + 1]] = low + 1 - place, place - low
    return weights @ outcome, weights


def can_be_compared(utility, unspent):
    """Whether an answer that keeps some of the money stands beside those that must spend it: not where more may be worse."""
    return utility["name"] != "mean_deviation" or unspent <= 1e-9


class Objective:
    """A utility of an instance: its value and gradient at money over the horizon, and how often it was asked for."""

    def __init__(self, instance, utility):
        self.instance = instance
        self.score, self.options = globals()[utility["name"]], utility["options"]
        self.evaluations = 0

    def __call__(self, money):
        self.evaluations += 1
        outcome, slopes = self.instance.outcome(np.asarray(money, dtype=float))
        value, weights = self.score(outcome, **self.options)
        return float(value), slopes @ weights
