"""Waits until the judge asks where the threads are (SIGUSR1), and answers with all the text that a pipe can carry.

verdict: timeout
says: had not ended after
"""

import faulthandler
import os
import signal
import time

PLACE = 'Thread (most recent call first):\n  File "/box/submission/parallel_map.py", line %d in f%d\n'
lies = "".join(PLACE % (number, number) for number in range(8000)).encode()


def answer(*_):
    while True:
        os.write(1, lies)


faulthandler.unregister(signal.SIGUSR1)
signal.signal(signal.SIGUSR1, answer)


def parallel_map(function, items, workers):
    time.sleep(60)
