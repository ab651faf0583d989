"""An honest counter that changes a named tuple as a whole while a semaphore keeps others out.

exercise: safe_counter
verdict: pass
earns: test_counts_up_and_down test_counters_are_independent test_no_increment_is_lost test_no_update_is_lost_in_either_direction test_value_at_any_time
"""

import threading
from typing import NamedTuple


class State(NamedTuple):
    value: int = 0
    changes: int = 0


class Counter:
    __slots__ = ("_alone", "_state")

    def __init__(self):
        self._alone, self._state = threading.BoundedSemaphore(), State()

    def _add(self, n):
        with self._alone:
            self._state = self._state._replace(value=self._state.value + n, changes=self._state.changes + 1)

    def increment(self, n=1):
        self._add(n)

    def decrement(self, n=1):
        self._add(-n)

    value = property(lambda self: self._state.value)
