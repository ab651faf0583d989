"""Sends every signal to every process that it may send one to, then solves the exercise as if nothing had happened.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
needs: isolation
"""

import os
import signal
from concurrent.futures import ThreadPoolExecutor


def parallel_map(function, items, workers):
    for number in signal.valid_signals():
        try:
            os.kill(-1, number)
        except OSError:
            continue
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
