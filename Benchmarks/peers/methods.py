"""How the peers look for an allocation, on one objective: each returns money over the horizon."""

import math

import numpy as np
from scipy.optimize import differential_evolution, minimize

# Money and response in ordinary units: instances count both in tens of thousands.
UNITS = 1e4
STARTS = 20
# Of differential evolution: SciPy's default population, fifteen for each channel, for so many generations.
GENERATIONS = 100
# Meridian's default.
GTOL = 1e-4


def even(instance):
    """Money spread evenly, as nearly as bounds allow."""
    channels = len(instance.lower)
    return instance.feasible(np.full(channels, instance.budget / channels))


def slsqp(objective, start=None):
    """SciPy's SLSQP as an expert would drive it: shares of the budget, a scaled objective, one start, money spread evenly where
    none is given."""
    instance = objective.instance
    start = even(instance) if start is None else start
    scale = np.abs(objective(start)[1]).max() * instance.budget

    def scaled(shares):
        value, gradient = objective(shares * instance.budget)
        return -value / scale, -gradient * instance.budget / scale

    result = minimize(
        scaled, start / instance.budget, jac=True, method="SLSQP",
        bounds=np.column_stack([instance.lower, instance.upper]) / instance.budget,
        constraints={"type": "eq", "fun": lambda x: x.sum() - 1, "jac": np.ones_like},
        options={"ftol": 1e-10, "maxiter": 1000},
    )  # fmt: skip
    return instance.feasible(result.x * instance.budget)


def many_slsqp(objective, count=STARTS):
    """The same from so many starts: money spread evenly, and shares drawn evenly from all there are, moved within bounds."""
    instance = objective.instance
    random = np.random.default_rng(1)
    shares = random.dirichlet(np.ones(len(instance.lower)), count - 1)
    starts = [even(instance)] + [instance.feasible(share * instance.budget) for share in shares]
    return max((slsqp(objective, start) for start in starts), key=lambda money: objective(money)[0])


def pymc_slsqp(objective):
    """As PyMC-Marketing 1.3 drives it: money by period in its own units, an absolute tolerance, and the objective divided by its
    steepest slope at the start where that is above one; once more from the end where slopes have fallen tenfold."""
    instance = objective.instance
    channels = len(instance.lower)
    per_period = UNITS / instance.periods
    bounds = np.column_stack([instance.lower, instance.upper]) * per_period
    budget = instance.budget * per_period

    def cost(x):
        value, gradient = objective(x / per_period)
        return -value * UNITS, -gradient * UNITS / per_period

    def steepest(x):
        return max(1.0, np.abs(cost(np.clip(x, *bounds.T))[1]).max())

    def solve(start, scale):
        def scaled(x):
            value, gradient = cost(x)
            return value / scale, gradient / scale

        return minimize(
            scaled, start, jac=True, method="SLSQP", bounds=bounds,
            constraints={"type": "eq", "fun": lambda x: budget - x.sum(), "jac": lambda x: -np.ones_like(x)},
            options={"ftol": 1e-9, "maxiter": 1000},
        )  # fmt: skip

    start = np.full(channels, budget / channels)
    scale = steepest(start)
    result = solve(start, scale)
    if scale != 1 and result.success and steepest(result.x) * 10 < scale:
        again = solve(result.x, steepest(result.x))
        result = again if again.success else result
    return instance.feasible(result.x / per_period)


def evolution(objective):
    """SciPy's differential evolution with its defaults, gradient-based polish at the end included; points of the box between the
    bounds are moved onto the budget."""
    instance = objective.instance
    result = differential_evolution(
        lambda money: -objective(instance.feasible(money))[0], np.column_stack([instance.lower, instance.upper]),
        maxiter=GENERATIONS, rng=1,
    )  # fmt: skip
    return instance.feasible(result.x)


def step_size(budget, gtol=GTOL):
    """Meridian's step of spend: a power of ten, the first above the tolerance."""
    tolerance = budget * gtol
    return 1.0 if tolerance < 1 else 10.0 ** (int(math.log10(tolerance)) + 1)


def grid_search(objective):
    """Meridian's search, on the mean whatever the objective: for each channel a grid of spend from its lower to its upper bound;
    of all steps up, of any length, the one of the greatest mean response per money is taken, until one would break the budget.
    What is left then stays unspent. Meridian rounds bounds to the grid's step; here inwards, so that the answer keeps them."""
    instance = objective.instance
    step = step_size(instance.budget * UNITS) / UNITS
    first, last = np.ceil(instance.lower / step - 1e-9), np.floor(instance.upper / step + 1e-9)
    rows = int((last - first).max()) + 1
    spend = (first + np.arange(rows)[:, None]) * step
    spend[spend > last * step + step / 2] = np.nan
    response = np.array([instance.sums(np.nan_to_num(row))[0].mean(axis=1) for row in spend])
    objective.evaluations += rows

    def worth(channel, row):
        """Of every higher point of the channel, seen from this one."""
        gain = np.full(rows, -np.inf)
        above = slice(row + 1, rows)
        gain[above] = np.nan_to_num(
            np.round(
                (response[above, channel] - response[row, channel]) / (spend[above, channel] - spend[row, channel]), 8
            ),
            nan=-np.inf,
        )
        return gain

    at = np.zeros(len(first), dtype=int)
    channels = np.arange(len(first))
    gains = np.column_stack([worth(channel, 0) for channel in channels])
    while True:
        row, channel = np.unravel_index(np.argmax(gains), gains.shape)
        if gains[row, channel] == -np.inf:
            break
        moved = at.copy()
        moved[channel] = row
        if spend[moved, channels].sum() > instance.budget + step * 1e-6:
            break
        at = moved
        gains[:, channel] = worth(channel, row)
    return spend[at, channels]


METHODS = {
    "SLSQP": slsqp,
    "SLSQP, 20 starts": many_slsqp,
    "PyMC-Marketing's SLSQP": pymc_slsqp,
    "differential evolution": evolution,
    "Meridian's grid search": grid_search,
}
