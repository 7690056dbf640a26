"""What a certificate's plan and posterior say, read in numpy without a line of Apportion's, for `verify.py`: channels at amounts of money, by draw.

A model of PyMC-Marketing (needs h5py) with geometric adstock and logistic saturation, or draws in .npz or .csv of Hill curves under geometric
carryover; a budget, bounds in money, spend spread evenly. All else ends with a sentence.
"""
import csv, hashlib, json, re, sys
import numpy as np

np.seterr(all="ignore")  # what is no number compares with nothing, and so passes no check

def refuse(sentence):
    print(f"refused: {sentence}", file=sys.stderr)
    sys.exit(65)

class Model:
    def __init__(self, certificate):
        self.text, self.channels = certificate["plan"], certificate["channels"]
        path = self.key("^  file: (.*)").strip("\"'")
        is_table = path.endswith((".npz", ".csv"))
        if not is_table or "\ndistribution:" in self.text: self.key("^(distribution: uniform)$")
        for line in ("measure: incremental", r"  by: \[channel\]", r"constraints: \[\]", r"reweight: \[\]", r"seasonality: \{\}", r"risk_limits: \[\]",
                     "discount: 0", "  window: all", "  draws: all", "  carry_over: true", "  include_history: false", r"price: \{\}", r"  except: \[\]",
                     "  group: posterior", "keep_in_observed_range: false", "mode: simultaneous", "adstock_aware: true"): self.key(f"^({line})$")
        if re.search("^target:|^increment:|^rounding:|^cost_per_unit:|^locked_periods:|_scale:|  carry_in:", self.text, re.M):
            sys.exit("not a plan for this script")
        stated, utility = (re.sub("[{}:]", "", text).split() for text in (certificate["utility"], self.key("^utility: (.*)")))
        if stated != utility: refuse("a utility that is not its plan's")
        if utility != ["mean"] and (utility[:2] != ["expected_shortfall", "tail"] or len(utility) != 3): sys.exit("another utility")
        self.tail = 1 if utility == ["mean"] else float(utility[2])
        self.budget, self.periods = float(self.key("^  total: (.*)")), int(self.key("^  num_periods: (.*)"))
        self.least = {"exactly": self.budget, "at_most": -np.inf}[self.key("^  spend: (.*)")]
        bounds = self.key(r"^bounds:((?:\n  .*)*)")
        own = {name.strip("\"'"): ends for name, ends in re.findall(r"\n  (.*): \[(.*)\]", bounds)}
        if len(own) < bounds.count("\n") or not set(own) <= {"default", *self.channels}: sys.exit("bounds that are not of channels, in money")
        ends = [own.get(c, own.get("default", f"0, {self.budget}")).split(", ") for c in self.channels]
        self.low, self.high = np.array(ends, float).T
        if not (0 <= self.low).all(): sys.exit("bounds below nothing")
        if hashlib.sha256(open(path, "rb").read()).hexdigest() not in [i["sha256"] for i in certificate["inputs"]]: refuse(f"{path} is not the file it was")
        (self.read_table if is_table else self.read_pymc)(path)
        self.lags = self.alpha[:, None, :] ** np.arange(self.window)[:, None]
        self.lags /= self.lags.sum(axis=1, keepdims=True)

    def key(self, pattern):
        found = re.findall(pattern, self.text, re.M)
        return found[0] if len(found) == 1 else sys.exit(f"not a plan for this script: {len(found) or 'no'} {pattern}")

    def read_table(self, path):
        names, *parameters, window = self.key(
            r"^  model:\n    channels: \[(.*)\]\n    saturation: \{hill: \{beta: (\w+), kappa: (\w+), slope: (\w+)\}\}\n"
            r"    carryover: \{geometric: \{alpha: (\w+)\}, window: (\d+), normalize: true, order: carryover_first\}\n  group:")
        if next(csv.reader([names], skipinitialspace=True)) != self.channels: refuse("other channels than its plan's")
        file = np.load(path) if path.endswith(".npz") else np.genfromtxt(path, delimiter=",", names=True, deletechars="")
        def read(name):
            return np.asarray(file[name]).reshape(-1, len(self.low)) if path.endswith(".npz") else np.stack([file[f"{name}[{c}]"] for c in self.channels], 1)
        beta, kappa, slope, self.alpha = map(read, parameters)
        if not np.min([beta, kappa, slope - 1, self.alpha]) >= 0: sys.exit("curves that fall, or rise without end at nothing")
        self.window = int(window)
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
            order, varying = (json.loads(file.attrs[name]) for name in ("adstock_first", "time_varying_media"))
            if varying or not (order and kinds[0]["normalize"]): sys.exit("another model")
            if [name.decode() for name in file["posterior/channel"][()]] != self.channels: refuse("other channels than its model's")
            self.alpha, beta, lam = (file[f"posterior/{n}"][()].reshape(-1, len(self.low)) for n in ("adstock_alpha", "saturation_beta", "saturation_lam"))
            self.window, self.scale = kinds[0]["l_max"], file["constant_data/channel_scale"][()]
            self.worth, self.history = float(file["constant_data/target_scale"][()]), file["constant_data/channel_data"][()] / self.scale
        if not np.min([beta, lam, self.alpha]) >= 0: sys.exit("curves that fall")
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
            if not (media >= 0).all(): refuse("money below nothing")
            value, slope = self.curve(media, c)
            values, slopes = values + self.worth * (value - self.curve(old, c)[0]), slopes + self.worth * rate * slope
            a, b, start, end = media[:, :-1], media[:, 1:], slope[:, :-1], slope[:, 1:]
            chord, turn = np.diff(value) / (b - a), self.inflection[:, c, None]
            concave = np.where(start > end, (start - chord) * (chord - end) / (start - end) * (b - a), 0)
            above = above + self.worth * np.maximum(np.where(turn <= a, concave, np.where(turn >= b, 0, (b - turn) * (chord - end))), 0)
        return values, slopes, above
