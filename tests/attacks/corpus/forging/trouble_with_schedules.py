"""Tells the judge, by the callback that schedules are told by, of trouble of its own, so that a race costs nothing.

exercise: safe_counter
verdict: error
earns: test_counts_up_and_down test_counters_are_independent
"""

import threading

from grader.player.callbacks import Callback


class Counter:
    def __init__(self):
        self._value = 0

    def increment(self, n=1):
        self._value += n
        if threading.current_thread() is not threading.main_thread() and threading.active_count() > 1:
            Callback("outcome")({"ended": "internal", "what": "trouble"})

    def decrement(self, n=1):
        self.increment(-n)

    @property
    def value(self):
        return self._value
