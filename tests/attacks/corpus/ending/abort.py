"""Calls the C library's abort(), which no `except` and no ignored signal stops.

verdict: crash
says: ended by signal SIGABRT during the call
"""

import ctypes
import signal


def parallel_map(function, items, workers):
    signal.signal(signal.SIGABRT, signal.SIG_IGN)
    try:
        ctypes.CDLL(None).abort()
    except BaseException:
        return []
