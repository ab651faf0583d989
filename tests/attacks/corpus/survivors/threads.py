"""Leaves non-daemon threads that wait for ever, and a few more that those have started.

verdict: fail
earns: test_results test_at_once
says: seen: 6 left
"""

import threading
from concurrent.futures import ThreadPoolExecutor

forever = threading.Event()
everybody = threading.Barrier(7)


def stay(more):
    if more:
        threading.Thread(target=stay, args=(0,)).start()
    everybody.wait()
    forever.wait()


def parallel_map(function, items, workers):
    everybody.reset()
    for _ in range(3):
        threading.Thread(target=stay, args=(1,)).start()
    everybody.wait()
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
