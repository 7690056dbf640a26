"""PyMC-Marketing's estimators of utilities over outcome draws, with their derivatives, for a solver driven by hand."""

import numpy as np


def _quantile(outcome, level):
    """Interpolated between order statistics, and its weights."""
    position = level * (len(outcome) - 1)
    below, above = int(np.floor(position)), int(np.ceil(position))
    order = np.argpartition(outcome, [below, above])
    share = position - below
    weights = np.zeros(len(outcome))
    weights[order[below]] += 1 - share
    weights[order[above]] += share
    return weights @ outcome, weights


def score(name, options, periods):
    """`(outcome, money) -> value, d value / d outcome, d value / d money`; money is over the horizon."""

    def even(outcome):
        return np.full(len(outcome), 1 / len(outcome))

    def mean(outcome, money):
        return outcome.mean(), even(outcome), 0.0

    def raroc(outcome, money):
        capital = np.sum(money) / periods
        value = outcome.mean() / capital
        return value, even(outcome) / capital, -value / capital / periods

    def sharpe(outcome, money):
        middle, sd = outcome.mean(), outcome.std(ddof=1)
        weights = even(outcome) / sd - middle / sd**3 * (outcome - middle) / (len(outcome) - 1)
        return middle / sd, weights, 0.0

    def expected_shortfall(outcome, money):
        tail = outcome <= _quantile(outcome, options["tail"])[0]
        weights = tail / tail.sum()
        return weights @ outcome, weights, 0.0

    def quantile(outcome, money):
        return *_quantile(outcome, options["level"]), 0.0

    def blend(outcome, money):
        a = options["a"]
        value, weights = _quantile(outcome, options["level"])
        return (1 - a) * outcome.mean() + a * value, (1 - a) * even(outcome) + a * weights, 0.0

    def mean_tightness(outcome, money):
        middle = outcome.mean()
        high, high_weights = _quantile(outcome, options["level"])
        low, low_weights = _quantile(outcome, 1 - options["level"])
        above, below = np.sign(high - middle), np.sign(middle - low)
        distance = abs(high - middle) + abs(middle - low)
        weights = above * high_weights - below * low_weights + (below - above) * even(outcome)
        weights = -options["alpha"] * (weights / middle - distance / middle**2 * even(outcome))
        return 1 - options["alpha"] * distance / middle, weights, 0.0

    return locals()[name]
