"""Recurses in Python with the limit taken away.

verdict: memory
"""

import sys


def deeper(level):
    return deeper(level + 1) + 1


def parallel_map(function, items, workers):
    sys.setrecursionlimit(1 << 30)
    return deeper(0)
