"""Lets the standard library read and store: `Counter.update` is Python, but nobody's own file.

exercise: safe_counter
verdict: race
earns: test_counts_up_and_down test_counters_are_independent
"""

from collections import Counter as Tally


class Counter:
    def __init__(self):
        self._tally = Tally(value=0)

    def increment(self, n=1):
        self._tally.update(value=n)

    def decrement(self, n=1):
        self.increment(-n)

    @property
    def value(self):
        return self._tally["value"]
