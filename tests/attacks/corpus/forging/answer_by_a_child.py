"""A child that kept the channel answers in its parent's place, while the parent waits: forked behind Python's back.

verdict: fail
says: element 0 is 7
"""

import ctypes
import signal
import threading

from grader.player import wire


def frame_here():
    """What `sys` is not allowed to hand out."""
    found = []
    signal.signal(signal.SIGUSR2, lambda number, frame: found.append(frame))
    signal.raise_signal(signal.SIGUSR2)
    return found[0]


def parallel_map(function, items, workers):
    frame = frame_here()
    while "control" not in frame.f_locals:
        frame = frame.f_back
    answer = wire.frame({"id": frame.f_locals["request"]["id"], "value": [7] * len(items)})
    if ctypes.PyDLL(None).fork() == 0:
        frame.f_locals["control"].sendall(answer)
    threading.Event().wait()
