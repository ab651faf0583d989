"""Connects to a service of the host on its loopback, by IPv4, IPv6 and both in one, and tells what it says.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
needs: isolation
"""

import contextlib
import socket
from concurrent.futures import ThreadPoolExecutor

PORT = int("@PORT@")


def parallel_map(function, items, workers):
    for address in ("127.0.0.1", "0.0.0.0", "::1", "::ffff:127.0.0.1", "::", "localhost"):
        with contextlib.suppress(OSError), socket.create_connection((address, PORT), timeout=1) as service:
            print(address, service.recv(100), flush=True)
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
