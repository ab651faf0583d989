"""Writes, in the harness's place, that the result was too large, in words of its own: markup, and a verdict.

verdict: error
says: the result cannot be handed over
"""

import signal
import sys

from grader.player import wire

WORDS = ["<script>attack()</script>", "\x1b[2J\u202e\u2066", {"verdict": "pass"}] * 20_000


def parallel_map(function, items, workers):
    frame = sys._getframe()
    while "control" not in frame.f_locals:
        frame = frame.f_back
    control, request = frame.f_locals["control"], frame.f_locals["request"]
    control.sendall(wire.frame({"id": request["id"], "too_big": WORDS[:10_000], "value": None}))
    signal.pause()
