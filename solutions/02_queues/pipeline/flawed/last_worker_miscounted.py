"""Counts the workers still at work without a lock.

caught_by: test_any_order_of_turns
verdict: deadlock
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterable, Iterator
from threading import Event, Semaphore, Thread
from typing import Any

Stage = Callable[[Any], Any]


class End:
    """What comes behind the last item, once for each worker."""


class StageThreads:
    """The workers of one stage. The last of them to end tells the next stage that nothing will follow."""

    def __init__(self, stage: Stage, inlet: Any, outlet: Any, *, workers: int, heirs: int, closed: Event) -> None:
        self.stage, self.inlet, self.outlet = stage, inlet, outlet
        self.at_work, self.heirs, self.closed = workers, heirs, closed
        self.threads = [Thread(target=self.run) for _ in range(workers)]

    def run(self) -> None:
        while (packet := self.inlet.get()) is not End:
            if not self.closed.is_set():
                self.outlet.put(self.process(*packet))
        at_work = self.at_work - 1
        self.at_work = at_work
        if at_work == 0:
            for _ in range(self.heirs):
                self.outlet.put(End)

    def process(self, number: int, item: Any, error: BaseException | None) -> tuple[int, Any, BaseException | None]:
        if error is not None:
            return number, None, error
        try:
            return number, self.stage(item), None
        except BaseException as raised:
            return number, None, raised


def run_pipeline(
    source: Iterable[Any],
    stages: Iterable[Stage],
    workers: int = 1,
    buffer: int = 8,
) -> Iterator[Any]:
    """Send every item of `source` through all `stages`; return an iterator over the results, in input order."""
    if min(workers, buffer) < 1:
        raise ValueError("workers and buffer must be at least 1")
    return _generate(source, list(stages), workers, buffer)


def _generate(source: Iterable[Any], stages: list[Stage], workers: int, buffer: int) -> Iterator[Any]:
    tickets = Semaphore(len(stages) * (buffer + workers) + buffer)
    closed = Event()
    lines: list[Any] = [queue.SimpleQueue() for _ in range(len(stages) + 1)]
    heirs = [*[workers] * len(stages), 1]

    def feed() -> None:
        number = 0
        try:
            for item in source:
                tickets.acquire()
                if closed.is_set():
                    break
                lines[0].put((number, item, None))
                number += 1
        except BaseException as error:
            lines[0].put((number, None, error))
        for _ in range(heirs[0]):
            lines[0].put(End)

    groups = [
        StageThreads(stage, lines[n], lines[n + 1], workers=workers, heirs=heirs[n + 1], closed=closed)
        for n, stage in enumerate(stages)
    ]
    threads = [Thread(target=feed), *(thread for group in groups for thread in group.threads)]
    for thread in threads:
        thread.start()
    early: dict[int, tuple[Any, BaseException | None]] = {}
    turn = 0
    try:
        while True:
            while turn not in early:
                packet = lines[-1].get()
                if packet is End:
                    return
                number, *early[number] = packet
            result, error = early.pop(turn)
            if error is not None:
                raise error
            tickets.release()
            turn += 1
            yield result
    finally:
        closed.set()
        tickets.release()
        for thread in threads:
            thread.join()
