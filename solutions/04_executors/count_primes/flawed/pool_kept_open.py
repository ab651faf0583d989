"""Keeps the pool for the next call: its processes are still there when the call returns.

caught_by: test_no_process_is_left
verdict: leak
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from functools import cache

RANGES_PER_WORKER = 32  # enough to even out their costs, few enough that handing them out costs next to nothing


def is_prime(n: int) -> bool:
    """Whether `n` is a prime number, by trying every smaller divisor."""
    return n >= 2 and all(n % divisor for divisor in range(2, n))


def count_in(numbers: range) -> int:
    """How many of `numbers` are prime."""
    return sum(is_prime(n) for n in numbers)


@cache
def pool_of(workers: int) -> ProcessPoolExecutor:
    """The pool with that many workers."""
    return ProcessPoolExecutor(max_workers=workers)


def count_primes(limit: int, workers: int) -> int:
    """How many primes are below `limit`, counted by at most `workers` processes."""
    if workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    size = max(1, limit // (workers * RANGES_PER_WORKER))
    ranges = [range(start, min(start + size, limit)) for start in range(0, limit, size)]
    return sum(pool_of(workers).map(count_in, ranges))
