"""An executor for each stage; queues of futures keep the order, and each future awaits the one before it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import ExitStack
from queue import Queue
from threading import Event
from typing import Any

Stage = Callable[[Any], Any]
Line = Queue[Future[Any] | None]  # None is the end


def run_pipeline(
    source: Iterable[Any],
    stages: Iterable[Stage],
    workers: int = 1,
    buffer: int = 8,
) -> Iterator[Any]:
    """Send every item of `source` through all `stages`; return an iterator over the results, in input order."""
    if not (workers > 0 and buffer > 0):
        raise ValueError("workers and buffer must be at least 1")
    return _results(source, list(stages), workers, buffer)


def _results(source: Iterable[Any], stages: list[Stage], workers: int, buffer: int) -> Iterator[Any]:
    closed = Event()

    def feed(line: Line) -> None:
        try:
            for item in source:
                line.put(_done(item))
                if closed.is_set():
                    break
        except BaseException as error:
            line.put(_failed(error))
        line.put(None)

    def forward(stage: Stage, pool: ThreadPoolExecutor, inlet: Line, outlet: Line) -> None:
        while (before := inlet.get()) is not None:
            outlet.put(pool.submit(call, stage, before))
        outlet.put(None)

    def call(stage: Stage, before: Future[Any]) -> Any:
        item = before.result()
        if closed.is_set():
            raise CancelledError
        return stage(item)

    # A line holds what a stage works at, too: it must be long enough for all its workers.
    lines: list[Line] = [Queue(buffer), *(Queue(max(buffer, workers)) for _ in stages)]
    with ExitStack() as resources:
        movers = resources.enter_context(ThreadPoolExecutor(len(stages) + 1))
        pools = [resources.enter_context(ThreadPoolExecutor(workers)) for _ in stages]
        movers.submit(feed, lines[0])
        for stage, pool, inlet, outlet in zip(stages, pools, lines, lines[1:], strict=False):
            movers.submit(forward, stage, pool, inlet, outlet)
        future: Future[Any] | None = None
        try:
            while (future := lines[-1].get()) is not None:
                yield future.result()
        finally:
            closed.set()
            last = None if future is None else lines[-1].get()
            while last is not None:  # so that whoever waits in a put can go on, and find that it is over
                last = lines[-1].get()


def _done(item: Any) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_result(item)
    return future


def _failed(error: BaseException) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_exception(error)
    return future
