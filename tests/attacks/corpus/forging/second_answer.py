"""Answers the request itself, with the results it computed, and returns them as well: two answers to one question.

verdict: error
says: More than one answer was written to the harness's channel
"""

import signal
from concurrent.futures import ThreadPoolExecutor

from grader.player import wire


def frame_here():
    """What `sys` is not allowed to hand out."""
    found = []
    signal.signal(signal.SIGUSR2, lambda number, frame: found.append(frame))
    signal.raise_signal(signal.SIGUSR2)
    return found[0]


def parallel_map(function, items, workers):
    with ThreadPoolExecutor(workers) as pool:
        results = list(pool.map(function, items))
    frame = frame_here()
    while "control" not in frame.f_locals:
        frame = frame.f_back
    identity = frame.f_locals["request"]["id"]
    frame.f_locals["control"].sendall(wire.frame({"id": identity, "value": results}))
    return results
