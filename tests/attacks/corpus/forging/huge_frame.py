"""Announces a frame of 4 GiB and begins to send it: a judge that trusts the length takes the memory for it.

verdict: error
says: Bytes that are not the harness's were written to its channel
"""

import gc
import socket


def parallel_map(function, items, workers):
    for found in gc.get_objects():
        if type(found) is socket.socket and found.fileno() >= 0:
            found.sendall(b"\xff\xff\xff\xff" + b"{" * 100_000)
    return []
