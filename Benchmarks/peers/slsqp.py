"""SciPy's SLSQP as an expert would drive it: shares of the budget, a scaled objective, and draws and slopes by numba."""

import numpy as np
from scipy.optimize import minimize

import exposure
import numba_side
import utilities


class Solver:
    """One plan, compiled."""

    def __init__(self, plan):
        self.plan = plan
        arrays = exposure.exposure(plan)
        self.draws = numba_side.Draws(arrays)
        self.score = utilities.score(*plan.utility, plan.periods)
        self.bounds = plan.bounds(arrays.channels) / plan.budget
        self.evaluate(np.full(len(self.bounds), plan.budget / len(self.bounds)))

    def evaluate(self, money):
        """Utility and gradient at money over the horizon."""
        outcome, slopes = self.draws(money)
        value, weights, spend = self.score(outcome, money)
        return value, slopes @ weights + spend

    def solve(self):
        """The allocation, and what the solver says."""
        start = np.full(len(self.bounds), 1 / len(self.bounds))
        scale = np.abs(self.evaluate(start * self.plan.budget)[1]).max() * self.plan.budget

        def objective(x):
            value, gradient = self.evaluate(x * self.plan.budget)
            return -value / scale, -gradient * self.plan.budget / scale

        result = minimize(
            objective, start, jac=True, bounds=self.bounds, method="SLSQP",
            constraints={"type": "eq", "fun": lambda x: x.sum() - 1, "jac": np.ones_like},
            options={"ftol": 1e-10, "maxiter": 1000},
        )  # fmt: skip
        return result.x * self.plan.budget, result
