"""Count the primes below a limit with a pool of processes. The rules are in README.md."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor


def is_prime(n: int) -> bool:
    """Whether `n` is a prime number, by trying every smaller divisor. Given: keep it as it is, and use it."""
    return n >= 2 and all(n % divisor for divisor in range(2, n))


def count_primes(limit: int, workers: int) -> int:
    """How many primes are below `limit`, counted by at most `workers` processes of a ProcessPoolExecutor."""
    if workers < 1:
        raise ValueError("workers")
    if limit <= 0:
        return 0
    step = limit // (workers * 25) + 1
    count = lambda start: sum(is_prime(n) for n in range(start, min(start + step, limit)))
    with ProcessPoolExecutor(workers) as executor:
        return sum(executor.map(count, range(0, limit, step)))
