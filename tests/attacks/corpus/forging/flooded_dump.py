"""Comes to a stop, and answers the judge's question where with a flood: line numbers of a million digits.

verdict: deadlock
says: everything came to a stop for good
"""

import faulthandler
import os
import signal
import threading


def answer(number, frame):
    os.write(1, b'most recent call first\n  File "/box/submission/x", line ')
    while True:
        os.write(1, b"9" * 65536)


def parallel_map(function, items, workers):
    faulthandler.unregister(signal.SIGUSR1)
    signal.signal(signal.SIGUSR1, answer)
    threading.Event().wait()
