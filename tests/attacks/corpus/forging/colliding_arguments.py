"""Calls with arguments that are dear to hash, from many connections at once, as often as the judge takes them.

verdict: error timeout fail deadlock
"""

import json
import socket
import struct
import threading

KEYS = [n * ((1 << 61) - 1) for n in range(1, 1_500)]
SETS = [{"$": "set", "v": KEYS}] * 6
BODY = json.dumps({"name": "function", "args": SETS, "thread": 1, "task": ""}, separators=(",", ":")).encode()


def keep_calling(path):
    while True:
        with socket.socket(socket.AF_UNIX) as call:
            call.connect(path)
            call.sendall(struct.pack(">I", len(BODY)) + BODY)
            call.recv(1)


def parallel_map(function, items, workers):
    for _ in range(25):
        threading.Thread(target=keep_calling, args=(function._path,)).start()
    threading.Event().wait()
