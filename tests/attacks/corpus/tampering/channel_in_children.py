"""Keeps the harness's channel open in forked children, where it is meant to be closed, and writes to it from there.

verdict: error
says: Bytes that are not the harness's were written to its channel
"""

import os

KEPT = []


def keep():
    for descriptor in range(3, 64):
        try:
            KEPT.append(os.dup(descriptor))
        except OSError:
            continue


os.register_at_fork(before=keep)


def parallel_map(function, items, workers):
    child = os.fork()
    if child == 0:
        for descriptor in KEPT:
            try:
                os.write(descriptor, b"\xff\xff\xff\xff" * 2)
            except OSError:
                pass
        os._exit(0)
    os.waitpid(child, 0)
    return [function(item) for item in items]
