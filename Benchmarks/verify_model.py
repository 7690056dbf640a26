"""What a certificate's plan and posterior say, read in numpy without a line of Apportion's, for `verify.py`: channels at amounts of money, by draw.

A model of PyMC-Marketing (needs h5py) with geometric adstock and logistic saturation, or draws in .npz or .csv of Hill curves under geometric
carryover; a budget, bounds in money, spend spread evenly. It refuses all else.
"""
import hashlib, json, re, sys
import numpy as np

class Model:
    def __init__(self, certificate):
        self.text, self.channels = certificate["plan"], certificate["channels"]
        path = self.key("^  file: (.*)").strip("\"'")
        is_table = path.endswith((".npz", ".csv"))
        if not is_table or "\ndistribution:" in self.text: self.key("^(distribution: uniform)$")
        for line in ("measure: incremental", r"  by: \[channel\]", r"constraints: \[\]", r"reweight: \[\]", r"seasonality: \{\}", r"risk_limits: \[\]",
                     "discount: 0", "  window: all", "  draws: all", "  carry_over: true", "  include_history: false"): self.key(f"^({line})$")
        if re.search("^target:|^increment:|^rounding:|^cost_per_unit:|_scale:|  carry_in:", self.text, re.M): sys.exit("not a plan for this script")
        self.budget, self.periods = float(self.key("^  total: (.*)")), int(self.key("^  num_periods: (.*)"))
        self.least = {"exactly": self.budget, "at_most": -np.inf}[self.key("^  spend: (.*)")]
        own = lambda name: re.search(rf"^  {re.escape(name)}: \[(.*), (.*)\]$", self.text.split("\nbounds:\n")[1], re.M)
        self.low, self.high = np.array([[float(end) for end in (own(c) or own("default")).groups()] for c in self.channels]).T
        if hashlib.sha256(open(path, "rb").read()).hexdigest() not in [i["sha256"] for i in certificate["inputs"]]: sys.exit(f"{path} has changed")
        (self.read_table if is_table else self.read_pymc)(path)
        self.lags = self.alpha[:, None, :] ** np.arange(self.window)[:, None]
        self.lags /= self.lags.sum(axis=1, keepdims=True)

    def key(self, pattern): return (re.search(pattern, self.text, re.M) or sys.exit(f"not a plan for this script: no {pattern}"))[1]

    def read_table(self, path):
        self.key("^( *carryover: .*normalize: true, order: carryover_first.*)$")
        file = np.load(path) if path.endswith(".npz") else np.genfromtxt(path, delimiter=",", names=True, deletechars="")
        def read(pattern):
            name = self.key(pattern)
            return np.asarray(file[name]).reshape(-1, len(self.low)) if path.endswith(".npz") else np.stack([file[f"{name}[{c}]"] for c in self.channels], 1)
        beta, kappa, slope = (read(rf"hill: .*\b{name}: (\w+)") for name in ("beta", "kappa", "slope"))
        if (slope < 1).any(): sys.exit("curves that rise without end at nothing")
        self.alpha, self.window = read(r"geometric: .*\balpha: (\w+)"), int(self.key(r"window: (\d+)"))
        self.scale, self.worth, self.history = np.ones(len(self.low)), 1, None
        self.inflection = np.where(slope > 1, kappa * (np.maximum(slope - 1, 0) / (slope + 1)) ** (1 / slope), 0)
        def curve(media, c):
            b, k, n = beta[:, c, None], kappa[:, c, None], slope[:, c, None]
            power = (media / k) ** n
            return b * power / (1 + power), b * (media / k) ** (n - 1) * n / k / (1 + power) ** 2
        self.curve = curve

    def read_pymc(self, path):
        import h5py
        with h5py.File(path) as file:
            kinds = [json.loads(file.attrs[name]) for name in ("adstock", "saturation")]
            if [kind["__type__"].split(".")[-1] for kind in kinds] != ["GeometricAdstock", "LogisticSaturation"]: sys.exit("other curves")
            self.alpha, beta, lam = (file[f"posterior/{n}"][()].reshape(-1, len(self.low)) for n in ("adstock_alpha", "saturation_beta", "saturation_lam"))
            self.window, self.scale = kinds[0]["l_max"], file["constant_data/channel_scale"][()]
            self.worth, self.history = float(file["constant_data/target_scale"][()]), file["constant_data/channel_data"][()] / self.scale
        self.inflection = np.zeros_like(self.alpha)
        def curve(media, c):
            b, l, decayed = beta[:, c, None], lam[:, c, None], np.exp(-lam[:, c, None] * media)
            return b * (1 - decayed) / (1 + decayed), 2 * b * l * decayed / (1 + decayed) ** 2
        self.curve = curve

    def responses(self, c, spend):
        """Channel c at amounts of money, by draw: what they add, its slopes, and how far above its chords it may be."""
        values, slopes, above = 0, 0, 0
        for t in range(self.periods + self.window - 1):
            rate = self.lags[:, max(0, t - self.periods + 1):t + 1, c].sum(axis=1, keepdims=True) / (self.periods * self.scale[c])
            old = 0 if self.history is None else self.lags[:, t + 1:, c] @ self.history[::-1][:max(0, self.window - t - 1), c]
            old = np.broadcast_to(old, len(self.alpha))[:, None]
            media = old + rate * spend
            value, slope = self.curve(media, c)
            values, slopes = values + self.worth * (value - self.curve(old, c)[0]), slopes + self.worth * rate * slope
            a, b, start, end = media[:, :-1], media[:, 1:], slope[:, :-1], slope[:, 1:]
            with np.errstate(all="ignore"):
                chord, turn = np.diff(value) / (b - a), self.inflection[:, c, None]
                concave = np.where(start > end, (start - chord) * (chord - end) / (start - end) * (b - a), 0)
                above = above + self.worth * np.maximum(np.where(turn <= a, concave, np.where(turn >= b, 0, (b - turn) * (chord - end))), 0)
        return values, slopes, above
