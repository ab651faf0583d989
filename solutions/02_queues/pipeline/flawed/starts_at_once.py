"""Starts its threads in the call, before anybody has asked for a result.

caught_by: test_lazy_and_bounded
verdict: fail
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from threading import Condition, Thread
from typing import Any

Stage = Callable[[Any], Any]


class Pipeline(Iterator[Any]):
    """Items wait in one heap for each stage, by number; `_done` holds what came out of the last stage."""

    def __init__(self, source: Iterable[Any], stages: list[Stage], workers: int, buffer: int) -> None:
        self._source = source
        self._stages = stages
        self._window = len(stages) * (buffer + workers) + buffer
        self._waiting: list[list[tuple[int, Any]]] = [[] for _ in stages]
        self._done: dict[int, tuple[Any, BaseException | None]] = {}
        self._given = 0
        self._length: int | None = None  # unknown until the source is exhausted
        self._over = False
        self._monitor = Condition()
        self._threads = [Thread(target=self._feed)]
        self._threads += [Thread(target=self._work, args=(n,)) for n in range(len(stages)) for _ in range(workers)]
        self._started = True
        for thread in self._threads:
            thread.start()

    def __next__(self) -> Any:
        if self._over:
            raise StopIteration
        if not self._started:
            self._started = True
            for thread in self._threads:
                thread.start()
        with self._monitor:
            self._monitor.wait_for(lambda: self._given in self._done or self._given == self._length)
            exhausted = self._given == self._length
            result, error = (None, None) if exhausted else self._done.pop(self._given)
            self._given += 1
            self._monitor.notify_all()
        if exhausted or error is not None:
            self.close()
            raise StopIteration if error is None else error
        return result

    def close(self) -> None:
        """Nothing new is begun from now on; wait for what is under way."""
        with self._monitor:
            self._over = True
            self._monitor.notify_all()
        if self._started:
            for thread in self._threads:
                thread.join()

    def _feed(self) -> None:
        number = 0
        try:
            for item in self._source:
                with self._monitor:
                    self._monitor.wait_for(partial(self._may_enter, number))
                    if self._over:
                        return
                self._arrive(0, number, item)
                number += 1
        except BaseException as error:
            self._finish(number, None, error)
            number += 1
        with self._monitor:
            self._length = number
            self._monitor.notify_all()

    def _work(self, stage: int) -> None:
        while True:
            with self._monitor:
                self._monitor.wait_for(lambda: self._over or self._waiting[stage] or self._nothing_follows())
                if self._over or not self._waiting[stage]:
                    return
                number, item = heapq.heappop(self._waiting[stage])
            try:
                result = self._stages[stage](item)
            except BaseException as error:
                self._finish(number, None, error)
            else:
                self._arrive(stage + 1, number, result)

    def _may_enter(self, number: int) -> bool:
        return self._over or number < self._given + self._window

    def _nothing_follows(self) -> bool:
        return self._length is not None and self._given >= self._length

    def _arrive(self, stage: int, number: int, item: Any) -> None:
        if stage == len(self._stages):
            self._finish(number, item, None)
            return
        with self._monitor:
            heapq.heappush(self._waiting[stage], (number, item))
            self._monitor.notify_all()

    def _finish(self, number: int, result: Any, error: BaseException | None) -> None:
        with self._monitor:
            self._done[number] = result, error
            self._monitor.notify_all()


def run_pipeline(
    source: Iterable[Any],
    stages: Iterable[Stage],
    workers: int = 1,
    buffer: int = 8,
) -> Iterator[Any]:
    """Send every item of `source` through all `stages`; return an iterator over the results, in input order."""
    if workers < 1 or buffer < 1:
        raise ValueError("workers and buffer must be at least 1")
    return Pipeline(source, list(stages), workers, buffer)
