"""Kills process groups and sessions: the judge's, its parents', and last its own, in which the harness might be.

verdict: crash
says: ended by signal SIGKILL during the call
needs: isolation
"""

import os
import signal


def parallel_map(function, items, workers):
    for group in (int("@JUDGE@"), os.getppid(), os.getsid(os.getppid()), *range(2, 2000)):
        if group not in (0, os.getpgrp()):
            try:
                os.killpg(group, signal.SIGKILL)
            except OSError:
                continue
    os.killpg(0, signal.SIGKILL)
