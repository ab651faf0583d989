"""Writes the harness's answer itself: an exception, and a refusal, longer than any honest one and made of markup.

verdict: error
says: Your code raised
"""

import signal

from grader.player import wire

TEXT = "<script>attack()</script>\x1b[2J\u202e\u2066" * 2000
PLACES = [["parallel_map.py", -(10**900), TEXT], ["parallel_map.py", 1, TEXT]] * 2


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
    error = {"type": TEXT, "message": TEXT, "bases": [TEXT] * 3, "places": PLACES}
    message = {"id": frame.f_locals["request"]["id"], "exception": error}
    frame.f_locals["control"].sendall(wire.frame(message))
    signal.pause()
