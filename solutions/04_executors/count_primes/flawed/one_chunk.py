"""Hands all numbers to one process: the others have nothing to do.

caught_by: test_all_workers_at_once
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
    with ProcessPoolExecutor(max_workers=workers) as pool:
        return pool.submit(count_in, range(limit)).result()
