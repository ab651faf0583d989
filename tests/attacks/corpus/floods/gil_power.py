"""Raises a number to a power, and makes a text of it, in C code that no signal interrupts.

verdict: timeout
says: was still computing after
"""

import sys


def parallel_map(function, items, workers):
    sys.set_int_max_str_digits(0)
    return [len(str(7 ** (1_000_000 + item))) for item in range(1000)]
