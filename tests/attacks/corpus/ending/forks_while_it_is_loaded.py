"""Forks while it is loaded: two processes have the judge's sockets, and both go on as if they were the player.

exercise: parallel_sum
earns: test_arguments
"""

import os

os.fork()


def parallel_sum(func, n, workers):
    if workers < 1:
        raise ValueError("workers")
    return sum(func(i) for i in range(n))
