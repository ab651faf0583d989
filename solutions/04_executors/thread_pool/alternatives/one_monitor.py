"""One condition for the pool and all its futures: simple to reason about, at the price of needless awakenings."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from threading import Condition, RLock, Thread
from typing import Any


class CancelledError(Exception):
    """The call was cancelled before it began."""


class Future:
    """A record that its pool keeps up to date, under the pool's condition."""

    def __init__(self, monitor: Condition, call: Callable[[], Any]) -> None:
        self.monitor, self.call = monitor, call
        self.begun = self.is_done = self.was_cancelled = False
        self.value: Any = None
        self.error: BaseException | None = None
        self.callbacks: list[Callable[[Future], object]] = []

    def result(self, timeout: float | None = None) -> Any:
        if (error := self.exception(timeout)) is not None:
            raise error
        return self.value

    def exception(self, timeout: float | None = None) -> BaseException | None:
        deadline = None if timeout is None else time.monotonic() + timeout
        with self.monitor:
            while not self.is_done:
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    raise TimeoutError
                self.monitor.wait(left)
            if self.was_cancelled:
                raise CancelledError
            return self.error

    def done(self) -> bool:
        with self.monitor:
            return self.is_done

    def cancel(self) -> bool:
        with self.monitor:
            if self.begun:
                return self.was_cancelled
            self.begun = self.was_cancelled = True
        self.end()
        return True

    def add_done_callback(self, callback: Callable[[Future], object]) -> None:
        with self.monitor:
            if not self.is_done:
                self.callbacks.append(callback)
                return
        self.call_back(callback)

    def end(self) -> None:
        with self.monitor:
            self.is_done = True
            self.monitor.notify_all()
        for callback in self.callbacks:
            self.call_back(callback)

    def call_back(self, callback: Callable[[Future], object]) -> None:
        try:
            callback(self)
        except Exception as error:
            print("a callback has failed:", repr(error))


class Worker(Thread):
    def __init__(self, pool: ThreadPool) -> None:
        super().__init__()
        self.pool = pool

    def run(self) -> None:
        while (future := self.pool.next_call()) is not None:
            try:
                future.value = future.call()
            except BaseException as error:
                future.error = error
            future.end()


class ThreadPool:
    def __init__(self, max_workers: int) -> None:
        if max_workers < 1:
            raise ValueError("at least one worker, please")
        self.monitor = Condition(RLock())
        self.max_workers = max_workers
        self.workers: list[Worker] = []
        self.waiting: list[Future] = []
        self.idle = 0
        self.closed = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future:
        with self.monitor:
            if self.closed:
                raise RuntimeError("cannot submit after shutdown")
            future = Future(self.monitor, lambda: fn(*args, **kwargs))
            self.waiting.append(future)
            self.monitor.notify_all()
            if self.idle < len(self.waiting) and len(self.workers) < self.max_workers:
                worker = Worker(self)
                self.workers.append(worker)
                worker.start()
            return future

    def next_call(self) -> Future | None:
        """Waits for a call that nobody has cancelled; None when the pool is closed and there is none left."""
        with self.monitor:
            while True:
                self.idle += 1
                self.monitor.wait_for(lambda: self.waiting or self.closed)
                self.idle -= 1
                if not self.waiting:
                    return None
                future = self.waiting.pop(0)
                if not future.begun:
                    future.begun = True
                    return future

    def map(self, fn: Callable[..., Any], *iterables: Iterable[Any]) -> Iterator[Any]:
        futures = [self.submit(fn, *arguments) for arguments in zip(*iterables, strict=False)]

        def results() -> Iterator[Any]:
            for future in futures:
                yield future.result()

        return results()

    def shutdown(self, wait: bool = True, cancel_futures: bool = False) -> None:
        with self.monitor:
            self.closed = True
            waiting = list(self.waiting)
            self.monitor.notify_all()
        if cancel_futures:
            for future in waiting:
                future.cancel()
        if wait:
            for worker in self.workers:
                worker.join()

    def __enter__(self) -> ThreadPool:
        return self

    def __exit__(self, *error: object) -> None:
        self.shutdown(wait=True)
