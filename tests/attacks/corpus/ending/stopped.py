"""Stops itself, so that it neither ends nor computes nor waits for anything that could be answered.

verdict: deadlock
says: everything came to a stop for good
"""

import os
import signal


def parallel_map(function, items, workers):
    os.kill(os.getpid(), signal.SIGSTOP)
    return []
