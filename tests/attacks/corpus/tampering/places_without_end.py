"""Stops for good, and when asked by signal where its threads are, writes without end, as fast as the judge can read.

verdict: deadlock
says: everything came to a stop for good
"""

import faulthandler
import os
import signal
import threading

LINES = b'most recent call first\n  File "/box/submission/parallel_map.py", line 1 in x\n' * 10_000


def flood(number, frame):
    while True:
        os.write(2, LINES)


def parallel_map(function, items, workers):
    faulthandler.unregister(signal.SIGUSR1)
    signal.signal(signal.SIGUSR1, flood)
    threading.Event().wait()
