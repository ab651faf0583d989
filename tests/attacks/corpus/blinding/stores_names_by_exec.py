"""What `exec` runs has names, and neither attributes nor global variables.

exercise: safe_counter
verdict: race error
earns: test_counts_up_and_down test_counters_are_independent
"""


class Counter:
    def __init__(self):
        self._space = {"value": 0}

    def increment(self, n=1):
        exec(f"value = value + {n}", self._space)

    def decrement(self, n=1):
        self.increment(-n)

    @property
    def value(self):
        return self._space["value"]
