"""A generated instance, and its objective in numba: every draw's outcome and slopes, one thread, exact arithmetic."""

import numba
import numpy as np

# Money below this share of the budget is evaluated there: the logarithm of none is not a number.
LEAST = 1e-12


@numba.njit(error_model="numpy")
def _sums(ratios, powers, values, slopes):
    """Over periods: `h = 1 / (1 + a)` and `h² a`, with `a = ratios · powers`; draws along the rows, to go side by side."""
    channels, periods, draws = ratios.shape
    for c in range(channels):
        values[c, :] = 0.0
        slopes[c, :] = 0.0
        for t in range(periods):
            for d in range(draws):
                a = ratios[c, t, d] * powers[c, d]
                h = 1 / (1 + a)
                values[c, d] += h
                slopes[c, d] += h * h * a


class Instance:
    """Hill curves under normalised geometric carryover over a window, a fixed pattern, the periods after the plan counted.

    `h = x^n / (κ^n + x^n)` at `x = b A[t]` is `1 / (1 + (κ / A[t])^n b^-n)`: the first power is prepared, the second is one
    for a channel and draw, and each curve costs a division.
    """

    def __init__(self, words):
        self.family, self.seed = words["family"], words["seed"]
        self.budget = words["budget"]
        self.lower, self.upper = np.array(words["lower"]), np.array(words["upper"])
        self.beta, kappa, self.slope, retention = np.ascontiguousarray(np.load(words["curves"]).transpose(1, 0, 2))
        lags = retention[:, None, :] ** np.arange(words["window"])[:, None]
        lags /= lags.sum(axis=1, keepdims=True)
        pattern = np.array(words["pattern"])
        channels, self.periods = pattern.shape
        exposure = np.zeros((channels, self.periods + words["window"] - 1, kappa.shape[1]))
        for lag in range(words["window"]):
            exposure[:, lag : lag + self.periods] += lags[:, lag, None, :] * pattern[:, :, None]
        self.ratios = (kappa[:, None, :] / exposure) ** self.slope[:, None, :]
        self.values, self.slopes = np.empty_like(self.beta), np.empty_like(self.beta)

    def sums(self, money):
        """Responses and their slopes, channels by draws, at money over the horizon; the arrays are used again."""
        money = np.maximum(money, LEAST * self.budget)[:, None]
        _sums(self.ratios, np.exp(-self.slope * np.log(money)), self.values, self.slopes)
        self.values *= self.beta
        self.slopes *= self.beta * self.slope / money
        return self.values, self.slopes

    def outcome(self, money):
        """Every draw's outcome, and its slopes, channels by draws."""
        values, slopes = self.sums(money)
        return values.sum(axis=0), slopes

    def feasible(self, money):
        """The same money within bounds and exactly the budget: what is missing is added in proportion to the room above, what is
        too much taken in proportion to what is above the lower bounds."""
        money = np.clip(money, self.lower, self.upper)
        missing = self.budget - money.sum()
        room = self.upper - money if missing > 0 else money - self.lower
        return money + missing * room / room.sum() if missing else money

    def spends(self, money):
        """Whether it is within the bounds, and the whole budget."""
        slack = 1e-9 * self.budget
        inside = np.all(money >= self.lower - slack) and np.all(money <= self.upper + slack)
        return bool(inside and abs(money.sum() - self.budget) <= slack)
