"""Fills files that exist in memory alone, each below the limit for one file.

verdict: memory error
needs: isolation
"""

import os


def parallel_map(function, items, workers):
    kept = []
    while True:
        file = os.memfd_create("attack")
        kept.append(file)
        for _ in range(8):
            os.write(file, bytes(1 << 20))
