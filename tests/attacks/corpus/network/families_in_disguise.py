"""Asks for forbidden families with the upper half of the number set, by socketpair, and by passing a protocol.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
"""

import ctypes
import os
from concurrent.futures import ThreadPoolExecutor

SOCKET, SOCKETPAIR = (198, 199) if os.uname().machine == "aarch64" else (41, 53)
NETLINK, PACKET, TIPC, ALG, VSOCK = 16, 17, 30, 38, 40
libc = ctypes.CDLL(None, use_errno=True)


def parallel_map(function, items, workers):
    pair = (ctypes.c_int * 2)()
    for family in (NETLINK, PACKET, TIPC, ALG, VSOCK):
        for upper in (0, 1 << 32, 1 << 63):
            number = ctypes.c_ulong(upper | family)
            for kind in (1, 2, 3, 5):
                made = (
                    libc.syscall(SOCKET, number, kind, 0) >= 0 or libc.syscall(SOCKETPAIR, number, kind, 0, pair) == 0
                )
                if made:
                    raise RuntimeError(f"family {family} was let through as {number.value:#x}")
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
