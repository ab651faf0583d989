"""Answers the import itself, and in the same write the request that has not been made yet, with a guessed id.

verdict: error
says: More than one answer
"""

import sys

from grader.player import wire

frame = sys._getframe()
while "control" not in frame.f_locals:
    frame = frame.f_back
control, identity = frame.f_locals["control"], frame.f_locals["request"]["id"]
imported = wire.frame({"id": identity, "value": ["parallel_map"]})
control.sendall(imported + wire.frame({"id": "", "value": [0] * 6}))
wire.receive(control)
control.sendall(wire.frame({"id": identity, "value": [0] * 6}))
wire.receive(control)


def parallel_map(function, items, workers):
    return []
