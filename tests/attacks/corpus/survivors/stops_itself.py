"""Stops its own process group, so that nobody is left who could answer, or even be asked where it is.

verdict: deadlock
says: everything came to a stop for good
"""

import os
import signal


def parallel_map(function, items, workers):
    for _ in range(3):
        os.fork()
    os.kill(0, signal.SIGSTOP)
    return [function(item) for item in items]
