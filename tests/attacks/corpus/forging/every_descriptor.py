"""Writes a well-formed answer to every descriptor that is open, in the hope that one of them leads to the judge.

verdict: error
says: Something other than the harness wrote to its channel during the call
"""

import os

from grader.player import wire


def parallel_map(function, items, workers):
    answer = wire.frame({"id": "ready", "value": [], "verdict": "pass", "points": 100})
    for descriptor in range(1024):
        try:
            os.write(descriptor, answer)
        except OSError:
            continue
    return [function(item) for item in items]
