"""Waits in threads for a pipe that nobody writes to, which the scheduler cannot follow.

exercise: safe_counter
verdict: error
earns: test_counters_are_independent
"""

import os
import threading

_READING, _WRITING = os.pipe()


class Counter:
    def __init__(self):
        self._value = 0

    def increment(self, n=1):
        if threading.current_thread() is not threading.main_thread():
            os.read(_READING, 1)
        self._value += n

    def decrement(self, n=1):
        self.increment(-n)

    @property
    def value(self):
        return self._value
