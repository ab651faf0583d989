"""Deal the shuffled numbers like cards: every share is a fair sample of cheap and expensive ones."""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor


def is_prime(n: int) -> bool:
    """Whether `n` is a prime number, by trying every smaller divisor."""
    return n >= 2 and all(n % divisor for divisor in range(2, n))


def count_in(numbers: Sequence[int]) -> int:
    """How many of `numbers` are prime."""
    return sum(1 for n in numbers if is_prime(n))


def count_primes(limit: int, workers: int) -> int:
    """How many primes are below `limit`, counted by at most `workers` processes."""
    if workers < 1:
        raise ValueError("workers must be positive")
    numbers = list(range(limit))
    random.Random(0).shuffle(numbers)
    shares = [numbers[first::workers] for first in range(workers)]
    with ProcessPoolExecutor(max_workers=workers) as pool:
        return sum(pool.map(count_in, shares))
