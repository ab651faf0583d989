"""Fills /tmp and /dev/shm to the last byte, many files at a time, then solves the exercise without any.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
needs: isolation
"""

import errno
import itertools
import tempfile
from concurrent.futures import ThreadPoolExecutor

kept = []


def fill(folder):
    for _ in itertools.count():
        try:
            file = tempfile.NamedTemporaryFile(dir=folder, prefix="attack-", buffering=0)
            kept.append(file)
            file.write(bytes(4 << 20))
            if len(kept) > 100:
                raise RuntimeError(f"400 MiB fit into {folder}")
        except OSError as full:
            assert full.errno == errno.ENOSPC, full
            return


def parallel_map(function, items, workers):
    fill("/tmp")
    fill("/dev/shm")
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
