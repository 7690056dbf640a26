"""What was measured, with the ratios that follow from it."""

import dataclasses
import statistics

from timing import Ratio, Time


def walls(times):
    return [time.wall for time in times]


def median_wall(times):
    return statistics.median(time.wall for time in times)


def median_cpu(times):
    return statistics.median(time.cpu for time in times)


def gain(ours, theirs):
    """How far our utility is above theirs, as a share."""
    return (ours - theirs) / abs(theirs)


@dataclasses.dataclass
class Evaluations:
    """Value and gradient at one allocation: seconds by rival, one number a turn.

    `curves` are those of every draw, channel and period felt; of the periods Apportion sums only those that differ, `summed`
    of `periods`.
    """

    plan: str
    size: str
    curves: int
    periods: int
    summed: int
    instruction_set: str
    seconds: dict

    def ratio(self, rival):
        return Ratio.of(self.seconds[rival], self.seconds["Apportion"])

    @property
    def ours(self):
        """Seconds that an evaluation of Apportion's takes."""
        return statistics.median(self.seconds["Apportion"])


@dataclasses.dataclass
class Side:
    """One rival's solves of one plan, one time a turn."""

    times: list
    evaluations: int
    says: str
    utility: float


@dataclasses.dataclass
class Solves:
    """One plan solved by Apportion, by PyMC-Marketing and by hand, and how far each misses the budget, as a share of it."""

    plan: str
    ours: Side
    peer: Side
    hand: Side
    compiling: float
    our_miss: float
    their_miss: float

    def ratio(self, rival):
        return Ratio.of(walls(rival.times), walls(self.ours.times))

    def gain(self, rival):
        return gain(self.ours.utility, rival.utility)


@dataclasses.dataclass
class OldSciPy:
    """One plan by PyMC-Marketing on a SciPy from before its SLSQP was rewritten."""

    version: str
    plan: str
    peer: Side


@dataclasses.dataclass
class Whole:
    """The whole command, on one thread and on its own number of them, beside the peer's warm solve alone."""

    plan: str
    ours: list
    threaded: list
    peer: list
    utility: float
    peers_utility: float

    @property
    def ratio(self):
        return Ratio.of(walls(self.peer), walls(self.ours))

    @property
    def threaded_ratio(self):
        return Ratio.of(walls(self.peer), walls(self.threaded))


@dataclasses.dataclass
class Large:
    """The command, run once on a large model file: the file's bytes, time, and the most memory it held at once, in bytes."""

    name: str
    file: int
    time: Time
    memory: int


@dataclasses.dataclass
class Results:
    """All of one sitting; what was left out is None or empty. Loads are those before it and after its solves."""

    turns: int
    load: float
    last_load: float = 0
    evaluations: Evaluations | None = None
    solves: list = dataclasses.field(default_factory=list)
    old_scipy: OldSciPy | None = None
    whole: Whole | None = None
    large: list = dataclasses.field(default_factory=list)
