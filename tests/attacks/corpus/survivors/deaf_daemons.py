"""Leaves children in sessions and groups of their own that ignore every signal there is.

verdict: fail
earns: test_results test_at_once
says: seen: 5 left
"""

import os
import signal
from concurrent.futures import ThreadPoolExecutor


def deaf(started):
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    os.setsid()
    os.write(started, b"!")
    while True:
        signal.pause()


def parallel_map(function, items, workers):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    ready, started = os.pipe()
    for _ in range(5):
        if os.fork() == 0:
            deaf(started)
    for _ in range(5):
        os.read(ready, 1)
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
