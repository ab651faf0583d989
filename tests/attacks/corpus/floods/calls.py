"""Opens callbacks with arguments of a hundred thousand empty lists each, all complete at the same moment.

Decoding one costs the judge a thousand times what sending it costs, and what it decoded it keeps.

verdict: error timeout memory
"""

import socket

from grader.player import callbacks

body = b'{"name":"function","thread":1,"task":"","args":[[' + b"[]," * 60_000 + b"[]]]}"
message = len(body).to_bytes(4, "big") + body


def parallel_map(function, items, workers):
    callers = []
    for _ in range(400):
        caller = socket.socket(socket.AF_UNIX)
        caller.connect(callbacks._path)
        caller.sendall(message[:-1])
        callers.append(caller)
    for caller in callers:
        caller.sendall(message[-1:])
    return [caller.recv(1) for caller in callers]
