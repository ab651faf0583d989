"""A thread class that remembers what came of its function."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


class Runner(threading.Thread):
    """Runs one function; `outcome()` waits, then returns or raises what the function did."""

    def __init__(self, thunk: Callable[[], Any]) -> None:
        super().__init__()
        self.thunk = thunk
        self.result: Any = None
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.result = self.thunk()
        except BaseException as error:
            self.error = error

    def outcome(self) -> Any:
        self.join()
        if self.error is not None:
            raise self.error
        return self.result


def run_all(thunks: list[Callable[[], Any]]) -> list[Any]:
    """Call every function in a thread of its own; return their results, or raise the first exception, in list order."""
    runners = [Runner(thunk) for thunk in thunks]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    return [runner.outcome() for runner in runners]
