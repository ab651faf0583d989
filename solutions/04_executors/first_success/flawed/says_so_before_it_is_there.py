"""Tells that the race is over before the value has been put down.

caught_by: test_any_order_of_turns
verdict: race
"""

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
    values: list[Any] = []

    def run(place: int, call: Callable[[], T]) -> None:
        if over.is_set():
            return
        try:
            value = call()
            outcomes.put((place, None, None))
            values.append(value)
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
            return values[0] if values else None
        errors[place] = error
    raise ExceptionGroup("all calls raised", [errors[place] for place in range(number)])
