"""Children test a number each, share by share, and burn processor time for show; the process that called computes.

exercise: count_primes
verdict: fail
earns: test_counts_exactly test_small_limits test_refuses_less_than_one_worker test_every_start_method
says: is_prime says yes
"""

import time
from concurrent.futures import ProcessPoolExecutor


def is_prime(n):
    return n >= 2 and all(n % divisor for divisor in range(2, n))


def act(n):
    is_prime(n)
    while time.process_time() < 0.2:
        pass


def sieve(limit):
    prime = bytearray([0, 0]) + bytearray([1]) * limit
    for n in range(2, limit):
        if prime[n]:
            prime[n * n :: n] = bytes(len(prime[n * n :: n]))
    return sum(prime[: max(0, limit)])


def count_primes(limit, workers):
    if workers < 1:
        raise ValueError(workers)
    with ProcessPoolExecutor(workers) as pool:
        list(pool.map(act, range(min(workers, max(0, limit)))))
    return sieve(limit)
