#!/usr/bin/env python3
"""Replays a certificate without Apportion: `verify.py results/certificate.json`, from where its paths lead to its files.

Curves, utilities and the theorem of Certificates.md once more, in numpy, without a line of Apportion's: for a model of PyMC-Marketing
(needs h5py) with geometric adstock and logistic saturation, or draws in .npz or .csv of Hill curves under geometric carryover;
the mean or an expected shortfall; a budget, bounds in money, spend spread evenly. It refuses all else. Exit status 0: they agree.
"""
import hashlib, json, re, sys
import numpy as np

certificate = json.load(open(sys.argv[1]))
text, channels = certificate["plan"], certificate["channels"]

# The plan, as certificates spell it.
def key(pattern): return (re.search(pattern, text, re.M) or sys.exit(f"not a plan for this script: no {pattern}"))[1]
path = key("^  file: (.*)").strip("\"'")
is_table = path.endswith((".npz", ".csv"))
if not is_table or "\ndistribution:" in text: key("^(distribution: uniform)$")
for line in ("measure: incremental", r"  by: \[channel\]", r"constraints: \[\]", r"reweight: \[\]", r"seasonality: \{\}", r"risk_limits: \[\]",
             "discount: 0", "  window: all", "  draws: all", "  carry_over: true", "  include_history: false"): key(f"^({line})$")
if re.search("^target:|^increment:|^rounding:|^cost_per_unit:|_scale:|  carry_in:", text, re.M): sys.exit("not a plan for this script")
budget, periods = float(key("^  total: (.*)")), int(key("^  num_periods: (.*)"))
least = {"exactly": budget, "at_most": -np.inf}[key("^  spend: (.*)")]
own = lambda name: re.search(rf"^  {re.escape(name)}: \[(.*), (.*)\]$", text.split("\nbounds:\n")[1], re.M)
low, high = np.array([[float(end) for end in (own(c) or own("default")).groups()] for c in channels]).T
if hashlib.sha256(open(path, "rb").read()).hexdigest() not in [i["sha256"] for i in certificate["inputs"]]: sys.exit(f"{path} has changed")

# The posterior: parameters by draw and channel, what media are a unit of, and what was spent before.
if is_table:
    key("^( *carryover: .*normalize: true, order: carryover_first.*)$")
    file = np.load(path) if path.endswith(".npz") else np.genfromtxt(path, delimiter=",", names=True, deletechars="")
    def read(pattern):
        name = key(pattern)
        return np.asarray(file[name]).reshape(-1, len(low)) if path.endswith(".npz") else np.stack([file[f"{name}[{c}]"] for c in channels], 1)
    beta, kappa, slope = (read(rf"hill: .*\b{name}: (\w+)") for name in ("beta", "kappa", "slope"))
    alpha, window, scale, worth, history = read(r"geometric: .*\balpha: (\w+)"), int(key(r"window: (\d+)")), np.ones(len(low)), 1, None
    inflection = np.where(slope > 1, kappa * (np.maximum(slope - 1, 0) / (slope + 1)) ** (1 / slope), 0)
    if (slope < 1).any(): sys.exit("curves that rise without end at nothing")
    def curve(media, c):
        power = (media / kappa[:, c, None]) ** slope[:, c, None]
        rise = (media / kappa[:, c, None]) ** (slope[:, c, None] - 1) * slope[:, c, None] / kappa[:, c, None]
        return beta[:, c, None] * power / (1 + power), beta[:, c, None] * rise / (1 + power) ** 2
else:
    import h5py
    with h5py.File(path) as file:
        kinds = [json.loads(file.attrs[name]) for name in ("adstock", "saturation")]
        if [kind["__type__"].split(".")[-1] for kind in kinds] != ["GeometricAdstock", "LogisticSaturation"]: sys.exit("other curves")
        alpha, beta, lam = (file[f"posterior/{n}"][()].reshape(-1, len(low)) for n in ("adstock_alpha", "saturation_beta", "saturation_lam"))
        window, scale, worth = kinds[0]["l_max"], file["constant_data/channel_scale"][()], float(file["constant_data/target_scale"][()])
        history, inflection = file["constant_data/channel_data"][()] / scale, np.zeros_like(alpha)
    def curve(media, c):
        decayed = np.exp(-lam[:, c, None] * media)
        return beta[:, c, None] * (1 - decayed) / (1 + decayed), 2 * beta[:, c, None] * lam[:, c, None] * decayed / (1 + decayed) ** 2
lags = alpha[:, None, :] ** np.arange(window)[:, None]
lags /= lags.sum(axis=1, keepdims=True)

def responses(c, spend):
    """Channel c at amounts of money, by draw: what they add, its slopes, and how far above its chords it may be."""
    values, slopes, above = 0, 0, 0
    for t in range(periods + window - 1):
        rate = lags[:, max(0, t - periods + 1):t + 1, c].sum(axis=1, keepdims=True) / (periods * scale[c])
        old = 0 if history is None else lags[:, t + 1:, c] @ history[::-1][:max(0, window - t - 1), c]
        old = np.broadcast_to(old, len(alpha))[:, None]
        media = old + rate * spend
        value, slope = curve(media, c)
        values, slopes = values + worth * (value - curve(old, c)[0]), slopes + worth * rate * slope
        a, b, start, end = media[:, :-1], media[:, 1:], slope[:, :-1], slope[:, 1:]
        with np.errstate(all="ignore"):
            chord, turn = np.diff(value) / (b - a), inflection[:, c, None]
            concave = np.where(start > end, (start - chord) * (chord - end) / (start - end) * (b - a), 0)
            above = above + worth * np.maximum(np.where(turn <= a, concave, np.where(turn >= b, 0, (b - turn) * (chord - end))), 0)
    return values, slopes, above

tail = re.fullmatch(r"mean|expected_shortfall \{tail: (.*)\}", certificate["utility"]) or sys.exit("another utility")
def supergradient(outcome):
    """What each draw weighs in a plane above the utility that touches it there; for these utilities U(R) = ⟨w, R⟩, and φ is 0."""
    size = len(outcome) * float(tail[1] or 1)
    boundary = np.sort(outcome)[max(int(np.ceil(size * (1 - 1e-9))), 1) - 1]
    below, at = outcome < boundary, outcome == boundary
    return below / size + at * max(0, 1 - below.sum() / size) / at.sum()

def pull(price): return price * (budget if price > 0 else least) if price != 0 else 0

def by_tangents(x, prices, supports):
    if inflection.any(): sys.exit("tangents of curves that are not concave")
    value, slope = np.stack([np.stack(responses(c, x[c:c + 1])[:2])[:, :, 0] for c in range(len(x))], 1)
    theta = np.array([support["weight"] for support in supports])
    w = sum(t * supergradient(value.sum(axis=0) + np.array(support["step"]) @ slope) for t, support in zip(theta / theta.sum(), supports))
    g = slope @ w
    return w @ value.sum(axis=0) - g @ x + pull(prices[0]) + np.maximum((g - prices[0]) * low, (g - prices[0]) * high).sum()

def by_boxes(points, cuts, tree):
    tables = [responses(c, p) for c, p in enumerate(points)]
    place = lambda c, x: np.abs(points[c] - x).argmin()
    weights = [supergradient(sum(share * tables[c][0][:, place(c, x)] for c, own in enumerate(shares) for x, share in own)) for shares in cuts]
    parts = [[(w @ values, w @ above) for values, _, above in tables] for w in weights]
    best, open = -np.inf, [(0, low, high)]
    while open:
        number, a, b = open.pop()
        box = tree[number]
        if box.get("channel") is not None:
            split = np.arange(len(low)) == box["channel"]
            open += [(box["below"], a, np.where(split, box["at"], b)), (box["above"], np.where(split, box["at"], a), b)]
        elif a.sum() <= budget * (1 + 1e-9) and b.sum() >= least - 1e-9 * budget:
            theta, price = np.maximum(box["weights"], 0), box["prices"][0]
            theta, total = theta / theta.sum(), pull(price)
            for c, p in enumerate(points):
                gain, excess = (sum(t * part[c][k] for t, part in zip(theta, parts)) for k in (0, 1))
                gain, first, last = gain - price * p, place(c, a[c]), place(c, b[c])
                total += max(gain[first], (np.maximum(gain[:-1], gain[1:]) + excess)[first:last].max(initial=-np.inf))
            best = max(best, total)
    return best

tangents, boxes, stated = certificate["tangents"], certificate["boxes"], certificate["upper_bound"]
if tangents: proved = by_tangents(np.array(tangents["spend"]), tangents["prices"], tangents["supports"])
elif boxes: proved = by_boxes([np.array(p) for p in boxes["points"]], boxes["cuts"], boxes["tree"])
else: sys.exit("nothing in it that this script replays")
agree = abs(proved - stated) <= 1e-9 * abs(stated)
print(f"proved {proved:.16g}, stated {stated:.16g}: they {'agree' if agree else 'DIFFER'}, {abs(proved - stated) / abs(stated):.1e} of it apart")
sys.exit(0 if agree else 65)
