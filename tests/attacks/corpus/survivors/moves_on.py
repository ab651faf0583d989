"""Never stays the same process: each generation starts the next as an orphan and ends, faster than one can be killed.

verdict: fail timeout
earns: test_results test_at_once
needs: namespaces

(Without a process 1 that reaps, the ended ones pile up, and the limit of processes soon ends the chain.)
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor


def move_on():
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        if os.fork():
            os._exit(0)
        time.sleep(0.0005)


def parallel_map(function, items, workers):
    if os.fork() == 0:
        os.setsid()
        move_on()
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
