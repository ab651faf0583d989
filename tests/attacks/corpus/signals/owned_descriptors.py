"""Has the kernel send signals for it: makes the judge the owner of descriptors on which something happens.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
needs: isolation
"""

import fcntl
import os
import signal
import socket
from concurrent.futures import ThreadPoolExecutor


def parallel_map(function, items, workers):
    for owner in (int("@JUDGE@"), -int("@JUDGE@"), os.getppid(), 1, -1):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            for number in (1, 2, ours.fileno()):
                try:
                    fcntl.fcntl(number, fcntl.F_SETOWN, owner)
                    fcntl.fcntl(number, fcntl.F_SETSIG, signal.SIGKILL)
                    fcntl.fcntl(number, fcntl.F_SETFL, fcntl.fcntl(number, fcntl.F_GETFL) | os.O_ASYNC)
                except OSError:
                    continue
            theirs.send(b"x")
            theirs.send(b"!", socket.MSG_OOB)
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
