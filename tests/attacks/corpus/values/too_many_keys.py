"""Returns more keys that are not texts than the judge is willing to hash: an answer like any other, only too large.

verdict: error
says: the result cannot be handed over
"""


def parallel_map(function, items, workers):
    return dict.fromkeys(range(10_000))
