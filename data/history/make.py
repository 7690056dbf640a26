"""Writes history.csv: two years of weekly spend and contributions of four channels in two regions, made up of Hill curves with noise.

    pip install numpy
    python make.py
"""

import csv
import datetime
from pathlib import Path

import numpy as np

random = np.random.default_rng(20240101)
# channel: ceiling of a week, half saturation, slope, typical spend; radio is never seen near its ceiling.
CHANNELS = {
    "tv": (5e4, 3e4, 1.6, 2.5e4),
    "search": (8e4, 2e4, 1.1, 3e4),
    "social": (2e4, 8e3, 2.2, 2e4),
    "radio": (9e4, 9e4, 1.3, 2e4),
}
REGIONS = {"north": 0.6, "south": 0.4}

with Path(__file__).with_name("history.csv").open("w", newline="") as file:
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(["date", "channel", "region", "spend", "contribution"])
    for channel, (top, half, slope, typical) in CHANNELS.items():
        for week in range(104):
            date = datetime.date(2023, 1, 2) + datetime.timedelta(weeks=week)
            for region, share in REGIONS.items():
                spend = round(typical * share * np.exp(random.normal(-0.6, 0.5)), 2)
                power = (spend / (half * share)) ** slope
                contribution = top * share * power / (1 + power) * (1 + 0.05 * random.normal())
                rows.writerow([date, channel, region, spend, round(contribution, 2)])
