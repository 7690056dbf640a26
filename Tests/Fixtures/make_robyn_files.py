"""Files as Robyn exports them, and the responses of their models by numpy.

Sixty weeks of three channels, and models made up at random, not fitted: a file's format and its arithmetic are what is tested. The
transformations are those of Robyn 3.10 (R/R/transformation.R), the layout of the files that of robyn_write (R/R/json.R) and of
robyn_outputs' tables. Needs numpy.
"""
import datetime
import json
import pathlib

import numpy as np

folder = pathlib.Path(__file__).parent / "robyn"
folder.mkdir(exist_ok=True)
random = np.random.default_rng(11)
channels = ["tv_S", "search_S", "radio_S"]
weeks, first, last = 60, 9, 58  # the window of the fit: rows first to last, counted from 1
media = np.round(random.gamma(2, [[20000.0], [8000.0], [3000.0]], (3, weeks)), 2)
media[2, random.random(weeks) < 0.4] = 0
days = [datetime.date(2022, 1, 3) + datetime.timedelta(7 * t) for t in range(weeks)]


def weights(adstock, hyper):
    """By lag, long enough for a geometric carryover to end."""
    if adstock == "geometric":
        return hyper["thetas"] ** np.arange(3000)
    age = np.arange(1, weeks + 1)
    scale = np.round(1 + hyper["scales"] * (weeks - 1))
    k = hyper["shapes"]
    if adstock == "weibull_cdf":
        return np.cumprod(np.append(1, np.exp(-((age[:-1] / scale) ** k))))
    density = k / scale * (age / scale) ** (k - 1) * np.exp(-((age / scale) ** k))
    return (density - density.min()) / (density.max() - density.min())


def carried(spend, lags):
    return np.convolve(spend, lags)


def curve(x, half, hyper):
    return hyper["coef"] * x ** hyper["alphas"] / (half ** hyper["alphas"] + x ** hyper["alphas"])


def half(c, adstock, hyper):
    window = carried(media[c], weights(adstock, hyper))[first - 1 : last]
    return (1 - hyper["gammas"]) * window.min() + hyper["gammas"] * window.max(), window


def window_response(c, adstock, hyper):
    g, window = half(c, adstock, hyper)
    return curve(window, g, hyper).sum()


def planned_response(c, adstock, hyper, spend, periods):
    """After the data: what is felt in the planned weeks and after them, history's carryover included."""
    lags = weights(adstock, hyper)
    felt = carried(np.append(media[c], np.full(periods, spend / periods)), lags)
    end = weeks + periods + len(lags) - 1
    return curve(np.maximum(felt[weeks:end], 0), half(c, adstock, hyper)[0], hyper).sum()


def model(adstock, digits=None):
    hypers = []
    for c in range(3):
        hyper = dict(coef=random.gamma(5, 40000), alphas=random.uniform(0.5, 3), gammas=random.uniform(0.3, 1))
        if adstock == "geometric":
            hyper["thetas"] = random.uniform(0, 0.8)
        elif adstock == "weibull_cdf":
            hyper |= dict(shapes=random.uniform(0.1, 2), scales=random.uniform(0, 0.1))
        else:
            hyper |= dict(shapes=random.uniform(1.5, 8), scales=random.uniform(0.02, 0.1))
        hypers.append(hyper if digits is None else {k: round(float(v), digits) for k, v in hyper.items()})
    return hypers


def export(name, adstock, hypers, exact=None, data=False):
    """As robyn_write has it: each value in a list, tables as lists of rows."""
    inputs = dict(
        date_var=["DATE"], dep_var=["revenue"], dep_var_type=["revenue"], paid_media_spends=channels, paid_media_vars=channels,
        organic_vars=["newsletter"], window_start=[str(days[first - 1])], window_end=[str(days[last - 1])],
        rollingWindowStartWhich=[first], rollingWindowEndWhich=[last], rollingWindowLength=[last - first + 1],
        intervalType=["week"], adstock=[adstock], hyperparameters={f"{channels[0]}_alphas": [0.5, 3]})
    content = dict(InputCollect=inputs)
    if hypers:
        summary = [dict(variable="(Intercept)", coef=1234.5, decompPer=0.4, decompAgg=1e6)] + [
            dict(variable=channels[c], coef=h["coef"], decompPer=0.1,
                 decompAgg=window_response(c, adstock, (exact or hypers)[c]), mean_spend=float(media[c].mean()))
            for c, h in enumerate(hypers)]
        values = {f"{channels[c]}_{k}": [v] for c, h in enumerate(hypers) for k, v in h.items() if k != "coef"}
        content["ExportedModel"] = dict(select_model=[name], summary=summary, hyper_values=values | {"lambda": [0.25]})
    if data:
        content["Extras"] = dict(raw_data=[
            dict(DATE=str(days[t]), revenue=1.0, **{ch: float(media[c, t]) for c, ch in enumerate(channels)})
            for t in range(weeks)])
    (folder / f"RobynModel-{name}.json").write_text(json.dumps(content, indent=1) + "\n")


rows = ["DATE,revenue,newsletter," + ",".join(channels)]
rows += [f"{days[t]},{1000 + t},{t % 3}," + ",".join(repr(float(v)) for v in media[:, t]) for t in range(weeks)]
(folder / "raw_data.csv").write_text("\n".join(rows) + "\n")

spend, periods = [260000.0, 90000.0, 20000.0], 8
expected = dict(channels=channels, spend=spend, periods=periods, responses={})


def expect(name, adstock, models):
    expected["responses"][name] = [
        [planned_response(c, adstock, hypers[c], spend[c], periods) for hypers in models] for c in range(3)]


for name, adstock in [("1_2_3", "geometric"), ("2_1_1", "weibull_cdf"), ("3_4_2", "weibull_pdf")]:
    hypers = model(adstock)
    export(name, adstock, hypers, data=name == "3_4_2")
    expect(name, adstock, [hypers])
exact = model("geometric")
rounded = [{k: round(float(v), 4) for k, v in h.items()} for h in exact]
export("4_4_4", "geometric", rounded, exact)
expect("4_4_4", "geometric", [rounded])

export("inputs", "geometric", None)
pareto = [(f"{i}_{i + 1}_{i % 2}", model("geometric")) for i in range(1, 6)]
kinds = ["alphas", "gammas", "thetas"]
rows = ["solID,nrmse," + ",".join(f"{ch}_{k}" for ch in channels for k in kinds)]
rows += [f"{name},0.08," + ",".join(repr(float(h[k])) for h in hypers for k in kinds) for name, hypers in pareto]
(folder / "pareto_hyperparameters.csv").write_text("\n".join(rows) + "\n")
rows = ["rn,coef,xDecompAgg,solID"]
for name, hypers in reversed(pareto):
    rows.append(f"(Intercept),12.5,1000,{name}")
    rows += [f"{channels[c]},{float(h['coef'])!r},{float(window_response(c, 'geometric', h))!r},{name}"
             for c, h in enumerate(hypers)]
(folder / "pareto_aggregated.csv").write_text("\n".join(rows) + "\n")
expect("pareto", "geometric", [hypers for _, hypers in pareto])
(folder / "responses.json").write_text(json.dumps(expected) + "\n")
