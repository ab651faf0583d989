"""Blocks and ignores every signal there is, in threads that compute for ever: a polite request to end is not heard.

verdict: timeout
says: was still computing after
"""

import signal
import threading


def spin():
    while True:
        pass


def parallel_map(function, items, workers):
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            continue
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    for _ in range(4):
        threading.Thread(target=spin).start()
    spin()
