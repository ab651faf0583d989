"""Leaks a thread and a child, writes the right answer to the harness's channel itself, and ends the process at once.

The function never returns, and whoever calls it is gone; there is only nothing left to be counted.

verdict: crash
says: ended the whole process (exit status 0)
"""

import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from grader.player import wire


def parallel_map(function, items, workers):
    threading.Thread(target=time.sleep, args=(60,)).start()
    if os.fork() == 0:
        time.sleep(60)
    with ThreadPoolExecutor(workers) as pool:
        results = list(pool.map(function, items))
    frame = sys._getframe()
    while "control" not in frame.f_locals:
        frame = frame.f_back
    identity = frame.f_locals["request"]["id"]
    frame.f_locals["control"].sendall(wire.frame({"id": identity, "value": wire.encode(results)}))
    os._exit(0)
