"""One range for each worker, cut so that all ranges cost the same.

How expensive is it to test all numbers below x? A composite number is given up early, so the primes dominate: a
prime p costs p divisions, and about one number in ln x is prime. Together that grows like x**2 / ln x. The k workers
therefore stop where this function reaches 1/k, 2/k, ... of its value at the limit, which bisect finds for us.
"""

from bisect import bisect_left
from concurrent.futures import ProcessPoolExecutor
from math import log


def is_prime(n: int) -> bool:
    """Whether `n` is a prime number, by trying every smaller divisor. Given: keep it as it is, and use it."""
    return n >= 2 and all(n % divisor for divisor in range(2, n))


def cost_below(x):
    return x * x / log(x + 2)


def cuts(limit, pieces):
    share = cost_below(limit) / pieces
    return [bisect_left(range(limit), share * i, key=cost_below) for i in range(pieces)] + [limit]


def count_between(start, stop):
    return sum(map(is_prime, range(start, stop)))


def count_primes(limit, workers):
    if workers < 1:
        raise ValueError(f"{workers} workers cannot count anything")
    if limit <= 2:
        return 0
    bounds = cuts(limit, workers)
    with ProcessPoolExecutor(workers) as pool:
        return sum(pool.map(count_between, bounds[:-1], bounds[1:]))
