"""Other operators: a timer for each word, `scan` for what was searched for last, and `catch` for trying again."""

from collections.abc import Callable
from typing import Any

import reactivex
from reactivex import Observable, abc
from reactivex import operators as ops

QUIET = 0.5


def results(
    keystrokes: Observable[str], search: Callable[[str], Observable[Any]], scheduler: abc.SchedulerBase | None = None
) -> Observable[Any]:
    """What the latest search gives, of a word at which typing has paused."""

    def ask(word: str) -> Observable[Any]:
        return reactivex.defer(lambda _: search(word))

    def ask_twice(word: str) -> Observable[Any]:
        return ask(word).pipe(
            ops.catch(lambda error, source: ask(word)),
            ops.catch(lambda error, source: reactivex.empty()),
        )

    def behind(before: tuple[str | None, bool], word: str) -> tuple[str | None, bool]:
        return word, word != before[0]

    seed: tuple[str | None, bool] = (None, False)
    return keystrokes.pipe(
        ops.throttle_with_mapper(lambda word: reactivex.timer(QUIET, scheduler=scheduler)),
        ops.scan(behind, seed),
        ops.filter(lambda pair: pair[1]),
        ops.flat_map_latest(lambda pair: ask_twice(pair[0])),
    )
