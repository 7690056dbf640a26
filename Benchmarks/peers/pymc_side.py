"""PyMC-Marketing's own `BudgetOptimizer` on the model and the plans that Apportion is given."""

import warnings

import arviz as az
import numpy as np
import pandas as pd
import xarray as xr
from pymc_marketing.mmm import MMM, GeometricAdstock, LogisticSaturation, utility
from pymc_marketing.mmm.budget_optimizer import BudgetOptimizer

import plans

CHANNELS = ["tv", "search", "social", "display", "radio", "print"]


def model():
    """The model of `data/weekly`: built from its table, and given the draws of its file."""
    table = pd.read_csv(plans.WEEKLY / "data.csv", parse_dates=["date"])
    mmm = MMM(
        date_column="date",
        channel_columns=CHANNELS,
        target_column="sales",
        control_columns=["promo"],
        yearly_seasonality=2,
        adstock=GeometricAdstock(l_max=8),
        saturation=LogisticSaturation(),
    )
    mmm.build_model(table.drop(columns="sales"), table["sales"])
    mmm.add_original_scale_contribution_variable(var=["channel_contribution"])
    mmm.idata = az.from_netcdf(plans.WEEKLY / "model.nc")
    return mmm


def score(name, options):
    """The peer's name for a utility of the plan."""
    match name:
        case "mean":
            return utility.average_response
        case "raroc":
            return utility.raroc()
        case "sharpe":
            return utility.sharpe_ratio()
        case "expected_shortfall":
            return utility.conditional_value_at_risk(1 - options["tail"])
        case "quantile":
            return utility.value_at_risk(1 - options["level"])
        case "blend":
            return utility.adjusted_value_at_risk_score(1 - options["level"], options["a"])
        case "mean_tightness":
            return utility.mean_tightness_score(options["alpha"], options["level"])
    raise ValueError(f"no peer of {name}")


class Optimizer:
    """One plan, compiled; money is over the horizon, where the peer's own is per period."""

    def __init__(self, mmm, plan):
        self.plan = plan
        start = pd.Timestamp(plan.words["horizon"]["start"])
        end = start + pd.Timedelta(weeks=plan.periods - 1)
        lags = mmm.effective_carryover_lags()

        def by_period(values):
            coords = {"date": np.arange(plan.periods), "channel": CHANNELS}
            return None if values is None else xr.DataArray(values, dims=("date", "channel"), coords=coords)

        self.optimizer = BudgetOptimizer(
            model=mmm.create_optimization_model(str(start.date()), str(end.date())),
            idata=mmm.idata,
            num_periods=plan.periods,
            carry_in_periods=lags,
            adstock_periods=lags,
            response_variable="total_media_contribution_original_scale",
            utility_function=score(*plan.utility),
            budget_distribution_over_period=by_period(plan.table("distribution", "share", CHANNELS)),
            cost_per_unit=by_period(plan.table("cost_per_unit", "cost", CHANNELS)),
        )
        ends = plan.bounds(CHANNELS) / plan.periods
        self.bounds = xr.DataArray(
            ends, dims=("channel", "bound"), coords={"channel": CHANNELS, "bound": ["lower", "upper"]}
        )
        # What is compiled at the first call is compiled here.
        self.solve(maxiter=1)

    def evaluate(self, allocation):
        """Utility and gradient by the compiled function that the peer's solver is handed."""
        value, gradient = self.optimizer._objective_and_grad(np.asarray(allocation) / self.plan.periods)
        return -float(value), -np.asarray(gradient) / self.plan.periods

    def solve(self, **options):
        """The peer's allocation, and what its solver says."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = self.optimizer.allocate_budget(
                total_budget=self.plan.budget_per_period,
                budget_bounds=self.bounds,
                minimize_kwargs={"options": options} if options else None,
                return_if_fail=True,
            )
        return result.budgets.sel(channel=CHANNELS).to_numpy() * self.plan.periods, result.scipy_result
