"""A thread pool of your own. The rules are in README.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Any


class CancelledError(Exception):
    """The call was cancelled before it began."""


class Future:
    """What will come of a call. `ThreadPool.submit` makes it; nobody else needs to."""

    def result(self, timeout: float | None = None) -> Any:
        """Wait for the end of the call; return what it returned, or raise what it raised.

        Raises:
            TimeoutError: if it has not ended after `timeout` seconds.
            CancelledError: if it was cancelled.
        """
        raise NotImplementedError

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """Wait like `result`; return the exception that the call raised, or None."""
        raise NotImplementedError

    def done(self) -> bool:
        """Whether the call has ended or was cancelled."""
        raise NotImplementedError

    def cancel(self) -> bool:
        """Whether the call will never run: only one that has not begun can be cancelled."""
        raise NotImplementedError

    def add_done_callback(self, callback: Callable[[Future], object]) -> None:
        """Have `callback(self)` called once this is done; at once, if it is done already."""
        raise NotImplementedError


class ThreadPool:
    """Runs calls in at most `max_workers` threads. As a context manager it shuts down at the end of the block."""

    def __init__(self, max_workers: int) -> None:
        """Raises ValueError if `max_workers` is less than 1."""
        raise NotImplementedError

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future:
        """Have `fn(*args, **kwargs)` run by a worker. Raises RuntimeError after `shutdown`."""
        raise NotImplementedError

    def map(self, fn: Callable[..., Any], *iterables: Iterable[Any]) -> Iterator[Any]:
        """Submit `fn` for all arguments, paired as by the built-in `map`; return an iterator over the results."""
        raise NotImplementedError

    def shutdown(self, wait: bool = True, cancel_futures: bool = False) -> None:
        """Take no more calls. Optionally cancel those that have not begun, and wait until all threads have ended."""
        raise NotImplementedError

    def __enter__(self) -> ThreadPool:
        raise NotImplementedError

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        raise NotImplementedError
