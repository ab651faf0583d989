"""Does a great many harmless things before it reads and stores, so that few schedules come in just there.

exercise: safe_counter
verdict: race error
earns: test_counts_up_and_down test_counters_are_independent
"""


class Counter:
    def __init__(self):
        self._value = self.noise = 0

    def increment(self, n=1):
        for place in range(300):
            self.noise = place
        self._value += n

    def decrement(self, n=1):
        self.increment(-n)

    @property
    def value(self):
        return self._value
