"""Fills anonymous shared memory, which no limit of a single process counts.

verdict: memory
needs: isolation
says: More than 128 MiB of memory was used
"""

import mmap


def parallel_map(function, items, workers):
    kept = []
    while True:
        piece = mmap.mmap(-1, 8 << 20)  # MAP_SHARED, so RLIMIT_DATA does not see it
        piece.write(b"x" * len(piece))
        kept.append(piece)
