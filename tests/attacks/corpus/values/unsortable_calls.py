"""Works one item after another, and spoils the record of its calls with arguments that cannot be compared or sorted.

verdict: fail
earns: test_results test_leaves_nothing
says: one call for each item
"""

import contextlib
from concurrent.futures import ThreadPoolExecutor


def parallel_map(function, items, workers):
    for odd in ("text", None, [[]], {"a": 1}):
        with contextlib.suppress(Exception):
            function(odd)
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
