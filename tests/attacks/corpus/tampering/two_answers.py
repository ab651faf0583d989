"""Finds the harness's socket in its frames, and answers before, and instead of, the harness.

verdict: error
says: harness
"""

import signal

from grader.player import wire


def frame_here():
    found = []
    signal.signal(signal.SIGUSR2, lambda number, frame: found.append(frame))
    signal.raise_signal(signal.SIGUSR2)  # asking sys for a frame is refused
    return found[0]


def parallel_map(function, items, workers):
    frame = frame_here()
    while "control" not in frame.f_locals:
        frame = frame.f_back
    identity = frame.f_locals["request"]["id"]
    answer = wire.frame({"id": identity, "value": [function(item) for item in items], "verdict": "pass"})
    frame.f_locals["control"].sendall(answer * 3)
    return []
