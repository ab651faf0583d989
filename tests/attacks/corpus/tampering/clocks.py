"""Sets, stops and replaces every clock and timer it can get hold of, and works one item after another.

verdict: fail
earns: test_results test_leaves_nothing
says: 3 calls at once
needs: isolation
"""

import contextlib
import ctypes
import itertools
import signal
import threading
import time

COUNT = itertools.count()


def set_clocks():
    libc = ctypes.CDLL(None)
    with contextlib.suppress(OSError):
        time.clock_settime(time.CLOCK_REALTIME, 0)
    libc.settimeofday((ctypes.c_long * 2)(0, 0), None)
    libc.adjtimex(ctypes.create_string_buffer(b"\x01", 208))
    for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
        signal.setitimer(timer, 1e6)


def parallel_map(function, items, workers):
    set_clocks()
    for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time"):
        setattr(time, name, lambda: float(next(COUNT)))
        setattr(time, name + "_ns", lambda: next(COUNT))
    time.sleep = threading._time = threading.Event.wait = lambda *anything: 0
    return [function(item) for item in items]
