"""One child computes everything, and the others test a number each, so that as many as promised are seen to begin.

exercise: count_primes
verdict: fail
earns: test_counts_exactly test_small_limits test_refuses_less_than_one_worker test_every_start_method test_workers_are_processes test_no_process_is_left
says: by the busiest of them
"""

from concurrent.futures import ProcessPoolExecutor


def is_prime(n):
    return n >= 2 and all(n % divisor for divisor in range(2, n))


def count_in(numbers):
    return sum(map(is_prime, numbers))


def count_primes(limit, workers):
    if workers < 1:
        raise ValueError(workers)
    ones = min(workers - 1, max(0, limit))
    with ProcessPoolExecutor(workers) as pool:
        return sum(pool.map(count_in, [*(range(n, n + 1) for n in range(ones)), range(ones, max(ones, limit))]))
