"""Writes contributions.csv and media.csv: what a model credits three channels with, and what was spent on them, over sixty weeks.

    python make.py
"""

import csv
import datetime
import math
import random
from pathlib import Path

draw = random.Random(20240101)
# channel: top, saturation, slope, typical spend of a week.
CHANNELS = {
    "TV": (100_000, 40_000, 1.5, 25_000),
    "Search": (80_000, 25_000, 1.2, 20_000),
    "Social": (60_000, 15_000, 1.8, 12_000),
}
folder = Path(__file__).parent
with (folder / "contributions.csv").open("w", newline="") as first, (folder / "media.csv").open("w", newline="") as second:
    contributions = csv.writer(first, lineterminator="\n")
    media = csv.writer(second, lineterminator="\n")
    contributions.writerow(["week_monday", "channel", "predicted"])
    media.writerow(["week_monday", "channel", "spend", "impressions"])
    for channel, (top, half, slope, typical) in CHANNELS.items():
        for week in range(60):
            day = datetime.date(2024, 1, 1) + datetime.timedelta(weeks=week)
            spend = round(typical * math.exp(draw.gauss(0, 0.6)), 2)
            response = top * spend**slope / (half**slope + spend**slope)
            contributions.writerow([day, channel, round(response * (1 + draw.gauss(0, 0.03)), 2)])
            # The last week's media are not known yet.
            if week < 59:
                media.writerow([day, channel, spend, round(spend * 80)])
