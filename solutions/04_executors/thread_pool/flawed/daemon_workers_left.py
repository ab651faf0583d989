"""Waits until the calls have ended, and leaves the workers waiting as daemons.

caught_by: test_no_thread_is_left
verdict: leak
"""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any


class CancelledError(Exception):
    """The call was cancelled before it began."""


class Future:
    """A call and its outcome."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self._call = call
        self._lock = threading.Lock()
        self._owner = ""
        self._is_done = threading.Event()
        self._callbacks: list[Callable[[Future], object]] | None = []
        self._outcome: tuple[Any, BaseException | None] = (None, None)

    def result(self, timeout: float | None = None) -> Any:
        value, error = self._wait(timeout)
        if error is not None:
            raise error
        return value

    def exception(self, timeout: float | None = None) -> BaseException | None:
        return self._wait(timeout)[1]

    def done(self) -> bool:
        return self._is_done.is_set()

    def cancel(self) -> bool:
        if self._claim("canceller"):
            self._settle(None, None)
        return self._owner == "canceller"

    def add_done_callback(self, callback: Callable[[Future], object]) -> None:
        with self._lock:
            if self._callbacks is not None:
                self._callbacks.append(callback)
                return
        self._tell(callback)

    def run(self) -> None:
        if not self._claim("worker"):
            return
        value, error = None, None
        try:
            value = self._call()
        except BaseException as raised:
            error = raised
        self._settle(value, error)

    def _claim(self, owner: str) -> bool:
        """Whether it has no owner yet."""
        with self._lock:
            is_free = not self._owner
            self._owner = self._owner or owner
        return is_free

    def _wait(self, timeout: float | None) -> tuple[Any, BaseException | None]:
        if not self._is_done.wait(timeout):
            raise TimeoutError(f"not done after {timeout} s")
        if self._owner == "canceller":
            raise CancelledError
        return self._outcome

    def _settle(self, value: Any, error: BaseException | None) -> None:
        self._outcome = value, error
        with self._lock:
            self._is_done.set()
            callbacks, self._callbacks = self._callbacks, None
        for callback in callbacks or []:
            self._tell(callback)

    def _tell(self, callback: Callable[[Future], object]) -> None:
        try:
            callback(self)
        except Exception as error:
            print(f"ignored in a callback: {error!r}", file=sys.stderr)


class ThreadPool:
    def __init__(self, max_workers: int) -> None:
        if max_workers <= 0:
            raise ValueError("max_workers must be positive")
        self._waiting: deque[Future] = deque()
        self._closed = False
        self._unfinished = 0
        self._changed = threading.Condition()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(max_workers)]
        for thread in self._threads:
            thread.start()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future:
        future = Future(lambda: fn(*args, **kwargs))
        with self._changed:
            if self._closed:
                raise RuntimeError("closed")
            self._waiting.append(future)
            self._unfinished += 1
            self._changed.notify_all()
        return future

    def map(self, fn: Callable[..., Any], *iterables: Iterable[Any]) -> Iterator[Any]:
        futures = [self.submit(fn, *args) for args in zip(*iterables, strict=False)]
        return map(Future.result, futures)

    def shutdown(self, wait: bool = True, cancel_futures: bool = False) -> None:
        with self._changed:
            self._closed = True
            dropped = list(self._waiting) if cancel_futures else []
            self._changed.notify_all()
        for future in dropped:
            future.cancel()
        if wait:
            with self._changed:
                self._changed.wait_for(lambda: not self._unfinished)

    def __enter__(self) -> ThreadPool:
        return self

    def __exit__(self, *error: object) -> None:
        self.shutdown()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._waiting:
                    self._changed.wait()
                future = self._waiting.popleft()
            future.run()
            with self._changed:
                self._unfinished -= 1
                self._changed.notify_all()
