"""Adds while it holds the lock of a module that there is not, in code that is in no file.

exercise: safe_counter
verdict: race error
earns: test_counts_up_and_down test_counters_are_independent
"""

import _frozen_importlib
import threading

_space = {}
exec("def add(it, n):\n    it._value += n", _space)


class Counter:
    def __init__(self):
        self._value = 0

    def increment(self, n=1):
        with _frozen_importlib._ModuleLockManager(f"nothing_{threading.get_ident()}"):
            _space["add"](self, n)

    def decrement(self, n=1):
        self.increment(-n)

    @property
    def value(self):
        return self._value
