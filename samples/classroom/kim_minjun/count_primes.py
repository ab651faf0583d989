from concurrent.futures import ProcessPoolExecutor


def is_prime(n: int) -> bool:
    """Whether `n` is a prime number, by trying every smaller divisor. Given: keep it as it is, and use it."""
    return n >= 2 and all(n % divisor for divisor in range(2, n))


def count_primes(limit, workers):
    if workers < 1:
        raise ValueError("workers < 1")
    # 50 chunks a worker: the last ones to finish differ by a chunk at most, 2 % of the work
    chunk = max(1, limit // (50 * workers))
    with ProcessPoolExecutor(workers) as ex:
        return sum(ex.map(is_prime, range(limit), chunksize=chunk))
