"""An honest solution with a pool of threads, which must get full marks on every rung.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
"""

from concurrent.futures import ThreadPoolExecutor


def parallel_map(function, items, workers):
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
