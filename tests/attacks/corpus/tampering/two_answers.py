"""Finds the harness's socket among all objects that exist, and answers before, and instead of, the harness.

verdict: error
says: harness
"""

import gc
import socket
import sys

from grader.player import wire


def parallel_map(function, items, workers):
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    identity = frame.f_locals["request"]["id"]
    answer = wire.frame({"id": identity, "value": [function(item) for item in items], "verdict": "pass"})
    for found in gc.get_objects():
        if isinstance(found, socket.socket) and found.fileno() >= 0:
            found.sendall(answer * 3)
    return []
