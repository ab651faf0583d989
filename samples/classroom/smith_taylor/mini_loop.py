"""An event loop for `async def` code. The rules are in README.md."""

import time as clock
import traceback
from collections.abc import Callable, Coroutine, Generator
from typing import Any


class CancelledError(BaseException):
    """Raised where a cancelled task or future is awaited."""


class InvalidStateError(Exception):
    """A future is done, where it must not be, or the other way round."""


class Future:
    """A result that may not be there yet."""

    def __init__(self, loop: "Loop") -> None:
        raise NotImplementedError

    def done(self) -> bool:
        """Whether there is a result or an exception, or it was cancelled."""
        raise NotImplementedError

    def cancelled(self) -> bool:
        raise NotImplementedError

    def result(self) -> Any:
        """Return the result or raise the exception.

        Raises:
            CancelledError: it was cancelled
            InvalidStateError: it is not done
        """
        raise NotImplementedError

    def exception(self) -> BaseException | None:
        """Return the exception, or None if there is a result. Raises as `result` does, otherwise."""
        raise NotImplementedError

    def set_result(self, result: Any) -> None:
        """Raises InvalidStateError if it is done."""
        raise NotImplementedError

    def set_exception(self, error: BaseException) -> None:
        """Raises InvalidStateError if it is done, TypeError for a StopIteration."""
        raise NotImplementedError

    def cancel(self) -> bool:
        """Cancel it unless it is done. Return whether it was cancelled now."""
        raise NotImplementedError

    def add_done_callback(self, callback: Callable[["Future"], object]) -> None:
        """Have `callback(self)` called by `call_soon` when this is done, or now if it is."""
        raise NotImplementedError

    def __await__(self) -> Generator[Any, None, Any]:
        """Wait until it is done; then as `result`."""
        raise NotImplementedError


class Loop:
    """Calls callbacks in turns, and so runs tasks."""

    def __init__(
        self,
        time: Callable[[], float] = clock.monotonic,
        wait: Callable[[float], object] = clock.sleep,
        report: Callable[[BaseException], object] = traceback.print_exception,
    ) -> None:
        raise NotImplementedError

    def call_soon(self, callback: Callable[..., object], *args: Any) -> Any:
        """Have it called in the next turn. Return a handle with `cancel()`."""
        raise NotImplementedError

    def call_later(self, seconds: float, callback: Callable[..., object], *args: Any) -> Any:
        """Have it called in so many seconds. Return a handle with `cancel()`."""
        raise NotImplementedError

    def create_task(self, coroutine: Coroutine[Any, Any, Any]) -> Future:
        """Return a task, which begins in the next turn. Raises TypeError for what is not a coroutine."""
        raise NotImplementedError

    def run_until_complete(self, what: Coroutine[Any, Any, Any] | Future) -> Any:
        """Run turn after turn until it is done. Return its result or raise its exception.

        Raises:
            RuntimeError: it can never be done, or the loop is running already
            TypeError: it is neither a coroutine nor a future
        """
        raise NotImplementedError


async def sleep(seconds: float) -> None:
    """Let so much time pass on the loop that is running; 0 or less: one turn."""
    raise NotImplementedError
