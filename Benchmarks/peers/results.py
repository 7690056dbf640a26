"""What was measured, with the ratios that follow from it."""

import dataclasses
import statistics

from timing import Ratio


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
    """Value and gradient at one allocation: seconds by rival, one number a turn."""

    plan: str
    size: str
    curves: int
    instruction_set: str
    seconds: dict

    def ratio(self, rival):
        return Ratio.of(self.seconds[rival], self.seconds["Apportion"])


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
    """The whole command beside the peer's warm solve alone."""

    plan: str
    ours: list
    peer: list
    utility: float
    peers_utility: float

    @property
    def ratio(self):
        return Ratio.of(walls(self.peer), walls(self.ours))


@dataclasses.dataclass
class Results:
    """All of one sitting; what was left out is None or empty."""

    turns: int
    load: float
    evaluations: Evaluations | None = None
    solves: list = dataclasses.field(default_factory=list)
    old_scipy: OldSciPy | None = None
    whole: Whole | None = None
