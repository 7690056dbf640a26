"""What the numbers were taken on: the machine, the versions, the day."""

import datetime
import importlib.metadata
import os
import pathlib
import platform
import re
import subprocess

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
