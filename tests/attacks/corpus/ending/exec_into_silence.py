"""Becomes a program that waits for itself for ever and no longer knows anything of the harness.

verdict: deadlock
says: everything came to a stop for good
"""

import os


def parallel_map(function, items, workers):
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    os.dup2(reading, 0)
    os.execv("/bin/cat", ["cat"])
