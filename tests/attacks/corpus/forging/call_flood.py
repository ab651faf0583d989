"""Opens call after call and hangs up at once: each costs the judge more processor time than the caller.

verdict: error timeout
"""

import socket

from grader.player import wire


def parallel_map(function, items, workers):
    request = wire.frame({"name": "nothing", "args": [], "thread": 1, "task": ""})
    while True:
        with socket.socket(socket.AF_UNIX) as call:
            call.connect(function._path)
            call.send(request)
