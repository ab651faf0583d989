"""Calls the function with a text so long that the judge's own complaint about it does not fit into an answer.

verdict: error fail
"""


def parallel_map(function, items, workers):
    function("x" * 190_000)
    return [function(item) for item in items]
