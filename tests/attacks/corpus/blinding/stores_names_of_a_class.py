"""The body of a class reads and stores in a mapping that the counter has handed to it.

exercise: safe_counter
verdict: race error
earns: test_counts_up_and_down test_counters_are_independent
"""


class Body(type):
    @classmethod
    def __prepare__(cls, name, bases, space):
        return space

    def __new__(cls, name, bases, names, space):
        return None


class Counter:
    def __init__(self):
        self._space = {"value": 0}

    def increment(self, n=1):
        more = n

        class Adding(metaclass=Body, space=self._space):
            value = value + more  # noqa: F821 - of the space

    def decrement(self, n=1):
        self.increment(-n)

    @property
    def value(self):
        return self._space["value"]
