"""Leaves a child that holds every descriptor of its parent again, by /proc, and its memory and folders too.

verdict: fail
earns: test_results test_at_once
says: seen: 1 left
"""

import contextlib
import os
import signal
from concurrent.futures import ThreadPoolExecutor


def hold_everything():
    for number in os.listdir("/proc/self/fd"):
        for way in (os.O_RDWR, os.O_RDONLY, os.O_WRONLY):
            with contextlib.suppress(OSError):
                os.open(f"/proc/{os.getppid()}/fd/{number}", way | os.O_NONBLOCK)
    for name in ("root", "cwd", "mem", "maps", "task"):
        with contextlib.suppress(OSError):
            os.open(f"/proc/{os.getppid()}/{name}", os.O_RDONLY)


def parallel_map(function, items, workers):
    ready, started = os.pipe()
    if os.fork() == 0:
        hold_everything()
        os.write(started, b"!")
        while True:
            signal.pause()
    os.read(ready, 1)
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
