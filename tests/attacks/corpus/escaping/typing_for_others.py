"""Types into a terminal on behalf of whoever started the judge, if there is one, and into its own standard input.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
needs: isolation
"""

import ctypes
import fcntl
import os
from concurrent.futures import ThreadPoolExecutor

TIOCSTI, TIOCLINUX, TIOCSCTTY, TIOCSETD, TIOCCONS = 0x5412, 0x541C, 0x540E, 0x5423, 0x541D
libc = ctypes.CDLL(None, use_errno=True)


def parallel_map(function, items, workers):
    places = [0, 1, 2]
    for path in ("/dev/tty", "/dev/console", "/dev/ptmx", "/dev/tty0", "/dev/pts/0"):
        try:
            places.append(os.open(path, os.O_RDWR | os.O_NOCTTY))
        except OSError:
            continue
    for place in places:
        for request in (TIOCSTI, TIOCLINUX, TIOCSCTTY, TIOCSETD, TIOCCONS):
            try:
                fcntl.ioctl(place, request, b"\x03")
            except OSError:
                continue
            raise RuntimeError(f"terminal request {request:#x} was carried out on {place}")
        # The kernel looks at the lower half of the number only; so must a filter.
        assert libc.ioctl(place, ctypes.c_ulong(TIOCSTI | 1 << 32), b"\x03") < 0
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
