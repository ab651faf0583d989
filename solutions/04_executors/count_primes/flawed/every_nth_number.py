"""Deals the numbers in turn: with two workers one of them gets the even numbers, which cost nothing.

caught_by: test_work_is_balanced
verdict: fail
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor


def is_prime(n: int) -> bool:
    """Whether `n` is a prime number, by trying every smaller divisor."""
    return n >= 2 and all(n % divisor for divisor in range(2, n))


def count_in(numbers: range) -> int:
    """How many of `numbers` are prime."""
    return sum(is_prime(n) for n in numbers)


def count_primes(limit: int, workers: int) -> int:
    """How many primes are below `limit`, counted by at most `workers` processes."""
    if workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    ranges = [range(first, limit, workers) for first in range(workers)]
    with ProcessPoolExecutor(max_workers=workers) as pool:
        return sum(pool.map(count_in, ranges))
