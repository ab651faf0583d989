"""Leaves threads in a child that nobody may look into: where the judge is not root, /proc keeps it from seeing them.

verdict: fail
earns: test_results test_at_once
says: seen: 1 left
"""

import ctypes
import os
import signal
from concurrent.futures import ThreadPoolExecutor

PR_SET_DUMPABLE = 4


def parallel_map(function, items, workers):
    ready, started = os.pipe()
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0)
        os.write(started, b"!")
        while True:
            signal.pause()
    os.read(ready, 1)
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
