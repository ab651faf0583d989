"""Waits in line for a processor that its own child keeps busy, to look like the victim of an overloaded machine.

verdict: timeout
says: had not ended after
"""

import os
import time


def parallel_map(function, items, workers):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    if os.fork() == 0:
        while time.process_time() < 0.5:
            pass
        os._exit(0)
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    os.nice(19)
    for _ in range(10_000):
        pass
    time.sleep(60)
