"""Count the primes below a limit with a pool of processes. The rules are in README.md."""

from __future__ import annotations


def is_prime(n: int) -> bool:
    """Whether `n` is a prime number, by trying every smaller divisor. Given: keep it as it is, and use it."""
    return n >= 2 and all(n % divisor for divisor in range(2, n))


def count_primes(limit: int, workers: int) -> int:
    """How many primes are below `limit`, counted by at most `workers` processes of a ProcessPoolExecutor.

    Every number is tested by calling `is_prime`. No process is left when the call returns.

    Raises:
        ValueError: if `workers` is less than 1.
    """
    raise NotImplementedError
