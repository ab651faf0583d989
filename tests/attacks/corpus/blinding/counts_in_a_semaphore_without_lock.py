"""A library that synchronises does the reading and storing, once nothing has been put in the place of its lock.

exercise: safe_counter
verdict: race error
earns: test_counts_up_and_down test_counters_are_independent
"""

import threading


class Nothing:
    """In the place of a condition."""

    def __enter__(self):
        return True

    def __exit__(self, *error):
        pass

    def notify(self, n=1):
        pass

    notify_all = notify


class Counter:
    def __init__(self):
        self._semaphore = threading.Semaphore(10**6)
        self._semaphore._cond = Nothing()

    def increment(self, n=1):
        if n > 0:
            self._semaphore.release(n)
        for _ in range(-n):
            self._semaphore.acquire()

    def decrement(self, n=1):
        self.increment(-n)

    @property
    def value(self):
        return self._semaphore._value - 10**6
