"""Sends a header and one byte less than it promises, and waits for a judge that waits for the rest.

verdict: deadlock
says: everything came to a stop for good
"""

import gc
import socket
import threading


def parallel_map(function, items, workers):
    for found in gc.get_objects():
        if type(found) is socket.socket and found.fileno() >= 0:
            found.sendall(b"\x00\x00\x10\x00" + b"{" * 4095)
    threading.Event().wait()
