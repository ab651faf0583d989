"""An honest solution with a pool of processes: locks, pipes and shared memory must work on every rung.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
"""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def parallel_map(function, items, workers):
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        return list(pool.map(function, items))
