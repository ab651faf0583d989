"""Becomes another program, which inherits every descriptor, prints a success and ends with status 0.

verdict: crash
says: ended the whole process (exit status 0) during the call
"""

import os


def parallel_map(function, items, workers):
    for descriptor in range(3, 256):
        try:
            os.set_inheritable(descriptor, True)
        except OSError:
            continue
    os.execv("/bin/sh", ["sh", "-c", "echo 3 passed in 0.01s; exit 0"])
