"""Reads from address 0 in a worker thread, with a handler for the signal that never returns to Python.

verdict: crash
says: ended by signal SIGSEGV during the call
"""

import ctypes
import signal
from concurrent.futures import ThreadPoolExecutor


def parallel_map(function, items, workers):
    signal.signal(signal.SIGSEGV, signal.SIG_IGN)
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(ctypes.string_at, [0] * len(items)))
