"""Waits for ever for the outcome of no calls at all.

caught_by: test_arguments
verdict: deadlock
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")


class Race:
    """Decided by the first future that succeeds, or by the last one that fails."""

    def __init__(self, runners: list[Future[Any]]) -> None:
        self.answer: Future[Any] = Future()
        self.runners = runners
        self.running = len(runners)
        self.lock = Lock()
        for runner in runners:
            runner.add_done_callback(self.arrived)

    def arrived(self, runner: Future[Any]) -> None:
        if runner.cancelled():
            return
        with self.lock:
            self.running -= 1
            decided = self.answer.done()
            if not decided and not runner.exception():
                self.answer.set_result(runner.result())
            elif not decided and not self.running:
                errors = [runner.exception() for runner in self.runners]
                self.answer.set_exception(ExceptionGroup("nobody arrived", errors))
        if self.answer.done() and not decided:
            for other in self.runners:  # without the lock: cancel calls `arrived`
                other.cancel()


def first_success(calls: Iterable[Callable[[], T]], executor: Executor) -> T:
    """Run all calls in `executor` at the same time and return the first result that is there."""
    runners = [executor.submit(call) for call in calls]
    return Race(runners).answer.result()
