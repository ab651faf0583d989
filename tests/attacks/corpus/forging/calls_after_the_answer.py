"""Solves the exercise and leaves a thread that calls on, once the answer is given, and holds its calls open.

verdict: fail
earns: test_results test_at_once
says: 1 left
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from grader.player.callbacks import Callback


def call_on():
    time.sleep(0.05)
    Callback("afterwards")(*range(100))
    threading.Event().wait()


def parallel_map(function, items, workers):
    with ThreadPoolExecutor(workers) as pool:
        results = list(pool.map(function, items))
    threading.Thread(target=call_on, daemon=True).start()
    return results
