from concurrent.futures import ThreadPoolExecutor
from typing import List


def is_prime(n: int) -> bool:
    """Whether `n` is a prime number, by trying every smaller divisor. Given: keep it as it is, and use it."""
    return n >= 2 and all(n % divisor for divisor in range(2, n))


def split(limit: int, pieces: int) -> List[range]:
    """Cut range(limit) into about this many pieces."""
    size = max(1, limit // pieces)
    return [range(start, min(start + size, limit)) for start in range(0, limit, size)]


def count_piece(piece: range) -> int:
    return sum(1 for n in piece if is_prime(n))


def count_primes(limit: int, workers: int) -> int:
    """Count the primes below limit (see README.md)."""
    with ThreadPoolExecutor(workers) as pool:
        return sum(pool.map(count_piece, split(limit, 30 * workers)))
