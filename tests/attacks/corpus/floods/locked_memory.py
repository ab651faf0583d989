"""Locks memory so that it can never be paged out, up to what is allowed and beyond.

verdict: memory error
says: MemoryError
"""

import ctypes
import mmap

libc = ctypes.CDLL(None, use_errno=True)
MCL_FUTURE = 2


def parallel_map(function, items, workers):
    libc.mlockall(MCL_FUTURE)
    kept = []
    try:
        while True:
            piece = mmap.mmap(-1, 1 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
            piece.write(b"x" * len(piece))
            libc.mlock(ctypes.byref(ctypes.c_char.from_buffer(piece)), len(piece))
            kept.append(piece)
    except OSError as refused:
        raise MemoryError("no more memory to lock") from refused
