"""`|=` changes a mapping before anything is stored.

exercise: safe_counter
verdict: race error
earns: test_counts_up_and_down test_counters_are_independent
"""


class Counter:
    def __init__(self):
        self._all = {"value": 0}

    def increment(self, n=1):
        everything = self._all
        everything |= {"value": everything["value"] + n}

    def decrement(self, n=1):
        self.increment(-n)

    @property
    def value(self):
        return self._all["value"]
