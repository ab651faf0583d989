"""Asks for raw sockets, pings, and what only an administrator of the network may set.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
needs: isolation
"""

import fcntl
import socket
from concurrent.futures import ThreadPoolExecutor

SIOCSIFADDR, SIOCSIFFLAGS, SIOCADDRT, SO_MARK, SO_RCVBUFFORCE = 0x8916, 0x8914, 0x890B, 36, 33


def attempts():
    for family in (socket.AF_INET, socket.AF_INET6):
        for protocol in (1, 58, 255):
            yield lambda f=family, p=protocol: socket.socket(f, socket.SOCK_RAW, p)
    plain = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for request in (SIOCSIFADDR, SIOCSIFFLAGS, SIOCADDRT):
        yield lambda r=request: fcntl.ioctl(plain, r, b"lo".ljust(64, b"\0"))
    for option in (SO_MARK, SO_RCVBUFFORCE, socket.SO_BINDTODEVICE):
        yield lambda o=option: plain.setsockopt(socket.SOL_SOCKET, o, b"eth0\0\0\0\0")


def parallel_map(function, items, workers):
    for number, attempt in enumerate(attempts()):
        try:
            attempt()
        except OSError:
            continue
        raise RuntimeError(f"attempt {number} was allowed")
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
