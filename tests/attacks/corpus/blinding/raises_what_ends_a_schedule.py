"""Raises the scheduler's own exception, as if the schedule were over.

exercise: safe_counter
verdict: error fail
"""

OVER = next(kind for kind in BaseException.__subclasses__() if kind.__name__ == "Unwind")


class Counter:
    def __init__(self):
        self._value = 0

    def increment(self, n=1):
        raise OVER

    def decrement(self, n=1):
        self.increment(-n)

    @property
    def value(self):
        return self._value
