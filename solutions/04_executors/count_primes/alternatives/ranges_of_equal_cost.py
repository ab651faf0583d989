"""One range for each worker, with bounds chosen so that all cost the same."""

from __future__ import annotations

import math
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise


def is_prime(n: int) -> bool:
    """Whether `n` is a prime number, by trying every smaller divisor."""
    return n >= 2 and all(n % divisor for divisor in range(2, n))


def count_between(start: int, stop: int) -> int:
    """How many primes are in range(start, stop)."""
    return sum(map(is_prime, range(start, stop)))


def bounds_of_equal_cost(limit: int, parts: int) -> list[int]:
    """Testing all numbers below x costs about x * x, so each part of that area ends at a square root."""
    return [round(limit * math.sqrt(part / parts)) for part in range(parts + 1)]


def count_primes(limit: int, workers: int) -> int:
    """How many primes are below `limit`, counted by at most `workers` processes."""
    if workers < 1:
        raise ValueError("workers must be 1 or more")
    if limit <= 2:
        return 0
    with ProcessPoolExecutor(max_workers=workers) as pool:
        futures = [
            pool.submit(count_between, start, stop) for start, stop in pairwise(bounds_of_equal_cost(limit, workers))
        ]
        return sum(future.result() for future in futures)
