"""Answers with a dictionary whose 35,000 keys all have the hash 0, so that filling it takes minutes.

verdict: error
says: is not one that the harness can have written
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
    keys = ",".join(f"[{n * ((1 << 61) - 1)},0]" for n in range(1, 35_000))
    body = f'{{"id":"{identity}","value":{{"$":"dict","v":[{keys}]}}}}'.encode()
    control.sendall(struct.pack(">I", len(body)) + body)
    threading.Event().wait()
