"""Leaves System V and POSIX objects of the kernel behind, which outlive processes where nobody counts them.

verdict: error
says: attack found every kind of object refused or harmless
"""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
IPC_PRIVATE, MODE = 0, 0o1666


def parallel_map(function, items, workers):
    made = []
    for _ in range(1000):
        for kind, number in (
            ("segment", libc.shmget(IPC_PRIVATE, 1 << 20, MODE)),
            ("semaphores", libc.semget(IPC_PRIVATE, 250, MODE)),
            ("messages", libc.msgget(IPC_PRIVATE, MODE)),
            ("queue", libc.mq_open(b"/attack-%d" % len(made), os.O_CREAT | os.O_RDWR, 0o666, None)),
        ):
            if number >= 0:
                made.append(kind)
    raise RuntimeError(f"attack made {set(made)}" if made else "attack found every kind of object refused or harmless")
