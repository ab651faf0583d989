"""Connects to an abstract Unix socket of the host, which lies in no folder that could be hidden.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
needs: isolation
"""

import contextlib
import socket
from concurrent.futures import ThreadPoolExecutor


def parallel_map(function, items, workers):
    for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET, socket.SOCK_DGRAM):
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, kind) as service:
            service.connect("\0@ABSTRACT@")
            print(service.recv(100), flush=True)
    with open("/proc/net/unix") as file:
        assert "@ABSTRACT@" not in file.read(), "the host's sockets are listed"
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
