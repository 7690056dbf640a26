"""PyMC-Marketing's warm solve of one plan, alone and once, as JSON: run under an older SciPy, whose SLSQP was another.

SciPy rewrote SLSQP in 1.16; PyMC-Marketing allows both.
"""

import dataclasses
import json
import sys

import scipy

import plans
import pymc_side
from timing import timed

plan = next(plan for plan in plans.PLANS if plan.name == sys.argv[1])
optimizer = pymc_side.Optimizer(pymc_side.model(), plan)
(money, says), time = timed(optimizer.solve)
answer = {"scipy": scipy.__version__, "money": list(money), "evaluations": int(says.nfev), "says": says.message}
print(json.dumps({**answer, "time": dataclasses.asdict(time)}))
