"""An honest counter of a metaclass, whose methods are wrapped, and whose lock is behind a context manager of its own.

exercise: safe_counter
verdict: pass
earns: test_counts_up_and_down test_counters_are_independent test_no_increment_is_lost test_no_update_is_lost_in_either_direction test_value_at_any_time
"""

import contextlib
import functools
import inspect
import threading


def locked(method):
    signature = inspect.signature(method)

    @functools.wraps(method)
    def wrapped(self, *arguments, **more):
        bound = signature.bind(self, *arguments, **more)
        bound.apply_defaults()
        with self._alone():
            return method(*bound.args, **bound.kwargs)

    return wrapped


class WithLock(type):
    def __call__(cls, *arguments, **more):
        made = super().__call__(*arguments, **more)
        made._lock = threading.RLock()
        return made


class Counter(metaclass=WithLock):
    def __init__(self):
        self._value = 0

    @contextlib.contextmanager
    def _alone(self):
        self._lock.acquire()
        try:
            yield
        finally:
            self._lock.release()

    @locked
    def increment(self, n=1):
        self._value += n

    @locked
    def decrement(self, n=1):
        self._value -= n

    @property
    @locked
    def value(self):
        return self._value
