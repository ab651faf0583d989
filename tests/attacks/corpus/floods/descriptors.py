"""Opens descriptors of every kind until none is left: sockets, epoll, inotify, eventfd, timers, pipes, pidfds.

verdict: error
says: Too many open files
"""

import ctypes
import itertools
import os
import select
import socket

libc = ctypes.CDLL(None, use_errno=True)


def from_libc(number):
    if number < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return number


KINDS = [
    lambda: socket.socket(socket.AF_UNIX),
    lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
    lambda: select.epoll(),
    lambda: from_libc(libc.eventfd(0, 0)),
    lambda: from_libc(libc.timerfd_create(1, 0)),
    lambda: from_libc(libc.signalfd(-1, bytes(8), 0)),
    lambda: os.pipe(),
    lambda: os.pidfd_open(os.getpid()),
    lambda: open("/dev/null"),  # noqa: SIM115
]


def parallel_map(function, items, workers):
    kept = [libc.inotify_init() for _ in range(100)]
    for kind in itertools.cycle(KINDS):
        kept.append(kind())
