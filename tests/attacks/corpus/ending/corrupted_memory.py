"""Overwrites the type of None, so that the interpreter falls over wherever it goes next, the harness's code included.

verdict: crash
says: ended by signal SIG
"""

import ctypes


def parallel_map(function, items, workers):
    ctypes.memset(id(type(None)), 0xFF, 4096)
    return [None for _ in items]
