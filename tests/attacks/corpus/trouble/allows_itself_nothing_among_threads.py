"""Takes threads, memory and files away from its process as soon as there is another thread.

exercise: safe_counter
verdict: error race crash memory
earns: test_counts_up_and_down test_counters_are_independent
"""

import resource
import threading

LIMITS = ("NPROC", "FSIZE", "STACK", "DATA", "AS", "NOFILE")


class Counter:
    def __init__(self):
        self._value = 0

    def increment(self, n=1):
        if threading.active_count() > 2:
            for name in LIMITS:
                try:
                    resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (0, 0))
                except (OSError, ValueError):
                    pass
        self._value += n

    def decrement(self, n=1):
        self.increment(-n)

    @property
    def value(self):
        return self._value
