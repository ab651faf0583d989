"""Stops all it can reach, and last itself: whoever waits for its answer, or for its end, might wait for ever.

verdict: deadlock
says: everything came to a stop for good
needs: isolation
"""

import os
import signal


def parallel_map(function, items, workers):
    if os.fork() == 0:
        signal.pause()
    for pid in (int("@JUDGE@"), os.getppid(), -1, os.getpid()):
        try:
            os.kill(pid, signal.SIGSTOP)
        except OSError:
            continue
    return []
