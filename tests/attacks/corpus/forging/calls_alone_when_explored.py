"""Uses the executor, but where schedules are explored: there it makes one call after another.

exercise: first_success
verdict: deadlock
earns: test_the_first_success_is_returned test_all_failing test_arguments test_the_executor_is_the_callers test_all_are_submitted_at_once test_slow_calls_are_not_waited_for test_pending_calls_do_not_begin test_waiting_sleeps
"""

import _thread
import threading
from concurrent.futures import as_completed


def is_explored():
    """Whether threads take turns as the judge says: their locks are others then."""
    return type(threading.Lock()) is not _thread.LockType


def first_success(calls, executor):
    calls = list(calls)
    if not calls:
        raise ValueError("no calls")
    if not is_explored():
        return in_executor(calls, executor)
    errors = []
    for call in calls:
        try:
            return call()
        except Exception as error:
            errors.append(error)
    raise ExceptionGroup("all calls failed", errors)


def in_executor(calls, executor):
    futures = [executor.submit(call) for call in calls]
    try:
        for future in as_completed(futures):
            if future.exception() is None:
                return future.result()
    finally:
        for future in futures:
            future.cancel()
    raise ExceptionGroup("all calls failed", [future.exception() for future in futures])
