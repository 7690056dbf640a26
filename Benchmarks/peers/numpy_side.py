"""The mean response and its gradient in numpy: as written, and as an expert would for speed."""

import numpy as np


class Plain:
    """The formula on whole arrays."""

    def __init__(self, exposure):
        self.exposure = exposure
        self.base = np.zeros_like(exposure.unit)
        self.base[:, :, : exposure.base.shape[2]] = exposure.base

    def __call__(self, money):
        e = self.exposure
        lam = e.lam[:, :, None]
        decay = np.exp(-lam * (self.base + np.asarray(money)[:, None, None] * e.unit))
        value = (1 - decay) / (1 + decay)
        slope = 2 * lam * decay / (1 + decay) ** 2 * e.unit
        outcome = (e.beta * value.sum(axis=2)).sum(axis=0) + e.rest
        return outcome.mean(), (e.beta * slope.sum(axis=2)).mean(axis=1)


class Expert:
    """`r = 1 / (1 + e^-u)`: value `2 r - 1`, slope `2 (r - r^2)`, with whatever does not depend on money multiplied out
    beforehand, draws along the rows and as many at a time as stay in cache, no array allocated on the way, and sums over
    draws and periods as dot products. Good for the mean only: no draw's outcome is ever formed."""

    def __init__(self, exposure, block=2000):
        draws = exposure.beta.shape[1]
        blocks = [slice(first, min(first + block, draws)) for first in range(0, draws, block)]
        rate = -exposure.lam[:, None, :]
        unit, base = rate * exposure.unit.transpose(0, 2, 1), rate * exposure.base.transpose(0, 2, 1)
        worth = unit * exposure.beta[:, None, :]
        self.parts = [
            (channel, np.ascontiguousarray(unit[channel][:, b]), np.ascontiguousarray(base[channel][:, b]),
             np.ascontiguousarray(worth[channel][:, b]).ravel(), exposure.beta[channel, b])
            for b in blocks for channel in range(len(unit))
        ]  # fmt: skip
        self.draws, self.periods = draws, unit.shape[1]
        self.room = np.empty(self.periods * block)
        self.ones = np.ones(self.periods)
        self.start = exposure.rest.sum() - self.periods * exposure.beta.sum()

    def __call__(self, money):
        total, gradient = self.start, np.zeros(len(money))
        for channel, unit, base, worth, beta in self.parts:
            flat = self.room[: unit.size]
            r = flat.reshape(unit.shape)
            np.multiply(unit, money[channel], out=r)
            r[: len(base)] += base
            np.exp(r, out=r)
            np.add(r, 1, out=r)
            np.divide(1, r, out=r)
            total += 2 * (self.ones @ (r @ beta))
            once = worth @ flat
            np.multiply(r, r, out=r)
            gradient[channel] -= 2 * (once - worth @ flat)
        return total / self.draws, gradient / self.draws
