"""Answers with an integer of 900,000 digits, whose conversion takes time that grows with their square.

verdict: error
says: Bytes that are not the harness's were written to its channel
"""

import signal
import struct
import threading


def frame_here():
    """What `sys` is not allowed to hand out."""
    found = []
    signal.signal(signal.SIGUSR2, lambda number, frame: found.append(frame))
    signal.raise_signal(signal.SIGUSR2)
    return found[0]


def channel():
    """The harness's socket and the id of the request it is busy with."""
    frame = frame_here()
    while "control" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["control"], frame.f_locals["request"]["id"]


def parallel_map(function, items, workers):
    control, identity = channel()
    body = f'{{"id":"{identity}","value":[-{"9" * 900_000}]}}'.encode()
    control.sendall(struct.pack(">I", len(body)) + body)
    threading.Event().wait()
