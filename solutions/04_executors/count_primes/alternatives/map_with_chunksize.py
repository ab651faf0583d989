"""The pool's own chunks: map is_prime over all numbers, many numbers to a message."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor


def is_prime(n: int) -> bool:
    """Whether `n` is a prime number, by trying every smaller divisor."""
    return n >= 2 and all(n % divisor for divisor in range(2, n))


def count_primes(limit: int, workers: int) -> int:
    """How many primes are below `limit`, counted by at most `workers` processes."""
    if workers < 1:
        raise ValueError("at least one worker is needed")
    with ProcessPoolExecutor(workers) as pool:
        return sum(pool.map(is_prime, range(limit), chunksize=max(1, limit // (40 * workers))))
