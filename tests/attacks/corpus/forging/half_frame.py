"""Sends a header and one byte less than it promises, and waits for a judge that waits for the rest.

verdict: deadlock
says: everything came to a stop for good
"""

import signal
import socket
import threading


def sockets_in_frames():
    found = []
    signal.signal(signal.SIGUSR2, lambda number, frame: found.append(frame))
    signal.raise_signal(signal.SIGUSR2)  # asking the garbage collector for all objects is refused
    while found[-1].f_back:
        found.append(found[-1].f_back)
    return [value for frame in found for value in frame.f_locals.values() if isinstance(value, socket.socket)]


def parallel_map(function, items, workers):
    for found in set(sockets_in_frames()):
        if type(found) is socket.socket and found.fileno() >= 0:
            found.sendall(b"\x00\x00\x10\x00" + b"{" * 4095)
    threading.Event().wait()
