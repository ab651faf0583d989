"""Leaves a mark of every kind at the import, and ends the process wherever the mark of an earlier one is found.

verdict: fail
earns: test_results test_at_once
needs: isolation
"""

import fcntl
import os
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

for folder in ("/tmp", "/dev/shm", "/var/tmp", "/run/lock"):
    mark = Path(folder) / "attack-was-here"
    if mark.exists():
        os._exit(66)
    try:
        file = mark.open("w")  # kept open, and locked, for as long as we live
        fcntl.flock(file, fcntl.LOCK_EX)
    except OSError:
        continue
ghost = socket.socket(socket.AF_UNIX)
ghost.bind("\0attack-was-here")  # raises where an earlier one still has the name
if os.fork() == 0:
    os.setsid()
    ghost.listen()
    ghost.accept()


def parallel_map(function, items, workers):
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
