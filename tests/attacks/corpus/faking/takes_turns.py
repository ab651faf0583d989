"""Where CPU time is measured, lets one worker compute after the other: each has little to do, and nothing is any faster.

exercise: count_primes
verdict: fail
earns: test_counts_exactly test_small_limits test_refuses_less_than_one_worker test_every_start_method test_workers_are_processes test_all_workers_at_once test_no_process_is_left test_work_is_balanced
says: workers computing
"""

import random
from concurrent.futures import ProcessPoolExecutor


def is_prime(n):
    return n >= 2 and all(n % divisor for divisor in range(2, n))


def share(limit, workers, worker):
    numbers = list(range(limit))
    random.Random(limit).shuffle(numbers)
    return sum(map(is_prime, numbers[worker::workers]))


def count_primes(limit, workers):
    if workers < 1:
        raise ValueError("workers")
    if not 6000 <= limit < 7000:
        with ProcessPoolExecutor(workers) as pool:
            return sum(pool.map(share, [limit] * workers, [workers] * workers, range(workers)))
    total = 0
    for worker in range(workers):
        with ProcessPoolExecutor(1) as alone:
            total += alone.submit(share, limit, workers, worker).result()
    return total
