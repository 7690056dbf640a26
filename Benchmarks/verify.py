#!/usr/bin/env python3
"""Replays a certificate without Apportion: `verify.py results/certificate.json`, from where its paths lead to its files.

The theorem of Certificates.md once more, in numpy, for the mean or an expected shortfall of what `verify_model.py` reads. Exit status 0: they agree.
"""
import json, re, sys
import numpy as np
from verify_model import Model

certificate = json.load(open(sys.argv[1]))
model = Model(certificate)
low, high, budget = model.low, model.high, model.budget
tail = re.fullmatch(r"mean|expected_shortfall \{tail: (.*)\}", certificate["utility"]) or sys.exit("another utility")

def supergradient(outcome):
    """What each draw weighs in a plane above the utility that touches it there; for these utilities U(R) = ⟨w, R⟩, and φ is 0."""
    size = len(outcome) * float(tail[1] or 1)
    boundary = np.sort(outcome)[max(int(np.ceil(size * (1 - 1e-9))), 1) - 1]
    below, at = outcome < boundary, outcome == boundary
    return below / size + at * max(0, 1 - below.sum() / size) / at.sum()

def pull(price): return price * (budget if price > 0 else model.least) if price != 0 else 0

def by_tangents(x, prices, supports):
    if model.inflection.any(): sys.exit("tangents of curves that are not concave")
    value, slope = np.stack([np.stack(model.responses(c, x[c:c + 1])[:2])[:, :, 0] for c in range(len(x))], 1)
    theta = np.array([support["weight"] for support in supports])
    w = sum(t * supergradient(value.sum(axis=0) + np.array(support["step"]) @ slope) for t, support in zip(theta / theta.sum(), supports))
    g = slope @ w
    return w @ value.sum(axis=0) - g @ x + pull(prices[0]) + np.maximum((g - prices[0]) * low, (g - prices[0]) * high).sum()

def by_boxes(points, cuts, tree):
    tables = [model.responses(c, p) for c, p in enumerate(points)]
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
        elif a.sum() <= budget * (1 + 1e-9) and b.sum() >= model.least - 1e-9 * budget:
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
