"""Answers with an exception as no interpreter makes it: a type of 300,000 letters, a line number of 900 digits, markup.

verdict: error
says: Your code raised
"""

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
    forged = {
        "type": "<script>attack" + "x" * 300_000 + "\u202e\ud800",
        "message": "\x1b[2J<img src=x onerror=attack()>" * 3,
        "bases": ["Pass"] * 10_000,
        "places": [["parallel_map.py", 10**900, "\x1b[31m<script>attack"]] * 5,
    }
    identity = frame.f_locals["request"]["id"]
    frame.f_locals["control"].sendall(wire.frame({"id": identity, "exception": forged}))
    threading.Event().wait()
