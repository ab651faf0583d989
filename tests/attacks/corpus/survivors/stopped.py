"""Leaves children that are stopped: they neither run nor end, and notice nothing.

verdict: fail
earns: test_results test_at_once
says: seen: 3 left
"""

import os
import signal
from concurrent.futures import ThreadPoolExecutor


def parallel_map(function, items, workers):
    for _ in range(3):
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            os.kill(os.getpid(), signal.SIGSTOP)
            os._exit(0)
        os.waitpid(child, os.WUNTRACED)
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
