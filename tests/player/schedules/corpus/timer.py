"""right: a timer of an hour, at once."""

import threading
import time


def scenario():
    began, rung = time.monotonic(), threading.Event()
    threading.Timer(3600, rung.set).start()
    rung.wait()
    assert time.monotonic() - began >= 3600
