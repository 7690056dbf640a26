"""What the curves are fed under every draw: the plan's money after carryover, computed once, for the peers written by hand."""

import dataclasses

import numpy as np
import xarray as xr

import plans


@dataclasses.dataclass(frozen=True)
class Exposure:
    """In period t a channel's curve is fed `base[d, t] + money * unit[d, t]`, and pays `beta[d] * tanh(lam[d] / 2 * that)`.

    `unit` and `base` are channels by draws by periods felt; history is still felt in the first `base` periods only. `rest`
    is what each draw has from the periods before the plan.
    """

    channels: list
    unit: np.ndarray
    base: np.ndarray
    beta: np.ndarray
    lam: np.ndarray
    rest: np.ndarray

    @property
    def distinct_periods(self):
        """Periods that history is felt in, and those of the others that differ: what is enough to sum."""
        felt = self.base.shape[2]
        free = self.unit[:, :, felt:]
        return felt + np.unique(free.reshape(-1, free.shape[2]), axis=1).shape[1]


def _carried(media, weights):
    """Causal convolution of media by channel with each draw's weights: channels, draws, periods."""
    channels, draws, window = weights.shape
    periods = media.shape[1]
    carried = np.zeros((channels, draws, periods))
    for lag in range(min(window, periods)):
        carried[:, :, lag:] += weights[:, :, lag, None] * media[:, None, : periods - lag]
    return carried


def exposure(plan, window=8):
    """Of a plan, from the model's file alone."""
    tree = xr.open_datatree(plans.WEEKLY / "model.nc", engine="h5netcdf")
    posterior, constants = tree["posterior"].dataset, tree["constant_data"].dataset
    channels = [str(name) for name in posterior["channel"].values]

    def draws(name):
        return posterior[name].transpose("channel", "chain", "draw").to_numpy().reshape(len(channels), -1)

    weights = draws("adstock_alpha")[:, :, None] ** np.arange(window)
    weights /= weights.sum(axis=2, keepdims=True)
    scale = constants["channel_scale"].sel(channel=channels).to_numpy()
    target = float(constants["target_scale"])
    history = constants["channel_data"].transpose("channel", "date").sel(channel=channels).to_numpy()[:, -window:]

    after = window - 1
    shares = plan.table("distribution", "share", channels)
    costs = plan.table("cost_per_unit", "cost", channels)
    shape = (plan.periods, len(channels))
    media = (np.full(shape, 1 / plan.periods) if shares is None else shares) / (
        np.ones(shape) if costs is None else costs
    )
    felt = np.zeros((len(channels), window + plan.periods + after))
    felt[:, window:-after] = media.T / scale[:, None]
    past = np.zeros((len(channels), window + after))
    past[:, :window] = history / scale[:, None]
    unit = _carried(felt, weights)[:, :, window:]
    past = _carried(past, weights)
    beta, lam = draws("saturation_beta") * target, draws("saturation_lam")
    rest = (beta[:, :, None] * np.tanh(lam[:, :, None] / 2 * past[:, :, :window])).sum(axis=(0, 2))
    return Exposure(channels, unit, np.ascontiguousarray(past[:, :, window:]), beta, lam, rest)
