"""Maps private memory that is never touched: reserved addresses alone, far more than the machine may have.

verdict: memory error
says: memory
"""

import mmap


def parallel_map(function, items, workers):
    kept = []
    while True:
        try:
            kept.append(mmap.mmap(-1, 64 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))
        except OSError as refused:
            raise MemoryError("no more memory to map") from refused
