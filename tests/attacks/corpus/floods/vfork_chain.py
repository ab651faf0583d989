"""Raw clone(CLONE_VFORK): each parent is frozen in the kernel until its child ends, and each child does the same.

verdict: timeout
needs: isolation
"""

import ctypes
import os
import signal

CLONE_VFORK, CLONE_NUMBER = 0x4000, 220 if os.uname().machine == "aarch64" else 56
libc = ctypes.CDLL(None, use_errno=True)


def parallel_map(function, items, workers):
    depth = 0
    while libc.syscall(CLONE_NUMBER, CLONE_VFORK | signal.SIGCHLD, 0, 0, 0, 0) == 0:
        depth += 1
    if depth:
        signal.pause()
    raise OSError(ctypes.get_errno(), "no more processes, or the frozen chain has come apart")
