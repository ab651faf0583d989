"""An audit hook of its own, installed while the file is loaded, raises where the harness begins to watch.

exercise: safe_counter
verdict: error
"""

import sys

if not hasattr(sys, "hooked"):
    sys.hooked = True

    def refuse(event, arguments):
        if event in ("sys.settrace", "sys.monitoring.register_callback"):
            raise RuntimeError(event)

    sys.addaudithook(refuse)


class Counter:
    def __init__(self):
        self._value = 0

    def increment(self, n=1):
        self._value += n

    def decrement(self, n=1):
        self.increment(-n)

    @property
    def value(self):
        return self._value
