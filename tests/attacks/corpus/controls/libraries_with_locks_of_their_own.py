"""An honest counter that, before it takes its lock, asks libraries that have locks of their own, made when they were imported.

exercise: safe_counter
verdict: pass
earns: test_counts_up_and_down test_counters_are_independent test_no_increment_is_lost test_no_update_is_lost_in_either_direction test_value_at_any_time
"""

import datetime
import tempfile
import threading
import time


class Counter:
    def __init__(self):
        self._lock, self._value, self._changed = threading.Lock(), 0, None

    def increment(self, n=1):
        time.strptime("30 Nov 00", "%d %b %y")
        changed = datetime.datetime.strptime("2000", "%Y")
        with tempfile.TemporaryFile() as file:
            file.write(b"kept nowhere")
        with self._lock:
            self._value, self._changed = self._value + n, changed

    def decrement(self, n=1):
        self.increment(-n)

    @property
    def value(self):
        with self._lock:
            return self._value
