"""Apportion's side: its benchmark executable and its command, each in a process of its own."""

import json
import os
import pathlib
import subprocess
import time

import plans
from timing import Time

BENCHMARKS = plans.HERE.parent
PEER_SIDE = BENCHMARKS / ".build" / "release" / "PeerSide"
COMMAND = plans.ROOT / ".build" / "release" / "apportion"


def _ask(plan, **request):
    request = {"plan": str(plans.WEEKLY / "plan.yaml"), "settings": plan.arguments, **request}
    answer = subprocess.run([PEER_SIDE], input=json.dumps(request), capture_output=True, text=True, check=True)
    return json.loads(answer.stdout)


def evaluate(plan, allocation, count):
    """`value`, `gradient`, and the `seconds` of each of `count` evaluations."""
    return _ask(plan, work="evaluate", allocation=list(allocation), count=count)


def solve(plan, count):
    """`allocation`, `evaluations`, and the times of compiling and of solving, `count` of each."""
    answer = _ask(plan, work="solve", count=count)
    for key in ("compiling", "solving"):
        answer[key] = [Time(**seconds) for seconds in answer[key]]
    return answer


def optimise(plan, folder, threads=None):
    """The whole command on so many threads, or its own number of them, from process start to its end: time, and the allocation
    it wrote."""
    folder = pathlib.Path(folder)
    arguments = [COMMAND, "optimise", plans.WEEKLY / "plan.yaml", "--out", folder, "--set", "output.report=tables"]
    if threads:
        arguments += ["--threads", str(threads)]
    for setting in plan.arguments:
        arguments += ["--set", setting]
    start = time.perf_counter()
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, close_fds=False)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"apportion ended with status {process.returncode}")
    answer = json.loads((folder / "recommendation.json").read_text())
    return [cell["total"] for cell in answer["allocation"]], Time(wall, usage.ru_utime + usage.ru_stime)
