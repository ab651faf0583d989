"""Sends each number as a task of its own: the parent process is busy with sending and receiving.

caught_by: test_speedup
verdict: fail
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor


def is_prime(n: int) -> bool:
    """Whether `n` is a prime number, by trying every smaller divisor."""
    return n >= 2 and all(n % divisor for divisor in range(2, n))


def count_primes(limit: int, workers: int) -> int:
    """How many primes are below `limit`, counted by at most `workers` processes."""
    if workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    with ProcessPoolExecutor(max_workers=workers) as pool:
        return sum(pool.map(is_prime, range(limit)))
