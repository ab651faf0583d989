"""Arms thousands of kernel timers, some of which fire all the time, and then waits.

verdict: timeout crash
"""

import ctypes
import signal
import struct

libc = ctypes.CDLL(None, use_errno=True)
CLOCK_MONOTONIC, SIGEV_SIGNAL = 1, 0


def parallel_map(function, items, workers):
    signal.signal(signal.SIGRTMIN, lambda *_: None)
    event = struct.pack("QiI48x", 0, signal.SIGRTMIN, SIGEV_SIGNAL)
    timer = ctypes.c_void_p()
    often = struct.pack("4q", 0, 1000, 0, 1000)
    for _ in range(20_000):
        if libc.timer_create(CLOCK_MONOTONIC, event, ctypes.byref(timer)) < 0:
            break
        libc.timer_settime(timer, 0, often, None)
    signal.setitimer(signal.ITIMER_REAL, 0)
    while True:
        signal.pause()
