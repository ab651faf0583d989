"""Compiles what it does anew each time, in a file that is none.

exercise: safe_counter
verdict: race
earns: test_counts_up_and_down test_counters_are_independent
"""


class Counter:
    def __init__(self):
        self._value = 0

    def increment(self, n=1):
        exec("it._value += n", {"it": self, "n": n})

    def decrement(self, n=1):
        self.increment(-n)

    @property
    def value(self):
        return self._value
