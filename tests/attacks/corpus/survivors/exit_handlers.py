"""Hangs in everything that Python runs at its end: atexit, threading's and multiprocessing's own handlers.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
"""

import atexit
import multiprocessing.util
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

atexit.register(time.sleep, 60)
threading._register_atexit(time.sleep, 60)
multiprocessing.util.Finalize(None, time.sleep, args=(60,), exitpriority=100)
os.register_at_fork(before=lambda: print("attack saw a fork", flush=True))
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
    signal.signal(number, lambda *_: time.sleep(60))


def parallel_map(function, items, workers):
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
