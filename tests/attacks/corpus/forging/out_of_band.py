"""Sends the judge urgent data between two requests: its socket looks readable, though there is nothing it could read.

verdict: error
says: channel
"""

import faulthandler
import signal
import tempfile
import threading
import time
from socket import MSG_OOB


def frame_here():
    """What `sys` is not allowed to hand out."""
    found = []
    signal.signal(signal.SIGUSR2, lambda number, frame: found.append(frame))
    signal.raise_signal(signal.SIGUSR2)
    return found[0]


frame = frame_here()
while "control" not in frame.f_locals:
    frame = frame.f_back


def waits_for_a_request():
    with tempfile.TemporaryFile() as stacks:
        faulthandler.dump_traceback(stacks)
        stacks.seek(0)
        return b"in receive" in stacks.read()


def disturb(control):
    while not waits_for_a_request():
        time.sleep(0)
    for _ in range(20):
        time.sleep(0.001)  # the judge has looked by now, and looks again before the next request
        control.send(b"!", MSG_OOB)


threading.Thread(target=disturb, args=(frame.f_locals["control"],)).start()


def parallel_map(function, items, workers):
    threading.Event().wait(0.1)
    return [function(item) for item in items]
