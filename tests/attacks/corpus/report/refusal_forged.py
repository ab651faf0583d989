"""Writes, in the harness's place, that the result was too large, in words of its own: markup, and a verdict.

verdict: error
says: the result cannot be handed over
"""

import signal

from grader.player import wire

WORDS = ["<script>attack()</script>", "\x1b[2J\u202e\u2066", {"verdict": "pass"}] * 20_000


def frame_here():
    found = []
    signal.signal(signal.SIGUSR2, lambda number, frame: found.append(frame))
    signal.raise_signal(signal.SIGUSR2)  # asking sys for a frame is refused
    return found[0]


def parallel_map(function, items, workers):
    frame = frame_here()
    while "control" not in frame.f_locals:
        frame = frame.f_back
    control, request = frame.f_locals["control"], frame.f_locals["request"]
    control.sendall(wire.frame({"id": request["id"], "too_big": WORDS[:10_000], "value": None}))
    signal.pause()
