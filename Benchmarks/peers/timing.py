"""Times and their ratios: rivals take turns in one sitting, and a ratio is one of medians, with its spread over the turns."""

import dataclasses
import statistics
import time


@dataclasses.dataclass(frozen=True)
class Time:
    """Seconds by the clock on the wall, and of the processor."""

    wall: float
    cpu: float


def median_of(times):
    """The median on the wall, and the median of the processor."""
    return Time(statistics.median(time.wall for time in times), statistics.median(time.cpu for time in times))


def timed(work):
    """What the work returns, and its time."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    return result, Time(time.perf_counter() - wall, time.process_time() - cpu)


def median_time(work, count):
    """Median seconds on the wall of so many goes."""
    seconds = []
    for _ in range(count):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


@dataclasses.dataclass(frozen=True)
class Ratio:
    """How many times as long the peer took: of the medians, and the least and the most of any one turn."""

    value: float
    least: float
    most: float
    turns: int

    @classmethod
    def of(cls, peer, ours):
        """Of times in seconds, one for each turn."""
        by_turn = [p / o for p, o in zip(peer, ours)]
        return cls(statistics.median(peer) / statistics.median(ours), min(by_turn), max(by_turn), len(by_turn))

    def __str__(self):
        def short(x):
            return f"{x:.3g}" if x < 100 else f"{x:,.0f}"

        if self.turns == 1:
            return f"{short(self.value)} (one turn)"
        return f"{short(self.value)} ({short(self.least)} to {short(self.most)})"
