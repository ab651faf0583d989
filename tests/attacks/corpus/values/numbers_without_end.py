"""Returns numbers that JSON, or a conversion to decimal digits, chokes on: infinities, NaN, a million bits.

verdict: error
says: an integer of 1,000,001 bits
"""


def parallel_map(function, items, workers):
    return [float("nan"), float("inf"), float("-inf"), -0.0, 5e-324, 1 << 1_000_000, *map(function, items)]
