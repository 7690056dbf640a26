#!/usr/bin/env python3
"""Replays a certificate without Apportion: `verify.py results/certificate.json`, from where its paths lead to its files.

The theorem of Certificates.md once more, in numpy, for the mean or an expected shortfall of what `verify_model.py` reads. Exit status 0: its bound and the
value of its allocation agree with what it states; 65: they do not, or it is no proof; 1: a plan that this script does not read, or a file that is not there.
"""
import json, sys
import numpy as np
from verify_model import Model, refuse

def supergradient(outcome):
    """What each draw weighs in a plane above the utility that touches it there; for these utilities U(R) = ⟨w, R⟩, and φ is 0."""
    size = len(outcome) * model.tail
    boundary = np.sort(outcome)[max(int(np.ceil(size * (1 - 1e-9))), 1) - 1]
    below, at = outcome < boundary, outcome == boundary
    return below / size + at * max(0, 1 - below.sum() / size) / at.sum()

def outcome(c, x): return model.responses(c, np.clip([x], low[c], high[c]))[0][:, 0]

def score(x):
    within = (x >= np.maximum(low - slack, 0)) & (x <= high + slack)
    if not (within.all() and model.least - slack <= x.sum() <= budget + slack): refuse("an allocation that breaks the limits of its plan")
    total = sum(outcome(c, x[c]) for c in range(len(x)))
    return supergradient(total) @ total

def pull(price): return price * (budget if price > 0 else model.least) if price != 0 else 0

def mixed(weights, planes):
    theta = np.append(weights, np.zeros(len(planes) - len(weights)))
    if not ((theta >= 0).all() and theta.any()): refuse("weights below zero, or none above")
    return theta / theta.sum() @ planes

def by_tangents(x, prices, supports):
    if model.inflection.any(): refuse("tangents of curves that are not concave")
    x, [price] = np.clip(x, low, high), prices
    value, slope = np.stack([np.stack(model.responses(c, x[c:c + 1])[:2])[:, :, 0] for c in range(len(x))], 1)
    planes = [supergradient(value.sum(axis=0) + np.array(support["step"]) @ slope) for support in supports]
    w = mixed([support["weight"] for support in supports], planes)
    g = slope @ w
    return w @ value.sum(axis=0) - g @ x + pull(price) + np.maximum((g - price) * low, (g - price) * high).sum()

def by_boxes(points, cuts, tree):
    for p, *ends in zip(points, low, high):
        near, p[[0, -1]] = np.abs(p[[0, -1]] - ends) <= 1e-12 * ends[1], ends  # shares of the budget, made money, are rounded
        if not (near.all() and (np.diff(p) > 0).all()): refuse("points that do not rise from bound to bound")
    tables = [model.responses(c, points[c]) for c in range(len(low))]
    planes = np.stack([supergradient(sum(share * outcome(c, x) for c, own in enumerate(shares) for x, share in own)) for shares in cuts])
    parts = [(planes @ values, planes @ above) for values, _, above in tables]
    best, open, unmet = -np.inf, [(0, low, high)], set(range(len(tree)))
    while open:
        number, a, b = open.pop()
        if number not in unmet: refuse("a tree with a box that is met twice, or is not there")
        unmet.remove(number)
        box = tree[number]
        if box.get("channel") is not None:
            c, at = box["channel"], box["at"]
            if not (at in points[c] and a[c] < at < b[c]): refuse("a box that ends where there is no point")
            split = np.arange(len(low)) == c
            open += [(box["below"], a, np.where(split, at, b)), (box["above"], np.where(split, at, a), b)]
        elif a.sum() <= budget + slack and b.sum() >= model.least - slack:
            [price] = box["prices"]
            total = pull(price)
            for p, part, *ends in zip(points, parts, a, b):
                gain, excess = (mixed(box["weights"], by_cut) for by_cut in part)
                gain, (first, last) = gain - price * p, np.searchsorted(p, ends)
                total += np.maximum(gain[first], (np.maximum(gain[:-1], gain[1:]) + excess)[first:last].max(initial=-np.inf))
            best = np.maximum(best, total)
    return best

if len(sys.argv) != 2: sys.exit(__doc__)
try:
    certificate = json.load(open(sys.argv[1], encoding="utf-8"))
    model = Model(certificate)
    low, high, budget, slack = model.low, model.high, model.budget, 1e-9 * model.budget
    money = lambda amounts: np.array(amounts, float).reshape(len(low))
    tangents, boxes, stated = certificate["tangents"], certificate["boxes"], (certificate["upper_bound"], certificate["value"])
    if tangents: bound = by_tangents(money(tangents["spend"]), tangents["prices"], tangents["supports"])
    elif boxes: bound = by_boxes([np.array(p, float) for p in boxes["points"]], boxes["cuts"], boxes["tree"])
    else: sys.exit("nothing in it that this script replays")
    proved = bound, score(money(certificate["allocation"]))
    agree = all(abs(own - other) <= 1e-9 * abs(other) < np.inf for own, other in zip(proved, stated))
except (ImportError, OSError) as error: sys.exit(str(error))
except Exception as error: refuse(f"not a certificate as Apportion writes it, or not its model: {error!r}")
print("proved {:.16g} of a plan of {:.16g}, stated {:.16g} of {:.16g}: they {}".format(*proved, *stated, "agree" if agree else "DIFFER"))
sys.exit(0 if agree else 65)
