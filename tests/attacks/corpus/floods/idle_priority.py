"""Lets a thread wait behind other load at the lowest priority, to be taken for a victim of an overloaded machine.

verdict: timeout
"""

import os
import threading


def starve():
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    while True:
        pass


def parallel_map(function, items, workers):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    threading.Thread(target=starve, daemon=True).start()
    threading.Event().wait()
