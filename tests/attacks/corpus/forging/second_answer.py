"""Answers the request itself, with the results it computed, and returns them as well: two answers to one question.

verdict: error
says: More than one answer was written to the harness's channel
"""

import sys
from concurrent.futures import ThreadPoolExecutor

from grader.player import wire


def parallel_map(function, items, workers):
    with ThreadPoolExecutor(workers) as pool:
        results = list(pool.map(function, items))
    frame = sys._getframe()
    while "control" not in frame.f_locals:
        frame = frame.f_back
    identity = frame.f_locals["request"]["id"]
    frame.f_locals["control"].sendall(wire.frame({"id": identity, "value": results}))
    return results
