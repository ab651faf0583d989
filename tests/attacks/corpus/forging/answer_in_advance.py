"""Answers the import itself, and in the same write the request that has not been made yet, with a guessed id.

verdict: error
says: More than one answer
"""

import signal

from grader.player import wire


def frame_here():
    """What `sys` is not allowed to hand out."""
    found = []
    signal.signal(signal.SIGUSR2, lambda number, frame: found.append(frame))
    signal.raise_signal(signal.SIGUSR2)
    return found[0]


frame = frame_here()
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
