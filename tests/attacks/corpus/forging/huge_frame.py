"""Announces a frame of 4 GiB and begins to send it: a judge that trusts the length takes the memory for it.

verdict: error
says: Bytes that are not the harness's were written to its channel
"""

import signal
import socket


def sockets_in_frames():
    found = []
    signal.signal(signal.SIGUSR2, lambda number, frame: found.append(frame))
    signal.raise_signal(signal.SIGUSR2)  # asking the garbage collector for all objects is refused
    while found[-1].f_back:
        found.append(found[-1].f_back)
    return [value for frame in found for value in frame.f_locals.values() if isinstance(value, socket.socket)]


def parallel_map(function, items, workers):
    for found in sockets_in_frames():
        if type(found) is socket.socket and found.fileno() >= 0:
            found.sendall(b"\xff\xff\xff\xff" + b"{" * 100_000)
    return []
