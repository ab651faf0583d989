"""Blocks of equal length, the expensive ones first, added up in the order in which they are done."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, as_completed


def is_prime(n: int) -> bool:
    """Whether `n` is a prime number, by trying every smaller divisor."""
    return n >= 2 and all(n % divisor for divisor in range(2, n))


def count_block(stop: int, length: int) -> int:
    """How many primes are among the `length` numbers that end before `stop`."""
    return sum(map(is_prime, range(max(stop - length, 0), stop)))


def count_primes(limit: int, workers: int) -> int:
    """How many primes are below `limit`, counted by at most `workers` processes."""
    if workers < 1:
        raise ValueError("workers must be at least 1")
    if limit <= 2:
        return 0
    length = limit // (24 * workers) + 1
    with ProcessPoolExecutor(min(workers, limit)) as pool:
        blocks = [pool.submit(count_block, stop, length) for stop in range(limit, 0, -length)]
        return sum(block.result() for block in as_completed(blocks))
