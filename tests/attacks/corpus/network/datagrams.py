"""Sends datagrams to the host's loopback, to networks next door and to everybody, and reports which were not refused.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
needs: isolation
"""

import socket
from concurrent.futures import ThreadPoolExecutor

NEIGHBOURS = ("192.0.2.1", "198.51.100.1", "10.255.255.254", "255.255.255.255", "224.0.0.1", "2001:db8::1", "ff02::1")


def parallel_map(function, items, workers):
    for address in NEIGHBOURS:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            try:
                sock.sendto(b"attack", (address, int("@PORT@")))
            except OSError:
                continue
            raise RuntimeError(f"there is a way to {address}")
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
