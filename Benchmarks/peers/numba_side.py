"""Outcome draws and their slopes in numba: one pass, one exponential a curve, one thread, exact arithmetic."""

import math

import numba
import numpy as np


@numba.njit(fastmath=False)
def _mean(unit, base, beta, lam, money):
    channels, draws, periods = unit.shape
    felt = base.shape[2]
    total = 0.0
    gradient = np.zeros(channels)
    for c in range(channels):
        for d in range(draws):
            rate = lam[c, d]
            value = 0.0
            slope = 0.0
            for t in range(periods):
                x = money[c] * unit[c, d, t]
                if t < felt:
                    x += base[c, d, t]
                decay = math.exp(-rate * x)
                r = 1 / (1 + decay)
                value += (1 - decay) * r
                slope += decay * r * r * unit[c, d, t]
            total += beta[c, d] * value
            gradient[c] += beta[c, d] * 2 * rate * slope
    return total / draws, gradient / draws


@numba.njit(fastmath=False)
def _draws(unit, base, beta, lam, money, outcome, slopes):
    channels, draws, periods = unit.shape
    felt = base.shape[2]
    for c in range(channels):
        for d in range(draws):
            rate = lam[c, d]
            value = 0.0
            slope = 0.0
            for t in range(periods):
                x = money[c] * unit[c, d, t]
                if t < felt:
                    x += base[c, d, t]
                decay = math.exp(-rate * x)
                r = 1 / (1 + decay)
                value += (1 - decay) * r
                slope += decay * r * r * unit[c, d, t]
            outcome[d] += beta[c, d] * value
            slopes[c, d] = beta[c, d] * 2 * rate * slope


class Mean:
    """The mean response and its gradient, with no array of draws in between."""

    def __init__(self, exposure):
        self.arrays = (exposure.unit, exposure.base, exposure.beta, exposure.lam)
        self.rest = exposure.rest.mean()

    def __call__(self, money):
        value, gradient = _mean(*self.arrays, np.asarray(money, dtype=float))
        return value + self.rest, gradient


class Draws:
    """Every draw's outcome, and its slope in each channel's money, for utilities that weigh draws unlike."""

    def __init__(self, exposure):
        self.arrays = (exposure.unit, exposure.base, exposure.beta, exposure.lam)
        self.rest = exposure.rest
        self.slopes = np.empty_like(exposure.beta)

    def __call__(self, money):
        outcome = self.rest.copy()
        _draws(*self.arrays, np.asarray(money, dtype=float), outcome, self.slopes)
        return outcome, self.slopes
