"""In trouble in some of its turns and wrong in the others, by all that differs from one to the next: time, hashes, places.

verdict: error fail crash timeout deadlock
"""

import os
import time

_TURN = (time.time_ns() >> 10) ^ hash("turn") ^ os.stat(__file__).st_ino ^ id(object()) >> 4


def parallel_map(function, items, workers):
    if _TURN & 1:
        os.closerange(0, 4096)
    return [None for _ in items]
