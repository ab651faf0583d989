"""Asks for something unknown and so large that the judge's own answer, which quotes it, is larger than answers may be.

verdict: error
says: KeyError
"""


def parallel_map(function, items, workers):
    return [function("x" * 60_000) for _ in items]
