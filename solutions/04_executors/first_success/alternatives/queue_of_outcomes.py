"""The calls report to a queue; those that begin too late only find that the race is over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from queue import SimpleQueue
from threading import Event
from typing import Any, TypeVar

T = TypeVar("T")


def first_success(calls: Iterable[Callable[[], T]], executor: Executor) -> T:
    """Run all calls in `executor` at the same time and return the first result that is there."""
    over = Event()
    outcomes: SimpleQueue[tuple[int, Any, Exception | None]] = SimpleQueue()

    def run(place: int, call: Callable[[], T]) -> None:
        if over.is_set():
            return
        try:
            outcomes.put((place, call(), None))
        except Exception as error:
            outcomes.put((place, None, error))

    number = 0
    for number, call in enumerate(calls, 1):
        executor.submit(run, number - 1, call)
    if number == 0:
        raise ValueError("no calls")
    errors: dict[int, Exception] = {}
    while len(errors) < number:
        place, value, error = outcomes.get()
        if error is None:
            over.set()
            return value
        errors[place] = error
    raise ExceptionGroup("all calls raised", [errors[place] for place in range(number)])
