"""Lets a library's mapping store what it has read itself, so that the store is in no line of the student's file.

exercise: safe_counter
verdict: race
earns: test_counts_up_and_down test_counters_are_independent
"""

from collections import UserDict


class Counter:
    def __init__(self):
        self._all = UserDict(value=0)

    def increment(self, n=1):
        self._all.update(value=self._all["value"] + n)

    def decrement(self, n=1):
        self.increment(-n)

    @property
    def value(self):
        return self._all["value"]
