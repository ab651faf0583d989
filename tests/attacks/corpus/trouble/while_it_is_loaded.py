"""Closes every descriptor while it is loaded, before any check has begun.

verdict: error crash timeout deadlock
"""

import os

os.closerange(0, 4096)


def parallel_map(function, items, workers):
    return [function(item) for item in items]
