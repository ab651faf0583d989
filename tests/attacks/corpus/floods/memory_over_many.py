"""Spreads memory over many processes that stay far below any limit of their own.

verdict: memory
needs: isolation
says: More than 128 MiB of memory was used
"""

import os
import signal


def parallel_map(function, items, workers):
    mine = bytearray(b"x") * (24 << 20)  # more than any of the others, so that the kernel ends the player itself
    for _ in range(20):
        if os.fork() == 0:
            kept = bytearray(b"x") * (12 << 20)
            signal.pause()
            del kept
    signal.pause()
    return mine
