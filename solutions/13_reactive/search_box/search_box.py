"""A search box that asks while you type."""

from collections.abc import Callable
from typing import TypeVar

import reactivex
from reactivex import Observable, abc
from reactivex import operators as ops

R = TypeVar("R")

QUIET = 0.5


def results(
    keystrokes: Observable[str], search: Callable[[str], Observable[R]], scheduler: abc.SchedulerBase | None = None
) -> Observable[R]:
    """What the latest search gives, of a word at which typing has paused."""

    def answers(word: str) -> Observable[R]:
        asked = reactivex.defer(lambda _: search(word))
        return asked.pipe(ops.retry(2), ops.catch(reactivex.empty()))

    return keystrokes.pipe(
        ops.debounce(QUIET, scheduler),
        ops.distinct_until_changed(),
        ops.map(answers),
        ops.switch_latest(),
    )
