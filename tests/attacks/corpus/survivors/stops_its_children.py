"""Has each item worked on by a child that stops first, and waits for them all.

verdict: deadlock
says: all waiting, and nobody left to wake them
"""

import os
import signal


def parallel_map(function, items, workers):
    children = []
    for item in items:
        child = os.fork()
        if child == 0:
            os.kill(os.getpid(), signal.SIGSTOP)
            function(item)
            os._exit(0)
        children.append(child)
    return [os.waitpid(child, 0)[1] for child in children]
