"""Returns as many NaNs, infinities and negative zeros as results are wanted.

verdict: fail
says: element 0 is nan
"""


def parallel_map(function, items, workers):
    return [float("nan"), float("inf"), float("-inf"), -0.0, 1e308 * 10, complex("nan")][: len(items)]
