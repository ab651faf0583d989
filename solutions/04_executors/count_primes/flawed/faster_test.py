"""Tests numbers with a faster test of its own, and leaves the given one unused.

caught_by: test_workers_are_processes
verdict: fail
"""

from __future__ import annotations

import math
from concurrent.futures import ProcessPoolExecutor

RANGES_PER_WORKER = 32  # enough to even out their costs, few enough that handing them out costs next to nothing


def is_prime(n: int) -> bool:
    """Whether `n` is a prime number, by trying every smaller divisor."""
    return n >= 2 and all(n % divisor for divisor in range(2, n))


def is_really_prime(n: int) -> bool:
    """Whether `n` is a prime number: no divisor above the square root needs to be tried."""
    return n >= 2 and all(n % divisor for divisor in range(2, math.isqrt(n) + 1))


def count_in(numbers: range) -> int:
    """How many of `numbers` are prime."""
    return sum(is_really_prime(n) for n in numbers)


def count_primes(limit: int, workers: int) -> int:
    """How many primes are below `limit`, counted by at most `workers` processes."""
    if workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    size = max(1, limit // (workers * RANGES_PER_WORKER))
    ranges = [range(start, min(start + size, limit)) for start in range(0, limit, size)]
    with ProcessPoolExecutor(max_workers=workers) as pool:
        return sum(pool.map(count_in, ranges))
