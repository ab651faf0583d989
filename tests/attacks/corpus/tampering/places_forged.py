"""Stops for good, and when asked by signal where its threads are, answers in faulthandler's place, and at length.

verdict: deadlock
says: everything came to a stop for good
"""

import faulthandler
import os
import signal
import threading

LINE = f'most recent call first\n  File "{os.path.dirname(__file__)}/parallel_map.py", line 1 in '
NAMES = ("<script>attack</script>", "\x1b[2J\u202e\u2066", "=HYPERLINK(1)", r"\u003cscript>attack", "x" * 100_000)


def forge(number, frame):
    os.set_blocking(2, False)
    for name in NAMES:
        os.write(2, f"{LINE}{name}\n".encode())


def parallel_map(function, items, workers):
    faulthandler.unregister(signal.SIGUSR1)
    signal.signal(signal.SIGUSR1, forge)
    threading.Event().wait()
