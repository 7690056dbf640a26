"""Runs a command with its output thrown away, and prints as JSON what it cost: `python -I cost.py COMMAND...`.

A process of its own that holds next to nothing: on Linux a command's peak memory begins with that of whoever starts it.
"""

import json
import os
import sys
import time

start = time.perf_counter()
nowhere = os.open(os.devnull, os.O_WRONLY)
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, nowhere, 1)])
_, status, usage = os.wait4(process, 0)
wall = time.perf_counter() - start
if status != 0:
    sys.exit(f"{sys.argv[1]} ended with status {os.waitstatus_to_exitcode(status)}")
# In bytes on Darwin, in kibibytes elsewhere.
memory = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps({"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "memory": memory}))
