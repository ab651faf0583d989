"""Starts as many threads as there should be workers, which wait, while one thread does all the work.

verdict: fail
earns: test_results test_leaves_nothing
says: 3 calls at once; seen: 1
"""

import threading


def parallel_map(function, items, workers):
    done = threading.Event()
    crew = [threading.Thread(target=done.wait) for _ in range(workers)]
    for worker in crew:
        worker.start()
    results = [function(item) for item in items]
    done.set()
    for worker in crew:
        worker.join()
    return results
