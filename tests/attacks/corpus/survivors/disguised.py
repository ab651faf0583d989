"""Leaves a process that goes by the name of one of multiprocessing's own helpers, which are not held against anybody.

verdict: fail
earns: test_results test_at_once
says: seen: 1 left
"""

import subprocess
from concurrent.futures import ThreadPoolExecutor

NAME = "multiprocessing.resource_tracker"


def parallel_map(function, items, workers):
    subprocess.Popen([NAME, "60"], executable="/bin/sleep")
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
