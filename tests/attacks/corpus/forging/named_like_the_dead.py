"""Leaves a process running whose name, as the kernel shows it, reads like the state of one that has ended.

verdict: fail
earns: test_results test_at_once
says: 1 left
"""

import ctypes
import os
import threading
from concurrent.futures import ThreadPoolExecutor

PR_SET_NAME = 15


def parallel_map(function, items, workers):
    with ThreadPoolExecutor(workers) as pool:
        results = list(pool.map(function, items))
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(PR_SET_NAME, b"x) Z 0 0 0\n", 0, 0, 0)
        threading.Event().wait()
    return results
