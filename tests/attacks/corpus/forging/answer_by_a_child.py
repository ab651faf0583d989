"""A child that kept the channel answers in its parent's place, while the parent waits: forked behind Python's back.

verdict: fail
says: element 0 is 7
"""

import ctypes
import sys
import threading

from grader.player import wire


def parallel_map(function, items, workers):
    frame = sys._getframe()
    while "control" not in frame.f_locals:
        frame = frame.f_back
    answer = wire.frame({"id": frame.f_locals["request"]["id"], "value": [7] * len(items)})
    if ctypes.PyDLL(None).fork() == 0:
        frame.f_locals["control"].sendall(answer)
    threading.Event().wait()
