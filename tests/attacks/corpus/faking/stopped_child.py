"""Leaves a process behind that is stopped, by a parent that has ended: nobody runs, nobody waits.

verdict: fail
earns: test_results test_at_once
says: no thread and no process left; seen: 1 left
"""

import os
import signal
from concurrent.futures import ThreadPoolExecutor


def leave_a_stopped_grandchild():
    child = os.fork()
    if child == 0:
        if os.fork() == 0:
            os.setsid()
            os.kill(os.getpid(), signal.SIGSTOP)
        os._exit(0)
    os.waitpid(child, 0)


def parallel_map(function, items, workers):
    leave_a_stopped_grandchild()
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
