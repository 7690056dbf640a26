"""What the numbers were taken on: the machine, the versions, the day."""

import datetime
import importlib.metadata
import os
import pathlib
import platform
import re
import subprocess
import time

import plans

PEERS = ["pymc-marketing", "pymc", "pytensor", "numba", "numpy", "scipy", "jax"]


def _processor():
    try:
        text = pathlib.Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor() or platform.machine()
    return re.search(r"model name\s*:\s*(.*)", text)[1]


def _first_line(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]


class OtherWork:
    """How many processors others kept busy, on average, since this was made; None where the system does not say."""

    def __init__(self):
        self._start = self._seconds()

    @staticmethod
    def _seconds():
        try:
            words = pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
        except OSError:
            return None
        user, nice, system, _, _, interrupts, soft_interrupts = map(int, words[:7])
        busy = (user + nice + system + interrupts + soft_interrupts) / os.sysconf("SC_CLK_TCK")
        own = os.times()
        return time.monotonic(), busy - own.user - own.system - own.children_user - own.children_system

    def processors(self):
        end = self._seconds()
        if self._start is None or end is None:
            return None
        return max(0.0, (end[1] - self._start[1]) / (end[0] - self._start[0]))


def apportion_version():
    text = (plans.ROOT / "Sources" / "Planning" / "RunRecord.swift").read_text()
    return re.search(r'apportionVersion = "(.*)"', text)[1]


def description(instruction_set, peers=PEERS):
    """Sentences for the head of the results."""
    versions = []
    for name in peers:
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            versions.append(f"no {name}")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return [
        f"Taken on {datetime.date.today()} on {_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}.",
        f"Apportion {apportion_version()}, {_first_line('swift', '--version')}, kernels on {instruction_set}.",
        f"Python {platform.python_version()}, {', '.join(versions)}.",
    ]
