"""Recurses through C functions with the limit taken away, until the stack runs into its guard page.

verdict: crash error
"""

import sys


class Endless:
    def __repr__(self):
        return repr(self)


def parallel_map(function, items, workers):
    sys.setrecursionlimit(1 << 30)
    return repr(Endless())
